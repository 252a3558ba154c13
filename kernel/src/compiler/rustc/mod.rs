//! Running rustc, and reading what it gives.

pub mod invocation;
pub mod linker;
pub mod mir;
pub mod warm;

pub use invocation::*;
