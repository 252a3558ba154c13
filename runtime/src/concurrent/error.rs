//! What can go wrong with a task or its future.

use std::error::Error as StdError;
use std::sync::Arc;

use thiserror::Error;

use crate::threading::ThreadPanic;

/// Why a future has no result (to give).
#[derive(Clone, Error)]
#[non_exhaustive]
pub enum FutureError {
    /// The task panicked; in Python, whatever exception the task raised.
    #[error("the task failed: {0}")]
    Panicked(ThreadPanic),
    /// [`set_exception`](super::Future::set_exception) was called with this.
    #[error("{0}")]
    Failed(Arc<dyn StdError + Send + Sync>),
    /// The future was cancelled before it ran; Python's `CancelledError`.
    #[error("the future was cancelled")]
    Cancelled,
    /// There was no result in time; Python's `TimeoutError`. The task goes on.
    #[error("the future was not done in time")]
    TimedOut,
    /// The result is gone: `take_result` has given it to somebody.
    #[error("the result of the future has been taken already")]
    ResultTaken,
    /// The executor was shut down before it got the task; Python's `RuntimeError` "cannot schedule
    /// new futures after shutdown".
    #[error("the executor takes no more tasks: it has been shut down")]
    ShutDown,
    /// A thread's initializer panicked, so the executor runs nothing any more; Python's
    /// `BrokenThreadPool`.
    #[error("the executor is broken: its initializer failed: {0}")]
    BrokenExecutor(ThreadPanic),
}

/// A result was set for a future that is done, or running is to be set for one that is not pending;
/// Python's `InvalidStateError`.
#[derive(Clone, Copy, PartialEq, Eq, Error)]
#[error("invalid state: the future is {0}")]
pub struct InvalidStateError(pub(super) &'static str);

debug_is_display!(FutureError, InvalidStateError);
