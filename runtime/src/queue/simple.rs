//! `SimpleQueue`: no bound, no tasks, no shutdown.

use std::fmt;
use std::time::Duration;

use super::error::Empty;
use super::raw::RawQueue;
use super::store::Fifo;
use crate::threading::shared::Shared;
use crate::wait::Deadline;

/// A queue without bound that cannot fail: Python's `queue.SimpleQueue`.
///
/// First in, first out. [`put`](Self::put) neither waits nor fails, so it may be called where waiting is out of
/// the question, as in a `drop`. A clone is another handle; a queue can be a `static`.
///
/// ```
/// use woozle::queue::SimpleQueue;
/// use woozle::threading::Thread;
///
/// let queue = SimpleQueue::new();
/// let other = queue.clone();
/// Thread::spawn(move || other.put("Woozle"));
/// assert_eq!(queue.get(), "Woozle");
/// ```
pub struct SimpleQueue<T>(Shared<RawQueue<Fifo<T>>>);

impl<T> SimpleQueue<T> {
    /// A new queue. Python: `queue.SimpleQueue()`.
    ///
    /// ```
    /// # use woozle::queue::SimpleQueue;
    /// static ITEMS: SimpleQueue<u32> = SimpleQueue::new();
    /// assert!(ITEMS.empty());
    /// ```
    pub const fn new() -> Self {
        Self(Shared::new())
    }

    /// Puts an item. Python: `queue.put(item)`.
    ///
    /// ```
    /// # use woozle::queue::SimpleQueue;
    /// let queue = SimpleQueue::new();
    /// queue.put(1);
    /// assert_eq!(queue.qsize(), 1);
    /// ```
    pub fn put(&self, item: T) {
        // It has no bound and is never shut down.
        let _ = self.raw().put(item, None);
    }

    /// Waits for an item and takes it out. Python: `queue.get()`.
    ///
    /// ```
    /// # use woozle::queue::SimpleQueue;
    /// let queue = SimpleQueue::new();
    /// queue.put(42);
    /// assert_eq!(queue.get(), 42);
    /// ```
    pub fn get(&self) -> T {
        loop {
            if let Ok(item) = self.raw().get(Some(Deadline::NEVER)) {
                return item;
            }
        }
    }

    /// Takes an item out if there is one. Python: `queue.get_nowait()`.
    ///
    /// # Errors
    ///
    /// [`Empty`] if there is none.
    ///
    /// ```
    /// # use woozle::queue::{Empty, SimpleQueue};
    /// assert_eq!(SimpleQueue::<u8>::new().get_nowait(), Err(Empty));
    /// ```
    pub fn get_nowait(&self) -> Result<T, Empty> {
        self.raw().get(None).map_err(|_| Empty)
    }

    /// Waits for an item for at most this long. Python: `queue.get(timeout=...)`.
    ///
    /// # Errors
    ///
    /// [`Empty`] if none came in time.
    ///
    /// ```
    /// # use woozle::queue::{Empty, SimpleQueue};
    /// # use std::time::Duration;
    /// assert_eq!(SimpleQueue::<u8>::new().get_timeout(Duration::from_millis(1)), Err(Empty));
    /// ```
    pub fn get_timeout(&self, timeout: Duration) -> Result<T, Empty> {
        let deadline = Deadline::after(timeout);
        self.raw().get(Some(deadline)).map_err(|_| Empty)
    }

    /// How many items are in the queue at this moment. Python: `queue.qsize()`.
    ///
    /// ```
    /// # use woozle::queue::SimpleQueue;
    /// assert_eq!(SimpleQueue::<u8>::new().qsize(), 0);
    /// ```
    pub fn qsize(&self) -> usize {
        self.raw().look().qsize
    }

    /// Whether the queue is empty at this moment. Python: `queue.empty()`.
    ///
    /// ```
    /// # use woozle::queue::SimpleQueue;
    /// assert!(SimpleQueue::<u8>::new().empty());
    /// ```
    pub fn empty(&self) -> bool {
        self.qsize() == 0
    }

    fn raw(&self) -> &RawQueue<Fifo<T>> {
        self.0.get_or(|| RawQueue::new(0))
    }
}

impl<T> Default for SimpleQueue<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Clone for SimpleQueue<T> {
    fn clone(&self) -> Self {
        Self(self.0.share(|| RawQueue::new(0)))
    }
}

impl<T> fmt::Debug for SimpleQueue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimpleQueue")
            .field("qsize", &self.qsize())
            .finish()
    }
}
