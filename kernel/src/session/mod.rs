//! A session: the cells of one notebook, compiled and run one after another.
//!
//! | part | module |
//! |---|---|
//! | the server's backend: a request in, an outcome out | [`backend`] |
//! | compile, run, remember | [`execute`], [`remember`] |
//! | `:vars`, `%%bench` and the like | [`commands`], with [`timing`] and [`bench`] |
//! | crates by `:dep` | [`crates`] |
//! | checkpoints, and going back to them | [`checkpoints`], [`recover`], [`brought_down`], [`between`] |
//! | what the kernel says in a cell | [`say`] |
//! | the session's folder | [`folder`] |
//! | where the output of each cell goes | [`outlet`] |
//! | an expression's value, the variables' values | [`evaluate`] |
//! | what is known while a cell runs | [`shared`] |
//! | comm messages, to and from the host | [`comm`] |
//! | completion and documentation | [`assist`] |
//! | where the time of a cell goes | [`phases`], [`timing`] |
//! | errors and panics in words | [`report`], [`frames`], [`obstacle`] |
//! | types and signatures in words | [`spelling`] |
//!
//! The session lives on one thread. It owns the [`Scope`](crate::compiler::scope::Scope) (what is
//! defined) and the [`Host`](crate::host::Host) (what is running), and keeps the two in step.

mod assist;
mod backend;
mod bench;
mod commands;
mod dependencies;
mod engine;
mod execution;
mod host_link;
mod output;
mod published;
mod recovery;
mod report;
mod state;
mod timing;

pub use backend::{Answers, Session};
#[cfg(test)]
pub(crate) use execution::define::remember_items;
