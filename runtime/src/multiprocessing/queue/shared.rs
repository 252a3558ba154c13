//! `Queue`: Python's `multiprocessing.Queue`.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::super::connection::{ConnectionError, Held, Hold, Waitable};
use super::raw::{RawQueue, Refusal, Rules};
use super::{GetError, PutError};
use crate::multiprocessing::transport::descriptors;
use crate::multiprocessing::transport::descriptors::CodecError;
use crate::multiprocessing::transport::packet::MAX_DESCRIPTORS;
use crate::wait::Deadline;

/// A queue between processes: Python's `multiprocessing.Queue`.
///
/// It is used as a [`queue::Queue`](crate::queue::Queue) is. A clone is another handle of the same
/// queue; give one to a process as an argument, or send it through another queue or a pipe. Items are
/// copied: they must be `Serialize` and `Deserialize`.
///
/// ```
/// use woozle::multiprocessing::{Process, Queue};
///
/// fn count(to: u32, numbers: Queue<u32>) {
///     for n in 1..=to {
///         numbers.put(n).unwrap();
///     }
/// }
///
/// let numbers = Queue::new()?;
/// let p = Process::with_args(count, (3, numbers.clone()))?;
/// p.start()?;
/// assert_eq!([numbers.get()?, numbers.get()?, numbers.get()?], [1, 2, 3]);
/// p.join()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is promised
///
/// - A [`put`](Self::put) into a queue without [`maxsize`](Self::with_maxsize) does not wait: what does
///   not fit into the system's buffer (some hundred small items) is sent by a thread of the queue.
///   Unlike in CPython, there is no such thread before it is needed, and what a process has put is never seen
///   as "empty" by that process.
/// - Items of one process come in the order in which it put them.
/// - A process that ends first waits until all it put is sent, as in Python. So *get* what a process puts before you
///   *join* it, or call [`cancel_join_thread`](Self::cancel_join_thread) in it.
/// - A process that is killed takes with it the item that it had just got, and what it had put that
///   was not sent yet; the queue can be used on.
/// - There is no end: a `get` waits for ever if no process puts any more. Agree on an item that means
///   the end.
pub struct Queue<T> {
    raw: RawQueue,
    item: PhantomData<fn(T) -> T>,
}

