//! `SimpleQueue`: a one-way pipe of which everybody has both ends.

use std::borrow::Borrow;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::super::connection::{
    Connection, ConnectionError, Held, Hold, Waitable, one_way_pipe, wait_timeout,
};
use std::time::Duration;

/// The simplest queue between processes: Python's `multiprocessing.SimpleQueue`.
///
/// It is a pipe: it has no bound, counts nothing, and has no thread, so that a [`put`](Self::put)
/// waits while the system's buffer is full (with some hundred small items).
///
/// ```
/// use woozle::multiprocessing::{Process, SimpleQueue};
///
/// let queue = SimpleQueue::new()?;
/// let p = Process::with_args(
///     |queue: SimpleQueue<String>| queue.put("honey".to_string()).unwrap(),
///     (queue.clone(),),
/// )?;
/// p.start()?;
/// assert_eq!(queue.get()?, "honey");
/// p.join()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct SimpleQueue<T> {
    reader: Connection<T>,
    writer: Connection<T>,
}

impl<T> SimpleQueue<T> {
    /// A new queue. Python: `SimpleQueue()`.
    ///
    /// # Errors
    ///
    /// [`ConnectionError::System`] if there are too many open files: a queue has two.
    ///
    /// ```
    /// # use woozle::multiprocessing::SimpleQueue;
    /// assert!(SimpleQueue::<u32>::new()?.empty()?);
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn new() -> Result<Self, ConnectionError> {
        let (reader, writer) = one_way_pipe()?;
        Ok(Self { reader, writer })
    }

    /// Puts an item, or a reference to one. Python: `queue.put(item)`.
    ///
    /// # Errors
    ///
    /// [`ConnectionError`] if it cannot be serialised, or the queue is closed.
    ///
    /// ```
    /// # use woozle::multiprocessing::SimpleQueue;
    /// let queue = SimpleQueue::<u32>::new()?;
    /// queue.put(42)?;
    /// assert_eq!(queue.get()?, 42);
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn put(&self, item: impl Borrow<T>) -> Result<(), ConnectionError>
    where
        T: Serialize,
    {
        self.writer.send(item)
    }

    /// Waits for an item and takes it out. Python: `queue.get()`.
    ///
    /// # Errors
    ///
    /// [`ConnectionError`] if the queue is closed, or what came is no `T`.
    ///
    /// ```
    /// # use woozle::multiprocessing::SimpleQueue;
    /// let queue = SimpleQueue::<String>::new()?;
    /// queue.put("honey".to_string())?;
    /// assert_eq!(queue.get()?, "honey");
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn get(&self) -> Result<T, ConnectionError>
    where
        T: DeserializeOwned,
    {
        self.reader.recv()
    }

    /// Whether there is nothing to get at this moment. Python: `queue.empty()`.
    ///
    /// # Errors
    ///
    /// [`ConnectionError::Closed`].
    ///
    /// ```
    /// # use woozle::multiprocessing::SimpleQueue;
    /// let queue = SimpleQueue::<u32>::new()?;
    /// queue.put(1)?;
    /// assert!(!queue.empty()?);
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn empty(&self) -> Result<bool, ConnectionError> {
        let ready = wait_timeout(&[&self.reader], Duration::ZERO)?;
        Ok(ready.is_empty())
    }

    /// Closes the queue in this process, for this handle and its clones. Python: `queue.close()`.
    ///
    /// ```
    /// # use woozle::multiprocessing::SimpleQueue;
    /// let queue = SimpleQueue::<u32>::new()?;
    /// queue.close();
    /// assert!(queue.put(1).is_err() && queue.get().is_err());
    /// # Ok::<(), woozle::multiprocessing::ConnectionError>(())
    /// ```
    pub fn close(&self) {
        self.reader.close();
        self.writer.close();
    }
}

impl<T> Clone for SimpleQueue<T> {
    fn clone(&self) -> Self {
        Self {
            reader: self.reader.clone(),
            writer: self.writer.clone(),
        }
    }
}

impl<T> fmt::Debug for SimpleQueue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.reader.closed() {
            "<SimpleQueue closed>"
        } else {
            "<SimpleQueue>"
        })
    }
}

impl<T> Hold for SimpleQueue<T> {
    fn hold(&self) -> Result<Held<'_>, ConnectionError> {
        self.reader.hold()
    }
}

impl<T> Waitable for SimpleQueue<T> {}
