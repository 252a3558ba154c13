//! Threads: their objects, their lives, and what is known of all of them.
//!
//! | file | what it is |
//! |---|---|
//! | `handle`, `join_once`, `any` | what users hold: with the result, with one that is taken once, without |
//! | `builder`, `settings`, `target` | a thread's settings, and what it runs |
//! | `core` | what a thread's object holds |
//! | `start` | the life of a thread |
//! | `registry`, `ident` | all live threads, and their numbers |
//! | `panics`, `thread_panic` | panics that end threads, and who is told |
//! | `report` | what they do, in words |
//! | `timer` | a thread that waits first |

pub(in crate::threading) mod any;
pub(in crate::threading) mod builder;
pub(in crate::threading) mod core;
pub(in crate::threading) mod handle;
pub(crate) mod ident;
pub(in crate::threading) mod join_once;
pub(crate) mod panics;
pub(crate) mod registry;
pub(in crate::threading) mod report;
pub(in crate::threading) mod settings;
pub(in crate::threading) mod start;
pub(in crate::threading) mod target;
pub(in crate::threading) mod thread_panic;
pub(in crate::threading) mod timer;