impl<T> Queue<T> {
    /// A new queue without bound. Python: `Queue()`.
    ///
    /// # Errors
    ///
    /// What the operating system says, such as that there are too many open files: a queue has four.
    ///
    /// ```
    /// # use woozle::multiprocessing::Queue;
    /// let queue = Queue::<u32>::new()?;
    /// assert!(queue.empty());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn new() -> io::Result<Self> {
        Self::with_maxsize(0)
    }

    /// A new queue that holds at most so many items; 0 means no bound. Python: `Queue(maxsize)`.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::Queue;
    /// let queue = Queue::with_maxsize(1)?;
    /// queue.put("honey".to_string())?;
    /// assert!(queue.full());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_maxsize(maxsize: usize) -> io::Result<Self> {
        Self::with_rules(maxsize, false)
    }

    pub(super) fn with_rules(maxsize: usize, joinable: bool) -> io::Result<Self> {
        let maxsize = u32::try_from(maxsize).unwrap_or(u32::MAX);
        let raw = RawQueue::new(Rules { maxsize, joinable });
        let raw = raw.map_err(|error| {
            io::Error::new(error.kind(), format!("cannot make a queue: {error}"))
        })?;
        Ok(Self {
            raw,
            item: PhantomData,
        })
    }

    /// Puts an item; waits for room if the queue has a bound. Python: `queue.put(item)`.
    ///
    /// # Errors
    ///
    /// [`PutError`], with the item, if it cannot be serialised, or the queue is closed.
    ///
    /// ```
    /// # use woozle::multiprocessing::Queue;
    /// let queue = Queue::new()?;
    /// queue.put(42)?;
    /// assert_eq!(queue.get()?, 42);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn put(&self, item: T) -> Result<(), PutError<T>>
    where
        T: Serialize,
    {
        self.put_until(item, Some(Deadline::NEVER))
    }

    /// Puts an item if there is room now. Python: `queue.put_nowait(item)`.
    ///
    /// # Errors
    ///
    /// [`PutError`], with the item; [`PutError::Full`] if there is no room.
    ///
    /// ```
    /// # use woozle::multiprocessing::Queue;
    /// let queue = Queue::with_maxsize(1)?;
    /// assert!(queue.put_nowait(1).is_ok());
    /// assert!(queue.put_nowait(2).is_err());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn put_nowait(&self, item: T) -> Result<(), PutError<T>>
    where
        T: Serialize,
    {
        self.put_until(item, None)
    }

    /// Puts an item, waiting for room for at most this long. Python: `queue.put(item, timeout=...)`.
    ///
    /// # Errors
    ///
    /// [`PutError`], with the item; [`PutError::Full`] if there was no room in time.
    ///
    /// ```
    /// # use woozle::multiprocessing::Queue;
    /// # use std::time::Duration;
    /// let queue = Queue::with_maxsize(1)?;
    /// assert!(queue.put_timeout(1, Duration::from_millis(1)).is_ok());
    /// assert!(queue.put_timeout(2, Duration::from_millis(1)).is_err());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn put_timeout(&self, item: T, timeout: Duration) -> Result<(), PutError<T>>
    where
        T: Serialize,
    {
        self.put_until(item, Some(Deadline::after(timeout)))
    }

    fn put_until(&self, item: T, deadline: Option<Deadline>) -> Result<(), PutError<T>>
    where
        T: Serialize,
    {
        if self.raw.outbox().is_closed() {
            return Err(PutError::Closed(item));
        }
        let parcel = match descriptors::pack(&item) {
            Ok(parcel) if parcel.descriptors.len() > MAX_DESCRIPTORS => {
                let error = CodecError::new(format_args!(
                    "an item can hold {MAX_DESCRIPTORS} descriptors (of locks, pipes, shared \
                     arrays), not {}",
                    parcel.descriptors.len()
                ));
                return Err(PutError::Unserialisable(item, error));
            }
            Ok(parcel) => parcel,
            Err(error) => return Err(PutError::Unserialisable(item, error)),
        };
        match self.raw.put(parcel, deadline) {
            Ok(()) => Ok(()),
            Err(Refusal::Full) => Err(PutError::Full(item)),
            Err(Refusal::System(error)) => Err(PutError::System(item, error)),
        }
    }

    /// Waits for an item and takes it out. Python: `queue.get()`.
    ///
    /// # Errors
    ///
    /// [`GetError`] if the queue is closed, or what came is no `T`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Queue;
    /// let queue = Queue::new()?;
    /// queue.put((1, "honey".to_string()))?;
    /// let (n, what) = queue.get()?;
    /// assert_eq!((n, what.as_str()), (1, "honey"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get(&self) -> Result<T, GetError>
    where
        T: DeserializeOwned,
    {
        self.get_until(Some(Deadline::NEVER))
    }

    /// Takes an item out if there is one. Python: `queue.get_nowait()`.
    ///
    /// # Errors
    ///
    /// [`GetError::Empty`] if there is none.
    ///
    /// ```
    /// # use woozle::multiprocessing::Queue;
    /// assert!(Queue::<u32>::new()?.get_nowait().is_err());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn get_nowait(&self) -> Result<T, GetError>
    where
        T: DeserializeOwned,
    {
        self.get_until(None)
    }

    /// Waits for an item for at most this long. Python: `queue.get(timeout=...)`.
    ///
    /// # Errors
    ///
    /// [`GetError::Empty`] if none came in time.
    ///
    /// ```
    /// # use woozle::multiprocessing::Queue;
    /// # use std::time::Duration;
    /// let queue = Queue::<u32>::new()?;
    /// assert!(queue.get_timeout(Duration::from_millis(1)).is_err());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn get_timeout(&self, timeout: Duration) -> Result<T, GetError>
    where
        T: DeserializeOwned,
    {
        self.get_until(Some(Deadline::after(timeout)))
    }

    fn get_until(&self, deadline: Option<Deadline>) -> Result<T, GetError>
    where
        T: DeserializeOwned,
    {
        if self.raw.outbox().is_closed() {
            return Err(GetError::Closed);
        }
        let packet = self.raw.get(deadline)?.ok_or(GetError::Empty)?;
        Ok(descriptors::unpack(&packet.bytes, packet.descriptors)?)
    }

    /// How many items are in the queue at this moment. Python: `queue.qsize()`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Queue;
    /// let queue = Queue::new()?;
    /// queue.put(1)?;
    /// assert_eq!(queue.qsize(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn qsize(&self) -> usize {
        self.raw.len()
    }

    /// Whether there is nothing to get at this moment. Python: `queue.empty()`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Queue;
    /// let queue = Queue::new()?;
    /// queue.put(1)?;
    /// assert!(!queue.empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// Whether the queue has no room at this moment. Python: `queue.full()`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Queue;
    /// assert!(!Queue::<u32>::with_maxsize(1)?.full());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn full(&self) -> bool {
        self.maxsize() != 0 && self.qsize() >= self.maxsize()
    }

    /// The bound; 0 for none.
    ///
    /// ```
    /// # use woozle::multiprocessing::Queue;
    /// assert_eq!(Queue::<u32>::with_maxsize(3)?.maxsize(), 3);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn maxsize(&self) -> usize {
        self.raw.rules().maxsize as usize
    }

    /// Says that this process will use the queue no more, through this handle and its clones. What
    /// was put is still sent. Python: `queue.close()`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Queue;
    /// let queue = Queue::new()?;
    /// queue.close();
    /// assert!(queue.put(1).is_err() && queue.get().is_err());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn close(&self) {
        self.raw.outbox().close();
    }

    /// Waits until all that this process has put is sent; for small amounts, it is at once. Python:
    /// `queue.join_thread()`, which needs a `close()` before; here that is not necessary.
    ///
    /// ```
    /// # use woozle::multiprocessing::Queue;
    /// let queue = Queue::new()?;
    /// queue.put(1)?;
    /// queue.join_thread();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn join_thread(&self) {
        self.raw.outbox().wait_sent(Deadline::NEVER);
    }

    /// Lets this process end without waiting until all that it has put is sent; what is not sent then
    /// is lost. Python: `queue.cancel_join_thread()`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Queue;
    /// let queue = Queue::new()?;
    /// queue.put(1)?;
    /// queue.cancel_join_thread();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cancel_join_thread(&self) {
        self.raw.outbox().abandon();
    }

    pub(super) fn raw(&self) -> &RawQueue {
        &self.raw
    }
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self {
            raw: self.raw.clone(),
            item: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue")
            .field("qsize", &self.qsize())
            .field("maxsize", &self.maxsize())
            .finish()
    }
}

impl<T> Serialize for Queue<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Queue<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawQueue::deserialize(deserializer)?;
        Ok(Self {
            raw,
            item: PhantomData,
        })
    }
}

impl<T> Hold for Queue<T> {
    fn hold(&self) -> Result<Held<'_>, ConnectionError> {
        Ok(self.raw.reader().clone().into())
    }
}

impl<T> Waitable for Queue<T> {}
