//! Woozle, a Jupyter kernel for Rust: the parts that the `woozle` binary is made of.

pub mod cli;
pub mod connection;
pub mod jupyter;
pub mod notebook;
pub mod server;
pub mod wire;
