//! What all queues but the simple one do: bounds, blocking, `task_done` and `join`, shutdown.

use std::fmt;
use std::time::Duration;

use super::error::{GetError, PutError, TaskDoneError};
use super::raw::RawQueue;
use super::store::Store;
use crate::threading::shared::Shared;
use crate::wait::Deadline;

/// What a [`Queue`](super::Queue), a [`LifoQueue`](super::LifoQueue) and a [`PriorityQueue`](super::PriorityQueue) have in
/// common, and any queue over a [`Store`] of your own: the methods of Python's `queue.Queue`.
///
/// What differs from Python: `put_nowait` and the like are not arguments of `put` but methods, so
/// that "not blocking, with a timeout" cannot be written; a timeout cannot be negative; one too
/// long for the clock waits for ever.
pub struct BlockingQueue<S: Store> {
    maxsize: usize,
    raw: Shared<RawQueue<S>>,
}

impl<S: Store> BlockingQueue<S> {
    /// A new queue without bound. Python: `Queue()`.
    ///
    /// ```
    /// # use woozle::queue::{BlockingQueue, Fifo};
    /// let queue = BlockingQueue::<Fifo<u8>>::new();
    /// assert!(queue.empty() && !queue.full());
    /// ```
    pub const fn new() -> Self {
        Self::with_maxsize(0)
    }

    /// A new queue that holds at most so many items; 0 means no bound. Python: `Queue(maxsize)`.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// let queue = Queue::with_maxsize(1);
    /// queue.put(1)?;
    /// assert!(queue.full());
    /// # Ok::<(), woozle::queue::PutError<u8>>(())
    /// ```
    pub const fn with_maxsize(maxsize: usize) -> Self {
        Self {
            maxsize,
            raw: Shared::new(),
        }
    }

    /// Waits for room and puts an item. Python: `queue.put(item)`.
    ///
    /// # Errors
    ///
    /// [`PutError::ShutDown`], with the item, if the queue is shut down, also while this waits.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// let queue = Queue::new();
    /// queue.put("honey")?;
    /// assert_eq!(queue.get(), Ok("honey"));
    /// # Ok::<(), woozle::queue::PutError<&str>>(())
    /// ```
    pub fn put(&self, item: S::Item) -> Result<(), PutError<S::Item>> {
        self.raw().put(item, Some(Deadline::NEVER))
    }

    /// Puts an item if there is room. Python: `queue.put_nowait(item)`.
    ///
    /// # Errors
    ///
    /// [`PutError`], with the item, if the queue is full or shut down.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// let queue = Queue::with_maxsize(1);
    /// assert!(queue.put_nowait(1).is_ok() && queue.put_nowait(2).is_err());
    /// ```
    pub fn put_nowait(&self, item: S::Item) -> Result<(), PutError<S::Item>> {
        self.raw().put(item, None)
    }

    /// Waits for room for at most this long. Python: `queue.put(item, timeout=...)`.
    ///
    /// # Errors
    ///
    /// [`PutError`], with the item, if there was no room in time or the queue is shut down.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// # use std::time::Duration;
    /// let queue = Queue::with_maxsize(1);
    /// assert!(queue.put_timeout(1, Duration::from_millis(1)).is_ok());
    /// assert!(queue.put_timeout(2, Duration::from_millis(1)).is_err());
    /// ```
    pub fn put_timeout(&self, item: S::Item, timeout: Duration) -> Result<(), PutError<S::Item>> {
        self.raw().put(item, Some(Deadline::after(timeout)))
    }

    /// Waits for an item and takes it out. Python: `queue.get()`.
    ///
    /// # Errors
    ///
    /// [`GetError::ShutDown`] if the queue is shut down and empty, also while this waits.
    ///
    /// ```
    /// # use woozle::queue::{Queue, PutError};
    /// let queue = Queue::new();
    /// queue.put(42)?;
    /// assert_eq!(queue.get(), Ok(42));
    /// # Ok::<(), PutError<u8>>(())
    /// ```
    pub fn get(&self) -> Result<S::Item, GetError> {
        self.raw().get(Some(Deadline::NEVER))
    }

    /// Takes an item out if there is one. Python: `queue.get_nowait()`.
    ///
    /// # Errors
    ///
    /// [`GetError`] if there is none.
    ///
    /// ```
    /// # use woozle::queue::{GetError, Queue};
    /// assert_eq!(Queue::<u8>::new().get_nowait(), Err(GetError::Empty));
    /// ```
    pub fn get_nowait(&self) -> Result<S::Item, GetError> {
        self.raw().get(None)
    }

    /// Waits for an item for at most this long. Python: `queue.get(timeout=...)`.
    ///
    /// # Errors
    ///
    /// [`GetError`] if none came in time, or the queue is shut down and empty.
    ///
    /// ```
    /// # use woozle::queue::{GetError, Queue};
    /// # use std::time::Duration;
    /// let queue = Queue::<u8>::new();
    /// assert_eq!(queue.get_timeout(Duration::from_millis(1)), Err(GetError::Empty));
    /// ```
    pub fn get_timeout(&self, timeout: Duration) -> Result<S::Item, GetError> {
        self.raw().get(Some(Deadline::after(timeout)))
    }

