//! Crates that a notebook adds with `:dep`.
//!
//! All crates of a session are one [graph](graph::Graph), to which the lines of each cell add a [step](step::Step). Cargo
//! builds a step in the folder in which the runtime was built, with the runtime's dependencies beside the lines: what the
//! session has already is not built again, and is not there twice. rustc makes a library of what is new, which is linked to
//! the runtime and to those of the steps before, so that every crate and its statics exist once. `README.md` has more.
//!
//! | part | module |
//! |---|---|
//! | what a notebook asks for | [`requested`] |
//! | the crates of a session | [`graph`], [`step`] |
//! | finding or building a step | [`adding`], [`error`] |
//! | cargo's errors in words | [`explain`], [`network`] |

pub mod adding;
pub mod error;
pub mod explain;
pub mod graph;
mod network;
pub mod requested;
pub mod step;
