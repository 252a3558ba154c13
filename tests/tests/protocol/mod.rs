//! Jupyter's messages, one file for each kind.

#[cfg(feature = "analyzer")]
mod analyzer;
mod assist;
mod bad_input;
mod comm;
mod debug;
mod execute;
mod history;
