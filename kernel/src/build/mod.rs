//! What cargo builds for a kernel, with the user's own rustc: the runtime, and crates that `:dep` adds. `README.md` says what
//! is in the cache.

pub mod cache;
pub mod cargo;
pub mod deps;
pub mod runtime;
pub(crate) mod session_folder;
pub(crate) mod sources;
pub mod toolchain;
