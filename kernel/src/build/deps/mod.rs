//! Crates that a notebook adds with `:dep`.
//!
//! All crates of a session are one [graph](graph::Graph), to which the lines of each cell add a [step](step::Step). Cargo
//! builds a step in the folder in which the runtime was built, with the runtime's dependencies beside the lines: what the
//! session has already is not built again, and is not there twice. rustc makes a library of what is new, which is linked to
//! the runtime and to those of the steps before, so that every crate and its statics exist once. `README.md` has more.
//!
//! | part | module |
//! |---|---|
//! | reading a `:dep` line | [`spec`] |
//! | crates as they are asked for | [`specs`] |
//! | the crates of a session | [`graph`], [`step`] |
//! | finding or building a step | [`add`] |
//! | the package that cargo builds | [`package`] |
//! | the library that rustc makes | [`bundle`], [`natives`] |
//! | crates on this machine's disk | [`local`] |
//! | settings of the notebook's folder | [`config`] |
//! | tokio, within which cells run | [`executor`] |
//! | cargo's errors in words | [`explain`] |

pub mod add;
mod bundle;
pub mod config;
mod executor;
pub mod explain;
pub mod graph;
mod local;
mod natives;
mod package;
pub mod spec;
mod specs;
pub mod step;

pub use specs::Specs;
