//! The analyzer: a process of its own that completes and explains code, with rust-analyzer inside.
//!
//! | part | module |
//! |---|---|
//! | which one is used | [`choice`] |
//! | its package: sources in this program, built once into the cache | [`package`] |
//! | where std's sources are, which it needs | [`rust_src`] |
//! | a running one | [`process`] |
//! | how it comes to run, and what becomes of it | [`link`] |
//! | what is said to it, and what it answers | [`protocol`] |
//!
//! When it is built and started is up to the session.

pub mod choice;
pub(crate) mod link;
pub mod package;
pub mod process;
#[path = "../../../analyzer/src/protocol.rs"]
pub mod protocol;
pub mod rust_src;
