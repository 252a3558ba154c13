//! Queues between processes.
//!
//! `Queue` and `JoinableQueue` are a `RawQueue` with a type of items: a socket pair for messages, an
//! `Outbox` for what this process sends, and `Counters` that the processes share. `SimpleQueue` is a
//! one-way pipe.

mod counters;
mod error;
mod joinable;
mod outbox;
mod raw;
mod shared;
mod simple;

pub use error::{GetError, PutError};
pub use joinable::JoinableQueue;
pub(crate) use outbox::at_exit;
pub use shared::Queue;
pub use simple::SimpleQueue;
