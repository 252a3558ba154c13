//! The kernel of Woozle.

pub mod cache;
pub mod compiler;
pub mod host;
pub mod runtime;
pub mod toolchain;
