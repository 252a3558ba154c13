//! Woozle, a Jupyter kernel for Rust: the parts that the `woozle` binary is made of.

pub mod connection;
pub mod server;
pub mod wire;
