//! A session: the cells of one notebook, compiled and run one after another.
//!
//! | part | module |
//! |---|---|
//! | the server's backend: a request in, an outcome out | [`backend`] |
//! | compile, run, remember | [`execute`], [`remember`] |
//! | `:dep` and the like | [`commands`] |
//! | the session's folder | [`folder`] |
//! | where the output of each cell goes | [`outlet`] |
//! | an expression's value, the variables' values | [`evaluate`] |
//! | what is known while a cell runs | [`shared`] |
//! | comm messages, to and from the host | [`comm`] |
//! | completion and documentation | [`assist`] |
//! | errors and panics in words | [`report`] |
//! | types and signatures in words | [`spelling`] |
//!
//! The session lives on one thread. It owns the [`Scope`](crate::compiler::scope::Scope) (what is
//! defined) and the [`Host`](crate::host::Host) (what is running), and keeps the two in step.

mod assist;
mod backend;
mod checkpoints;
mod comm;
mod commands;
mod evaluate;
mod execute;
mod fates;
mod folder;
mod outlet;
mod recover;
mod remember;
mod report;
mod shared;
mod spelling;

pub use backend::{Answers, Session};
#[cfg(test)]
pub(crate) use remember::remember_items;
