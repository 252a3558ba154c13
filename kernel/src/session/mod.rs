//! A session: the cells of one notebook, compiled and run one after another.
//!
//! | part | module |
//! |---|---|
//! | the server's backend: a request in, an outcome out | [`backend`] |
//! | compile, run, remember | [`execute`], [`remember`] |
//! | `:dep` and the like | [`commands`] |
//! | the session's folder | [`folder`] |
//! | where the output of each cell goes | [`outlet`] |
//! | errors and panics in words | [`report`] |
//!
//! The session lives on one thread. It owns the [`Scope`](crate::compiler::scope::Scope) (what is
//! defined) and the [`Host`](crate::host::Host) (what is running), and keeps the two in step.

mod backend;
mod commands;
mod execute;
mod folder;
mod outlet;
mod remember;
mod report;

pub use backend::{Answers, Session};
