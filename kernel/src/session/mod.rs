//! A session: the cells of one notebook, compiled and run one after another. The `README.md` beside this file has the states
//! of a cell, and how a session goes back.
//!
//! | part | module |
//! |---|---|
//! | the server's backend: a request in, an outcome out | [`backend`] |
//! | what runs the cells, and the state that checkpoints keep | [`engine`], [`state`] |
//! | the process with the values | [`host_link`] |
//! | what is known while a cell runs | [`published`] |
//! | a cell, from its text to its end | [`execution`] |
//! | `:vars` and the like; what `%%bench` and other magics show | [`commands`], [`magics`] |
//! | crates by `:dep` | [`dependencies`] |
//! | checkpoints, and going back to them | [`recovery`] |
//! | where output goes, and what the kernel itself prints | [`output`] |
//! | errors, panics and crashes in words | [`report`] |
//! | completion and documentation | [`assist`] |

mod assist;
mod backend;
mod commands;
mod dependencies;
mod engine;
mod execution;
mod host_link;
mod magics;
mod output;
mod published;
mod recovery;
mod report;
mod state;

pub use backend::{Answers, Session};
#[cfg(test)]
pub(crate) use execution::define::remember_items;
pub(crate) use magics::explore;
