//! What can go wrong with a `Process`.

use std::io;

use thiserror::Error;

use crate::multiprocessing::transport::descriptors::CodecError;

/// Why an operation on a [`Process`](super::Process) failed.
#[derive(Error)]
#[non_exhaustive]
pub enum ProcessError {
    /// `start` was called on a process that has been started before.
    #[error("processes can only be started once: {0} has been started already")]
    AlreadyStarted(String),
    /// What needs a process that has been started was asked of one that has not.
    #[error("{0} is not started: call its start() first")]
    NotStarted(String),
    /// A process cannot be closed while it runs.
    #[error("cannot close {0} while it is running: join() or terminate() it first")]
    StillRunning(String),
    /// The handle is closed.
    #[error("{0} is closed")]
    Closed(String),
    /// A daemon may have no children: nobody would wait for them.
    #[error("{0} is a daemon, and daemons are not allowed to have child processes")]
    DaemonicParent(String),
    /// The arguments could not be turned into bytes.
    #[error("the arguments of the process cannot be sent: {0}")]
    Arguments(#[source] CodecError),
    /// The operating system gave no process.
    #[error("cannot start a new process ({name}): {source}")]
    Start {
        /// The name of the process that was to start.
        name: String,
        /// What the operating system said.
        source: io::Error,
    },
}

debug_is_display!(ProcessError);
