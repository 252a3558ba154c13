//! Woozle, a Jupyter kernel for Rust: the parts that the `woozle` binary is made of.

pub mod analyzer;
mod backtrace;
pub mod cache;
pub mod cargo;
pub mod cli;
pub mod compiler;
pub mod connection;
mod data;
pub mod deps;
mod files;
pub mod host;
pub mod jupyter;
mod lease;
mod limits;
pub mod notebook;
mod paths;
mod private;
pub mod runtime;
pub mod server;
pub mod session;
pub mod toolchain;
pub mod wire;
