//! What can go wrong with a queue between processes.

use std::error::Error;
use std::fmt;
use std::io;

use thiserror::Error;

use crate::multiprocessing::transport::descriptors::CodecError;

/// An item could not be put, and is given back; Python's `queue.Full` and its `ValueError` for a
/// closed queue.
///
/// ```
/// use woozle::multiprocessing::{PutError, Queue};
///
/// let queue = Queue::with_maxsize(1)?;
/// queue.put(1)?;
/// let Err(PutError::Full(item)) = queue.put_nowait(2) else { unreachable!() };
/// assert_eq!(item, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[non_exhaustive]
pub enum PutError<T> {
    /// There is no room, or there was none in time.
    Full(T),
    /// This process has closed the queue.
    Closed(T),
    /// The item cannot be turned into bytes. (Python says so on the screen, from another thread, and
    /// the item is lost.)
    Unserialisable(T, CodecError),
    /// The operating system refused.
    System(T, io::Error),
}

impl<T> PutError<T> {
    /// The item.
    ///
    /// ```
    /// # use woozle::multiprocessing::PutError;
    /// assert_eq!(PutError::Full(42).into_item(), 42);
    /// ```
    pub fn into_item(self) -> T {
        match self {
            Self::Full(item) | Self::Closed(item) => item,
            Self::Unserialisable(item, _) | Self::System(item, _) => item,
        }
    }
}

impl<T> fmt::Debug for PutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T> fmt::Display for PutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(_) => f.write_str("the queue is full"),
            Self::Closed(_) => f.write_str("the queue is closed: close() has been called on it"),
            Self::Unserialisable(_, error) => fmt::Display::fmt(error, f),
            Self::System(_, error) => write!(f, "the item could not be put: {error}"),
        }
    }
}

impl<T> Error for PutError<T> {}

/// No item could be had; Python's `queue.Empty`, and its `ValueError` for a closed queue.
///
/// ```
/// use woozle::multiprocessing::{GetError, Queue};
///
/// let queue = Queue::<u8>::new()?;
/// assert!(matches!(queue.get_nowait(), Err(GetError::Empty)));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Error)]
#[non_exhaustive]
pub enum GetError {
    /// There is no item, or none came in time.
    #[error("the queue is empty")]
    Empty,
    /// This process has closed the queue.
    #[error("the queue is closed: close() has been called on it")]
    Closed,
    /// The item that came cannot be turned into a value.
    #[error("{0}")]
    Codec(#[from] CodecError),
    /// The operating system refused.
    #[error("no item could be received: {0}")]
    System(#[from] io::Error),
}

debug_is_display!(GetError);
