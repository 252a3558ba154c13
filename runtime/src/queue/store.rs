//! The order in which items come out: where a queue keeps them.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Where a [`BlockingQueue`](super::BlockingQueue) keeps its items: what a subclass of Python's `queue.Queue`
/// overrides with `_put`, `_get` and `_qsize`.
///
/// Its methods run under a mutex of the queue's own: they must not use the queue.
///
/// ```
/// use woozle::queue::{BlockingQueue, Store};
///
/// /// Keeps the newest item only.
/// #[derive(Default)]
/// struct Newest(Option<u32>);
///
/// impl Store for Newest {
///     type Item = u32;
///     fn push(&mut self, item: u32) { self.0 = Some(item) }
///     fn pop(&mut self) -> Option<u32> { self.0.take() }
///     fn len(&self) -> usize { self.0.is_some().into() }
/// }
///
/// let queue = BlockingQueue::<Newest>::new();
/// queue.put(1)?;
/// queue.put(2)?;
/// assert_eq!((queue.get(), queue.qsize()), (Ok(2), 0));
/// # Ok::<(), woozle::queue::PutError<u32>>(())
/// ```
#[expect(
    clippy::len_without_is_empty,
    reason = "the queue asks for the length alone"
)]
pub trait Store: Default {
    /// What it keeps.
    type Item;

    /// Whether items come out in the order in which they were put, each once: then the queue may keep them in two stores,
    /// and those that put and those that get are seldom in each other's way.
    #[doc(hidden)]
    const IN_ORDER: bool = false;

    /// Takes an item.
    fn push(&mut self, item: Self::Item);

    /// Gives the next item, if there is one.
    fn pop(&mut self) -> Option<Self::Item>;

    /// How many items there are.
    fn len(&self) -> usize;
}

/// First in, first out: the order of a [`Queue`](super::Queue).
#[derive(Debug)]
pub struct Fifo<T>(VecDeque<T>);

/// Last in, first out: the order of a [`LifoQueue`](super::LifoQueue).
#[derive(Debug)]
pub struct Lifo<T>(Vec<T>);

/// Smallest first: the order of a [`PriorityQueue`](super::PriorityQueue).
#[derive(Debug)]
pub struct Smallest<T>(BinaryHeap<Reverse<T>>);

impl<T> Default for Fifo<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T> Store for Fifo<T> {
    type Item = T;

    const IN_ORDER: bool = true;

    fn push(&mut self, item: T) {
        self.0.push_back(item);
    }

    fn pop(&mut self) -> Option<T> {
        self.0.pop_front()
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

impl<T> Default for Lifo<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Store for Lifo<T> {
    type Item = T;

    fn push(&mut self, item: T) {
        self.0.push(item);
    }

    fn pop(&mut self) -> Option<T> {
        self.0.pop()
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

impl<T: Ord> Default for Smallest<T> {
    fn default() -> Self {
        Self(BinaryHeap::new())
    }
}

impl<T: Ord> Store for Smallest<T> {
    type Item = T;

    fn push(&mut self, item: T) {
        self.0.push(Reverse(item));
    }

    fn pop(&mut self) -> Option<T> {
        self.0.pop().map(|Reverse(item)| item)
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}
