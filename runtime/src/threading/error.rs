//! What can go wrong, as types with messages for people.

use std::io;

use thiserror::Error;

use crate::threading::thread::thread_panic::ThreadPanic;

/// Why an operation on a [`Thread`](super::Thread) failed; Python's `RuntimeError`s of `threading`.
#[derive(Error)]
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
    /// The thread's result is gone: `take_result` has given it to somebody, or `join`, if it cannot be cloned.
    #[error(
        "the result of {0} has been taken already: `take_result` gives it once, and so does `join` if it cannot be cloned"
    )]
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
        Self("cannot wait on a Condition whose lock has been released under the guard");
    pub(crate) const NOTIFY: Self =
        Self("cannot notify a Condition whose lock has been released under the guard");
}

/// A release of a semaphore that makes no sense; Python's `ValueError`s.
#[derive(Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SemaphoreError {
    /// A release of no permits.
    #[error("cannot release 0 permits: n must be one or more")]
    NothingReleased,
    /// More permits than can be counted.
    #[error("cannot release so many permits: their number is too large to be counted")]
    TooMany,
    /// More permits than the bounded semaphore began with.
    #[error("semaphore released too many times: it began with {bound} permits")]
    OverReleased {
        /// The number of permits that it began with.
        bound: usize,
    },
}

/// A barrier that does not hold its threads together any more; Python's `BrokenBarrierError`.
#[derive(Clone, Error)]
#[non_exhaustive]
pub enum BrokenBarrier {
    /// A thread's time was up before all had come.
    #[error("the barrier is broken: a thread timed out before all parties had come")]
    TimedOut,
    /// Somebody called `abort`.
    #[error("the barrier is broken: it was aborted")]
    Aborted,
    /// Somebody called `reset` while this thread waited. The barrier itself is as new.
    #[error("the barrier was reset while this thread waited")]
    Reset,
    /// The action panicked.
    #[error("the barrier is broken: its action failed: {0}")]
    Action(ThreadPanic),
    /// The barrier was made for no parties.
    #[error("the barrier is broken: it was made for 0 parties, and needs at least 1")]
    NoParties,
}

debug_is_display!(ThreadError, NotOwned, SemaphoreError, BrokenBarrier);
