//! Woozle, a Jupyter kernel for Rust: the parts that the `woozle` binary is made of.

#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, reason = "tests start programs")
)]

pub mod analyzer;
mod backtrace;
pub mod build;
pub mod cli;
pub mod compiler;
pub mod debugger;
pub mod host;
pub mod jupyter;
pub mod notebook;
pub mod server;
pub mod session;
mod system;
pub mod wire;
