//! What all queues but the simple one do: bounds, blocking, `task_done` and `join`, shutdown.

use std::fmt;
use std::mem;
use std::time::Duration;

use super::error::{GetError, PutError, TaskDoneError};
use super::store::Store;
use crate::sync::{Mutex, lock};
use crate::threading::shared::Shared;
use crate::wait::{Deadline, WaitSet, Wanted};

/// The items, and what is known about them.
#[derive(Debug, Default)]
struct State<S> {
    store: S,
    /// Items that were put and are not `task_done` yet.
    unfinished: usize,
    shut_down: bool,
}

#[derive(Debug, Default)]
struct Inner<S> {
    state: Mutex<State<S>>,
    not_empty: WaitSet,
    not_full: WaitSet,
    all_done: WaitSet,
}

/// What a [`Queue`](super::Queue), a [`LifoQueue`](super::LifoQueue) and a [`PriorityQueue`](super::PriorityQueue) have in
/// common, and any queue over a [`Store`] of your own: the methods of Python's `queue.Queue`.
///
/// What differs from Python: `put_nowait` and the like are not arguments of `put` but methods, so
/// that "not blocking, with a timeout" cannot be written; a timeout cannot be negative; one too
/// long for the clock waits for ever.
pub struct BlockingQueue<S: Store> {
    maxsize: usize,
    inner: Shared<Inner<S>>,
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
            inner: Shared::new(),
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
        self.put_until(item, Some(Deadline::NEVER))
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
        self.put_until(item, None)
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
        self.put_until(item, Some(Deadline::after(timeout)))
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
        self.get_until(Some(Deadline::NEVER))
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
        self.get_until(None)
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
        self.get_until(Some(Deadline::after(timeout)))
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
        lock(&self.inner().state).store.len()
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
        self.is_full(self.qsize())
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
        let inner = self.inner();
        let mut state = lock(&inner.state);
        state.unfinished = state.unfinished.checked_sub(1).ok_or(TaskDoneError)?;
        let all = state.unfinished == 0;
        drop(state);
        if all {
            inner.all_done.wake_all();
        }
        Ok(())
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
        self.join_until(Deadline::NEVER);
    }

    /// As [`join`](Self::join), for at most this long; whether all are done. Python has no such form.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// # use std::time::Duration;
    /// assert!(Queue::<u8>::new().join_timeout(Duration::ZERO));
    /// ```
    pub fn join_timeout(&self, timeout: Duration) -> bool {
        self.join_until(Deadline::after(timeout))
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
        self.shut_down(false);
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
        self.shut_down(true);
    }

    /// Whether the queue has been shut down. Python: `queue.is_shutdown`.
    ///
    /// ```
    /// # use woozle::queue::Queue;
    /// assert!(!Queue::<u8>::new().is_shutdown());
    /// ```
    pub fn is_shutdown(&self) -> bool {
        lock(&self.inner().state).shut_down
    }

    fn inner(&self) -> &Inner<S> {
        self.inner.get_or(Self::make)
    }

    fn make() -> Inner<S> {
        Inner {
            state: Mutex::new(State {
                store: S::default(),
                unfinished: 0,
                shut_down: false,
            }),
            not_empty: WaitSet::new(),
            not_full: WaitSet::new(),
            all_done: WaitSet::new(),
        }
    }

    fn is_full(&self, len: usize) -> bool {
        self.maxsize != 0 && len >= self.maxsize
    }

    /// Without a deadline it does not wait.
    fn put_until(
        &self,
        item: S::Item,
        deadline: Option<Deadline>,
    ) -> Result<(), PutError<S::Item>> {
        let inner = self.inner();
        let mut offer = Offer {
            item: Some(item),
            not_empty: &inner.not_empty,
        };
        let mut shut_down = false;
        let mut put = || {
            let mut state = lock(&inner.state);
            shut_down = state.shut_down;
            if !shut_down
                && !self.is_full(state.store.len())
                && let Some(item) = offer.item.take()
            {
                // Counted first: should the item's order panic, it is in the store all the same.
                state.unfinished += 1;
                state.store.push(item);
                return true;
            }
            shut_down
        };
        match deadline {
            Some(deadline) => inner.not_full.wait_until(Wanted::Queue, deadline, &mut put),
            None => put(),
        };
        match offer.item.take() {
            None => Ok(()),
            Some(item) if shut_down => Err(PutError::ShutDown(item)),
            Some(item) => Err(PutError::Full(item)),
        }
    }

    /// Without a deadline it does not wait.
    fn get_until(&self, deadline: Option<Deadline>) -> Result<S::Item, GetError> {
        let inner = self.inner();
        let mut item = None;
        let mut shut_down = false;
        let mut get = || {
            let mut state = lock(&inner.state);
            item = state.store.pop();
            shut_down = state.shut_down;
            item.is_some() || shut_down
        };
        match deadline {
            Some(deadline) => inner
                .not_empty
                .wait_until(Wanted::Queue, deadline, &mut get),
            None => get(),
        };
        match item {
            Some(item) => {
                if self.maxsize != 0 {
                    inner.not_full.wake(1);
                }
                Ok(item)
            }
            None if shut_down => Err(GetError::ShutDown),
            None => Err(GetError::Empty),
        }
    }

    fn join_until(&self, deadline: Deadline) -> bool {
        let inner = self.inner();
        let mut done = || lock(&inner.state).unfinished == 0;
        inner
            .all_done
            .wait_until(Wanted::Queue, deadline, &mut done)
    }

    fn shut_down(&self, immediate: bool) {
        let inner = self.inner();
        let mut state = lock(&inner.state);
        state.shut_down = true;
        let thrown_away = immediate.then(|| {
            state.unfinished = state.unfinished.saturating_sub(state.store.len());
            mem::take(&mut state.store)
        });
        drop(state);
        inner.not_empty.wake_all();
        inner.not_full.wake_all();
        inner.all_done.wake_all();
        // The items' own drop may use the queue: not under its mutex.
        drop(thrown_away);
    }
}

/// An item on its way into the queue; in the end a getter is woken, also if the store panics.
struct Offer<'a, T> {
    item: Option<T>,
    not_empty: &'a WaitSet,
}

impl<T> Drop for Offer<'_, T> {
    fn drop(&mut self) {
        self.not_empty.wake(1);
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
            inner: self.inner.share(Self::make),
        }
    }
}

impl<S: Store> fmt::Debug for BlockingQueue<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = lock(&self.inner().state);
        f.debug_struct("Queue")
            .field("qsize", &state.store.len())
            .field("maxsize", &self.maxsize)
            .field("unfinished", &state.unfinished)
            .field("shut_down", &state.shut_down)
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
