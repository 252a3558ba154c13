//! The source of a cell's crate.

pub mod krate;
