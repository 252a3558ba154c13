//! The three queues by their order. They are the same but for that: see [`BlockingQueue`].

use std::ops::Deref;

use super::blocking::BlockingQueue;
use super::store::{Fifo, Lifo, Smallest};

/// First in, first out: Python's `queue.Queue`. Its methods are those of [`BlockingQueue`].
///
/// ```
/// use woozle::queue::Queue;
///
/// let queue = Queue::new();
/// for item in [2, 3, 1] {
///     queue.put(item)?;
/// }
/// assert_eq!([queue.get(), queue.get(), queue.get()], [Ok(2), Ok(3), Ok(1)]);
/// # Ok::<(), woozle::queue::PutError<i32>>(())
/// ```
#[derive(Debug)]
pub struct Queue<T>(BlockingQueue<Fifo<T>>);

impl<T> Queue<T> {
    /// A new queue without bound. Python: `queue.Queue()`.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// static ITEMS: Queue<u32> = Queue::new();
    /// assert!(ITEMS.empty());
    /// ```
    pub const fn new() -> Self {
        Self(BlockingQueue::new())
    }

    /// A new queue that holds at most so many items; 0 means no bound. Python:
    /// `queue.Queue(maxsize)`.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// assert_eq!(Queue::<u32>::with_maxsize(3).maxsize(), 3);
    /// ```
    pub const fn with_maxsize(maxsize: usize) -> Self {
        Self(BlockingQueue::with_maxsize(maxsize))
    }
}

impl<T> Deref for Queue<T> {
    type Target = BlockingQueue<Fifo<T>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Last in, first out: Python's `queue.LifoQueue`. Its methods are those of [`BlockingQueue`].
///
/// ```
/// use woozle::queue::LifoQueue;
///
/// let queue = LifoQueue::new();
/// for item in [2, 3, 1] {
///     queue.put(item)?;
/// }
/// assert_eq!([queue.get(), queue.get(), queue.get()], [Ok(1), Ok(3), Ok(2)]);
/// # Ok::<(), woozle::queue::PutError<i32>>(())
/// ```
#[derive(Debug)]
pub struct LifoQueue<T>(BlockingQueue<Lifo<T>>);

impl<T> LifoQueue<T> {
    /// A new queue without bound. Python: `queue.LifoQueue()`.
    ///
    /// ```
    /// # use woozle::queue::LifoQueue;
    /// static ITEMS: LifoQueue<u32> = LifoQueue::new();
    /// assert!(ITEMS.empty());
    /// ```
    pub const fn new() -> Self {
        Self(BlockingQueue::new())
    }

    /// A new queue that holds at most so many items; 0 means no bound. Python:
    /// `queue.LifoQueue(maxsize)`.
    ///
    /// ```
    /// # use woozle::queue::LifoQueue;
    /// assert_eq!(LifoQueue::<u32>::with_maxsize(3).maxsize(), 3);
    /// ```
    pub const fn with_maxsize(maxsize: usize) -> Self {
        Self(BlockingQueue::with_maxsize(maxsize))
    }
}

impl<T> Deref for LifoQueue<T> {
    type Target = BlockingQueue<Lifo<T>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> Default for LifoQueue<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Clone for LifoQueue<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Smallest first: Python's `queue.PriorityQueue`. Its methods are those of [`BlockingQueue`].
///
/// Items are often pairs of a priority and something that can be compared too; of equal items either
/// may come first, as in Python. For the greatest first, put [`Reverse`](std::cmp::Reverse).
///
/// ```
/// use woozle::queue::PriorityQueue;
///
/// let queue = PriorityQueue::new();
/// for item in [2, 3, 1] {
///     queue.put(item)?;
/// }
/// assert_eq!([queue.get(), queue.get(), queue.get()], [Ok(1), Ok(2), Ok(3)]);
/// # Ok::<(), woozle::queue::PutError<i32>>(())
/// ```
#[derive(Debug)]
pub struct PriorityQueue<T: Ord>(BlockingQueue<Smallest<T>>);

impl<T: Ord> PriorityQueue<T> {
    /// A new queue without bound. Python: `queue.PriorityQueue()`.
    ///
    /// ```
    /// # use woozle::queue::PriorityQueue;
    /// static ITEMS: PriorityQueue<u32> = PriorityQueue::new();
    /// assert!(ITEMS.empty());
    /// ```
    pub const fn new() -> Self {
        Self(BlockingQueue::new())
    }

    /// A new queue that holds at most so many items; 0 means no bound. Python:
    /// `queue.PriorityQueue(maxsize)`.
    ///
    /// ```
    /// # use woozle::queue::PriorityQueue;
    /// assert_eq!(PriorityQueue::<u32>::with_maxsize(3).maxsize(), 3);
    /// ```
    pub const fn with_maxsize(maxsize: usize) -> Self {
        Self(BlockingQueue::with_maxsize(maxsize))
    }
}

impl<T: Ord> Deref for PriorityQueue<T> {
    type Target = BlockingQueue<Smallest<T>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T: Ord> Default for PriorityQueue<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Ord> Clone for PriorityQueue<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}
