//! Crates that a notebook adds with `:dep`.
//!
//! The crates of one cell's `:dep` lines are built together by cargo, once into the cache, into
//! one shared library, which every later cell is linked to: their statics exist once. They are
//! told apart from the crates that the runtime brings by metadata of their own, so that both may
//! contain a crate of the same name.
//!
//! | part | module |
//! |---|---|
//! | reading a `:dep` line | [`spec`] |
//! | the package that cargo builds | [`package`](mod@package) |
//! | crates on this machine's disk | [`local`] |
//! | tokio, within which cells run | [`executor`] |
//! | crates as they are asked for | [`specs`] |
//! | cargo's errors in words | [`explain`] |

mod executor;
pub mod explain;
mod local;
mod package;
pub mod spec;
mod specs;

pub use package::{
    Bundle, DepError, Settings, get, has_executor, has_local, is_built_in, package, versions,
};
pub use specs::Specs;
