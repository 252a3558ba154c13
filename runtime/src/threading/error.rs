//! What can go wrong, as types with messages for people.

use std::fmt;
use std::io;

use thiserror::Error;

use super::panics::ThreadPanic;

/// Why an operation on a [`Thread`](super::Thread) failed; Python's `RuntimeError`s of `threading`.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ThreadError {
    /// `start` was called on a thread that has been started before.
    #[error("threads can only be started once: {0} has been started already")]
    AlreadyStarted(String),
    /// A thread that has not been started cannot be waited for.
    #[error("cannot join a thread before it is started: call {0}.start() first")]
    NotStarted(String),
    /// A thread that waits for itself would wait for ever.
    #[error("cannot join the current thread: {0} would wait for itself for ever")]
    JoinCurrent(String),
    /// A thread's daemon flag is fixed once it is started.
    #[error("cannot set the daemon flag of {0}: it has been started already")]
    DaemonAfterStart(String),
    /// The operating system gave no thread.
    #[error("cannot start a new thread ({name}): {source}")]
    Spawn {
        /// The name of the thread that was to start.
        name: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// The thread did not end in time. It goes on.
    #[error("{0} is still running after the timeout")]
    TimedOut(String),
    /// The thread ended in a panic.
    #[error("{0}")]
    Panicked(ThreadPanic),
    /// The thread's result is gone: `take_result` has given it to somebody.
    #[error("the result of {0} has been taken already")]
    ResultTaken(String),
}

/// A release, wait or notify by a thread that does not hold the lock.
///
/// Python's `RuntimeError` "release unlocked lock", "cannot release un-acquired lock", "cannot
/// wait on un-acquired lock" and "cannot notify on un-acquired lock".
#[derive(Clone, Copy, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct NotOwned(pub(crate) &'static str);

impl NotOwned {
    pub(crate) const RELEASE_LOCK: Self = Self("cannot release a Lock that is not locked");
    pub(crate) const RELEASE_RLOCK: Self =
        Self("cannot release an RLock that this thread has not acquired");
    pub(crate) const WAIT: Self =
        Self("cannot wait on a Condition without holding its lock: call guard() or acquire() first");
    pub(crate) const NOTIFY: Self =
        Self("cannot notify a Condition without holding its lock: call guard() or acquire() first");
}

impl fmt::Debug for NotOwned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NotOwned").field(&self.0).finish()
    }
}
