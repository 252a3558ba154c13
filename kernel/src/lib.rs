//! A Jupyter kernel for Rust, made for notebooks about concurrency.

pub mod cli;
pub mod jupyter;
pub mod notebook;