    /// The items as they come, until the queue is shut down and empty. Python has no such form.
    ///
    /// ```
    /// # use woozle::queue::{Queue, PutError};
    /// let queue = Queue::new();
    /// queue.put(1)?;
    /// queue.put(2)?;
    /// queue.shutdown();
    /// assert_eq!(queue.iter().sum::<i32>(), 3);
    /// # Ok::<(), PutError<i32>>(())
    /// ```
    pub fn iter(&self) -> Iter<'_, S> {
        Iter(self)
    }

    /// How many items are in the queue at this moment. Python: `queue.qsize()`.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// assert_eq!(Queue::<u8>::new().qsize(), 0);
    /// ```
    pub fn qsize(&self) -> usize {
        self.raw().look().qsize
    }

    /// Whether the queue is empty at this moment. Python: `queue.empty()`.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// assert!(Queue::<u8>::new().empty());
    /// ```
    pub fn empty(&self) -> bool {
        self.qsize() == 0
    }

    /// Whether the queue has no room at this moment. Python: `queue.full()`.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// assert!(!Queue::<u8>::with_maxsize(1).full());
    /// ```
    pub fn full(&self) -> bool {
        self.raw().is_full(self.qsize())
    }

    /// The bound; 0 for none. Python: `queue.maxsize`.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// assert_eq!(Queue::<u8>::with_maxsize(3).maxsize(), 3);
    /// ```
    pub fn maxsize(&self) -> usize {
        self.maxsize
    }

    /// Says that an item that was taken out is dealt with. Python: `queue.task_done()`.
    ///
    /// # Errors
    ///
    /// [`TaskDoneError`] if all are done already (Python's `ValueError`). Nothing changes.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// assert!(Queue::<u8>::new().task_done().is_err());
    /// ```
    pub fn task_done(&self) -> Result<(), TaskDoneError> {
        self.raw().task_done()
    }

    /// Waits until every item that was put is `task_done`. Python: `queue.join()`.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// # use woozle::threading::Thread;
    /// let queue = Queue::new();
    /// queue.put(1)?;
    /// let other = queue.clone();
    /// Thread::spawn(move || other.get().map(|_| other.task_done()));
    /// queue.join();
    /// # Ok::<(), woozle::queue::PutError<u8>>(())
    /// ```
    pub fn join(&self) {
        self.raw().join(Deadline::NEVER);
    }

    /// As [`join`](Self::join), for at most this long; whether all are done. Python has no such form.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// # use std::time::Duration;
    /// assert!(Queue::<u8>::new().join_timeout(Duration::ZERO));
    /// ```
    pub fn join_timeout(&self, timeout: Duration) -> bool {
        self.raw().join(Deadline::after(timeout))
    }

    /// Closes the queue: `put` fails from now on, `get` as soon as it is empty. Python 3.13:
    /// `queue.shutdown()`.
    ///
    /// ```
    /// # use woozle::queue::{Queue, PutError};
    /// let queue = Queue::new();
    /// queue.put(1)?;
    /// queue.shutdown();
    /// assert!(queue.put(2).is_err());
    /// assert!(queue.get().is_ok() && queue.get().is_err());
    /// # Ok::<(), PutError<u8>>(())
    /// ```
    pub fn shutdown(&self) {
        self.raw().shut_down(false);
    }

    /// Closes the queue and throws away what is in it; that counts as done. Python 3.13:
    /// `queue.shutdown(immediate=True)`.
    ///
    /// ```
    /// # use woozle::queue::{Queue, PutError};
    /// let queue = Queue::new();
    /// queue.put(1)?;
    /// queue.shutdown_now();
    /// assert!(queue.get().is_err());
    /// queue.join();
    /// # Ok::<(), PutError<u8>>(())
    /// ```
    pub fn shutdown_now(&self) {
        self.raw().shut_down(true);
    }

    /// Whether the queue has been shut down. Python: `queue.is_shutdown`.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// assert!(!Queue::<u8>::new().is_shutdown());
    /// ```
    pub fn is_shutdown(&self) -> bool {
        self.raw().look().shut_down
    }

    fn raw(&self) -> &RawQueue<S> {
        self.raw.get_or(|| RawQueue::new(self.maxsize))
    }
}

impl<S: Store> Default for BlockingQueue<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Store> Clone for BlockingQueue<S> {
    fn clone(&self) -> Self {
        Self {
            maxsize: self.maxsize,
            raw: self.raw.share(|| RawQueue::new(self.maxsize)),
        }
    }
}

impl<S: Store> fmt::Debug for BlockingQueue<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seen = self.raw().look();
        f.debug_struct("Queue")
            .field("qsize", &seen.qsize)
            .field("maxsize", &self.maxsize)
            .field("unfinished", &seen.unfinished)
            .field("shut_down", &seen.shut_down)
            .finish()
    }
}

impl<'a, S: Store> IntoIterator for &'a BlockingQueue<S> {
    type Item = S::Item;
    type IntoIter = Iter<'a, S>;

    fn into_iter(self) -> Iter<'a, S> {
        self.iter()
    }
}

/// The items of a queue as they come; see [`BlockingQueue::iter`].
#[derive(Debug)]
pub struct Iter<'a, S: Store>(&'a BlockingQueue<S>);

impl<S: Store> Iterator for Iter<'_, S> {
    type Item = S::Item;

    fn next(&mut self) -> Option<S::Item> {
        self.0.get().ok()
    }
}
