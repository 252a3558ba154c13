//! `SimpleQueue`: no bound, no tasks, no shutdown.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use super::error::Empty;
use crate::sync::{Mutex, lock};
use crate::threading::shared::Shared;
use crate::wait::{Deadline, WaitSet, Wanted};

#[derive(Debug)]
struct Inner<T> {
    items: Mutex<VecDeque<T>>,
    not_empty: WaitSet,
}

impl<T> Inner<T> {
    fn new() -> Self {
        Self {
            items: Mutex::new(VecDeque::new()),
            not_empty: WaitSet::new(),
        }
    }
}

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
pub struct SimpleQueue<T>(Shared<Inner<T>>);

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
        let inner = self.inner();
        lock(&inner.items).push_back(item);
        inner.not_empty.wake(1);
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
            if let Ok(item) = self.get_until(Deadline::NEVER) {
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
        lock(&self.inner().items).pop_front().ok_or(Empty)
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
        self.get_until(Deadline::after(timeout))
    }

    /// How many items are in the queue at this moment. Python: `queue.qsize()`.
    ///
    /// ```
    /// # use woozle::queue::SimpleQueue;
    /// assert_eq!(SimpleQueue::<u8>::new().qsize(), 0);
    /// ```
    pub fn qsize(&self) -> usize {
        lock(&self.inner().items).len()
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

    fn get_until(&self, deadline: Deadline) -> Result<T, Empty> {
        let inner = self.inner();
        let mut item = None;
        let mut get = || {
            item = lock(&inner.items).pop_front();
            item.is_some()
        };
        inner
            .not_empty
            .wait_until(Wanted::Queue, deadline, &mut get);
        item.ok_or(Empty)
    }

    fn inner(&self) -> &Inner<T> {
        self.0.get_or(Inner::new)
    }
}

impl<T> Default for SimpleQueue<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Clone for SimpleQueue<T> {
    fn clone(&self) -> Self {
        Self(self.0.share(Inner::new))
    }
}

impl<T> fmt::Debug for SimpleQueue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimpleQueue")
            .field("qsize", &self.qsize())
            .finish()
    }
}
