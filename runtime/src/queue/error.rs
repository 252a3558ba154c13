//! What can go wrong with a queue.

use std::error::Error;
use std::fmt;

use thiserror::Error;

/// No item could be had; Python's `queue.Empty` and `queue.ShutDown`.
///
/// ```
/// use woozle::queue::{GetError, Queue};
///
/// let queue = Queue::<u8>::new();
/// assert_eq!(queue.get_nowait(), Err(GetError::Empty));
/// queue.shutdown();
/// assert_eq!(queue.get(), Err(GetError::ShutDown));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Error)]
pub enum GetError {
    /// There is no item, or none came in time.
    #[error("the queue is empty")]
    Empty,
    /// There is no item, and none will come any more.
    #[error("the queue has been shut down and has no more items")]
    ShutDown,
}

/// An item could not be put, and is given back; Python's `queue.Full` and `queue.ShutDown`.
///
/// ```
/// use woozle::queue::{PutError, Queue};
///
/// let queue = Queue::with_maxsize(1);
/// queue.put("honey")?;
/// let Err(PutError::Full(item)) = queue.put_nowait("haycorns") else { unreachable!() };
/// assert_eq!(item, "haycorns");
/// # Ok::<(), PutError<&str>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PutError<T> {
    /// There is no room, or there was none in time.
    Full(T),
    /// The queue takes no more items.
    ShutDown(T),
}

impl<T> PutError<T> {
    /// The item.
    ///
    /// ```
    /// # use woozle::queue::PutError;
    /// assert_eq!(PutError::Full(42).into_item(), 42);
    /// ```
    pub fn into_item(self) -> T {
        let (Self::Full(item) | Self::ShutDown(item)) = self;
        item
    }
}

impl<T> fmt::Debug for PutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T> fmt::Display for PutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "the queue is full",
            Self::ShutDown(_) => "the queue has been shut down and takes no more items",
        })
    }
}

impl<T> Error for PutError<T> {}

/// There was no item in time; Python's `queue.Empty`, of a [`SimpleQueue`](super::SimpleQueue).
#[derive(Clone, Copy, PartialEq, Eq, Error)]
#[error("the queue is empty")]
pub struct Empty;

/// `task_done` was called more often than items were put; Python's `ValueError`.
#[derive(Clone, Copy, PartialEq, Eq, Error)]
#[error("task_done() called too many times: every item that was put is done already")]
pub struct TaskDoneError;

debug_is_display!(GetError, Empty, TaskDoneError);
