//! `JoinableQueue`: a queue that knows when everything in it has been dealt with.

use std::fmt;
use std::io;
use std::ops::Deref;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::connection::{ConnectionError, Held, Hold, Waitable};
use super::Queue;
use crate::queue::TaskDoneError;
use crate::wait::Deadline;

/// A queue between processes with `task_done` and `join`: Python's `multiprocessing.JoinableQueue`.
/// The other methods are those of [`Queue`].
///
/// ```
/// use woozle::multiprocessing::{JoinableQueue, Process};
///
/// fn work(tasks: JoinableQueue<u32>) {
///     while let Ok(task) = tasks.get() {
///         println!("task {task}");
///         tasks.task_done().unwrap();
///     }
/// }
///
/// let tasks = JoinableQueue::new()?;
/// let worker = Process::with_args(work, (tasks.clone(),))?;
/// worker.set_daemon(true)?;
/// worker.start()?;
/// for task in 1..=3 {
///     tasks.put(task)?;
/// }
/// tasks.join();
/// worker.terminate()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct JoinableQueue<T>(Queue<T>);

impl<T> JoinableQueue<T> {
    /// A new queue without bound. Python: `JoinableQueue()`.
    ///
    /// # Errors
    ///
    /// As [`Queue::new`]'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::JoinableQueue;
    /// assert!(JoinableQueue::<u32>::new()?.empty());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn new() -> io::Result<Self> {
        Self::with_maxsize(0)
    }

    /// A new queue that holds at most so many items; 0 means no bound. Python:
    /// `JoinableQueue(maxsize)`.
    ///
    /// # Errors
    ///
    /// As [`Queue::new`]'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::JoinableQueue;
    /// assert_eq!(JoinableQueue::<u32>::with_maxsize(3)?.maxsize(), 3);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn with_maxsize(maxsize: usize) -> io::Result<Self> {
        Queue::with_rules(maxsize, true).map(Self)
    }

    /// Says that an item that was got is dealt with. Python: `queue.task_done()`.
    ///
    /// # Errors
    ///
    /// [`TaskDoneError`] if all are done already (Python's `ValueError`). Nothing changes.
    ///
    /// ```
    /// # use woozle::multiprocessing::JoinableQueue;
    /// assert!(JoinableQueue::<u32>::new()?.task_done().is_err());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn task_done(&self) -> Result<(), TaskDoneError> {
        self.raw().task_done().then_some(()).ok_or(TaskDoneError)
    }

    /// Waits until every item that was put, in whatever process, is `task_done`. Python:
    /// `queue.join()`.
    ///
    /// The item of a process that dies before its `task_done` is never done; see
    /// [`join_timeout`](Self::join_timeout).
    ///
    /// ```
    /// # use woozle::multiprocessing::JoinableQueue;
    /// let queue = JoinableQueue::new()?;
    /// queue.put(1)?;
    /// queue.get()?;
    /// queue.task_done()?;
    /// queue.join();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn join(&self) {
        self.raw().join(Deadline::NEVER);
    }

    /// As [`join`](Self::join), for at most this long; whether all are done. Python has no such form.
    ///
    /// ```
    /// # use woozle::multiprocessing::JoinableQueue;
    /// # use std::time::Duration;
    /// let queue = JoinableQueue::new()?;
    /// queue.put(1)?;
    /// assert!(!queue.join_timeout(Duration::from_millis(1)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn join_timeout(&self, timeout: Duration) -> bool {
        self.raw().join(Deadline::after(timeout))
    }
}

impl<T> Deref for JoinableQueue<T> {
    type Target = Queue<T>;

    fn deref(&self) -> &Queue<T> {
        &self.0
    }
}

impl<T> Clone for JoinableQueue<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> fmt::Debug for JoinableQueue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JoinableQueue").field(&self.0).finish()
    }
}

impl<T> Serialize for JoinableQueue<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for JoinableQueue<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Queue::deserialize(deserializer).map(Self)
    }
}

impl<T> Hold for JoinableQueue<T> {
    fn hold(&self) -> Result<Held<'_>, ConnectionError> {
        self.0.hold()
    }
}

impl<T> Waitable for JoinableQueue<T> {}
