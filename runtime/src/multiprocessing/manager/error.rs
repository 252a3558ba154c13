//! What can go wrong with a manager and its proxies.

use std::io;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::multiprocessing::transport::descriptors::CodecError;

/// Why an operation on a [`Manager`](super::Manager) or one of its proxies failed: Python's
/// `RemoteError`, `IndexError`, `queue.Empty` and others.
#[derive(Error)]
#[non_exhaustive]
pub enum ManagerError {
    /// The manager's server has ended: its last handle was dropped, or it was killed.
    #[error("the manager is gone: its server process has ended, and with it what it held")]
    Gone,
    /// The server refused.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// A value could not be turned into bytes, or the bytes into a value.
    #[error("{0}")]
    Codec(#[from] CodecError),
    /// An attribute of a namespace was set as another type than it was asked for.
    #[error("the attribute `{name}` is of type `{set}`, not `{asked}`")]
    Type {
        /// The attribute's name.
        name: String,
        /// The type that it was set as.
        set: String,
        /// The type that it was asked for.
        asked: String,
    },
    /// The operating system refused.
    #[error("the manager cannot be reached: {0}")]
    System(#[source] io::Error),
}

/// Why the server of a manager refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Refusal {
    /// A list has no such place.
    #[error("index {index} is out of range: the list has {length} items")]
    Index {
        /// The index that was asked for.
        index: usize,
        /// How many items the list has.
        length: usize,
    },
    /// A namespace has no such name.
    #[error("the namespace has no such attribute")]
    Name,
    /// A queue has no item, or none came in time.
    #[error("the queue is empty")]
    Empty,
    /// A queue has no room, or there was none in time.
    #[error("the queue is full")]
    Full,
    /// `task_done` was called too often.
    #[error("task_done() called too many times: every item that was put is done already")]
    TaskDone,
    /// A lock was released that nobody holds.
    #[error("cannot release a lock that is not held")]
    NotHeld,
    /// The server does not understand the request, which only a program of another version makes.
    #[error("the manager's server does not know what is asked of it")]
    Unknown,
    /// The answer cannot be sent: it holds too many descriptors.
    #[error("the answer cannot be sent: ask for less at once")]
    TooMuch,
}

debug_is_display!(ManagerError);

impl From<io::Error> for ManagerError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind::{BrokenPipe, ConnectionRefused, ConnectionReset, UnexpectedEof};
        match error.kind() {
            BrokenPipe | ConnectionRefused | ConnectionReset | UnexpectedEof => Self::Gone,
            _ => Self::System(error),
        }
    }
}
