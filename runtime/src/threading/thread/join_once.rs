//! `JoinOnce`: what a `Thread` is when its result cannot be cloned.

use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::sync::lock_std;
use crate::threading::error::ThreadError;
use crate::threading::thread::any::AnyThread;
use crate::wait::Deadline;

/// Where the thread leaves its result.
pub(in crate::threading) type Place<T> = Arc<Mutex<Option<T>>>;

/// A thread whose result is given once: what a [`Thread`](crate::threading::Thread) is when its result cannot be cloned.
///
/// Nobody needs to name it. Since a [`Thread`](crate::threading::Thread) dereferences to it, `t.join()` is the method that clones
/// the result where that is possible, and else the one here.
///
/// ```
/// use woozle::threading::{Thread, ThreadError};
///
/// // An `io::Error` cannot be cloned.
/// let t = Thread::spawn(|| std::fs::read_to_string("/no/such/file"));
/// assert!(t.join()?.is_err());
/// assert!(matches!(t.join(), Err(ThreadError::ResultTaken(_))));
/// # Ok::<(), ThreadError>(())
/// ```
// Not `Clone`, so that `(*t).clone()` of a thread is an `AnyThread`.
pub struct JoinOnce<T> {
    pub(in crate::threading) thread: AnyThread,
    pub(in crate::threading) result: Place<T>,
}

impl<T> JoinOnce<T> {
    /// Waits until the thread has ended, and gives its value itself, once. Python: `t.join()`.
    ///
    /// To wait any number of times, and leave the value there: `AnyThread::join(&t)`.
    ///
    /// # Errors
    ///
    /// Those of [`AnyThread::join`], and [`ThreadError::ResultTaken`] if somebody has taken it before.
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// struct NotClone(u32);
    /// let t = Thread::spawn(|| NotClone(42));
    /// assert_eq!(t.join()?.0, 42);
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn join(&self) -> Result<T, ThreadError> {
        self.thread.join()?;
        self.result(Option::take)
    }

    /// As [`join`](Self::join), for at most this long. Python: `t.join(timeout)`.
    ///
    /// # Errors
    ///
    /// Those of [`join`](Self::join), and [`ThreadError::TimedOut`]; the thread then goes on.
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// # use std::time::Duration;
    /// struct NotClone(u32);
    /// let t = Thread::spawn(|| NotClone(42));
    /// assert_eq!(t.join_timeout(Duration::from_secs(9))?.0, 42);
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn join_timeout(&self, timeout: Duration) -> Result<T, ThreadError> {
        self.thread.join_until(Deadline::after(timeout))?;
        self.result(Option::take)
    }

    /// The result of a thread that has ended.
    pub(in crate::threading) fn result(
        &self,
        how: impl FnOnce(&mut Option<T>) -> Option<T>,
    ) -> Result<T, ThreadError> {
        let mut place = lock_std(&self.result);
        how(&mut place).ok_or_else(|| ThreadError::ResultTaken(self.thread.name()))
    }
}

impl<T> Deref for JoinOnce<T> {
    type Target = AnyThread;

    fn deref(&self) -> &AnyThread {
        &self.thread
    }
}
