//! `Future`: a result that will be there later.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::core::{Core, Phase};
use super::error::{FutureError, InvalidStateError};
use crate::sync::{Mutex, lock};
use crate::threading::thread::panics;
use crate::wait::Deadline;

type Callback<T> = Box<dyn FnOnce(&Future<T>) + Send>;

struct Slot<T> {
    value: Option<T>,
    callbacks: Vec<Callback<T>>,
}

/// A result that will be there later: Python's `concurrent.futures.Future`.
///
/// An executor's `submit` gives one; one made by [`new`](Self::new) is completed by hand. A clone is another handle
/// of the same future. It needs no `await`, unlike a [`std::future::Future`], but where one is used to it, `future.await`
/// gives what [`take_result`](Self::take_result) gives.
///
/// ```
/// use woozle::concurrent::ThreadPoolExecutor;
///
/// let pool = ThreadPoolExecutor::new(2);
/// let future = pool.submit(|| 6 * 7);
/// assert_eq!(future.result()?, 42);
/// assert!(future.done());
/// # Ok::<(), woozle::concurrent::FutureError>(())
/// ```
///
/// What differs from Python: [`result`](Self::result) gives each caller a clone of the result;
/// [`take_result`](Self::take_result) gives the result itself, once, also if it cannot be cloned.
pub struct Future<T> {
    core: Arc<Core>,
    slot: Arc<Mutex<Slot<T>>>,
}

impl<T> Future<T> {
    /// A future that is pending, to be completed by hand. Python: `Future()`.
    ///
    /// ```
    /// # use woozle::concurrent::Future;
    /// let future = Future::new();
    /// future.set_result(42)?;
    /// assert_eq!(future.result().unwrap(), 42);
    /// # Ok::<(), woozle::concurrent::InvalidStateError>(())
    /// ```
    pub fn new() -> Self {
        let slot = Slot {
            value: None,
            callbacks: Vec::new(),
        };
        Self {
            core: Arc::default(),
            slot: Arc::new(Mutex::new(slot)),
        }
    }

    /// Cancels the future if it has not begun to run; whether it is cancelled. Python:
    /// `future.cancel()`.
    ///
    /// ```
    /// # use woozle::concurrent::Future;
    /// let future = Future::<u8>::new();
    /// assert!(future.cancel() && future.cancelled() && future.done());
    /// ```
    pub fn cancel(&self) -> bool {
        let cancelled = self.core.cancel();
        if cancelled == Some(true) {
            self.run_callbacks();
        }
        cancelled.is_some()
    }

    /// Whether the future was cancelled. Python: `future.cancelled()`.
    ///
    /// ```
    /// # use woozle::concurrent::Future;
    /// assert!(!Future::<u8>::new().cancelled());
    /// ```
    pub fn cancelled(&self) -> bool {
        matches!(self.core.phase(), Phase::Cancelled)
    }

    /// Whether the task is running. Python: `future.running()`.
    ///
    /// ```
    /// # use woozle::concurrent::Future;
    /// assert!(!Future::<u8>::new().running());
    /// ```
    pub fn running(&self) -> bool {
        matches!(self.core.phase(), Phase::Running)
    }

    /// Whether the future is finished or cancelled. Python: `future.done()`.
    ///
    /// ```
    /// # use woozle::concurrent::Future;
    /// assert!(!Future::<u8>::new().done());
    /// ```
    pub fn done(&self) -> bool {
        self.core.is_done()
    }

    /// Waits until the future is done, and gives a clone of its result. Python: `future.result()`.
    ///
    /// # Errors
    ///
    /// [`FutureError`]: what kept the task from giving a result.
    ///
    /// ```
    /// # use woozle::concurrent::{FutureError, ThreadPoolExecutor};
    /// let pool = ThreadPoolExecutor::new(1);
    /// assert_eq!(pool.submit(|| 42).result()?, 42);
    /// assert!(pool.submit(|| panic!("bother")).result().is_err());
    /// # Ok::<(), FutureError>(())
    /// ```
    pub fn result(&self) -> Result<T, FutureError>
    where
        T: Clone,
    {
        self.finished(Deadline::NEVER)?;
        lock(&self.slot)
            .value
            .clone()
            .ok_or(FutureError::ResultTaken)
    }

    /// As [`result`](Self::result), for at most this long. Python: `future.result(timeout)`.
    ///
    /// # Errors
    ///
    /// [`FutureError`], which may be [`FutureError::TimedOut`].
    ///
    /// ```
    /// # use woozle::concurrent::{Future, FutureError};
    /// # use std::time::Duration;
    /// let result = Future::<u8>::new().result_timeout(Duration::from_millis(1));
    /// assert!(matches!(result, Err(FutureError::TimedOut)));
    /// ```
    pub fn result_timeout(&self, timeout: Duration) -> Result<T, FutureError>
    where
        T: Clone,
    {
        self.finished(Deadline::after(timeout))?;
        lock(&self.slot)
            .value
            .clone()
            .ok_or(FutureError::ResultTaken)
    }

    /// Waits until the future is done, and gives its result itself, once.
    ///
    /// # Errors
    ///
    /// [`FutureError`], which is [`FutureError::ResultTaken`] if somebody has taken it before.
    ///
    /// ```
    /// # use woozle::concurrent::{FutureError, ThreadPoolExecutor};
    /// struct NotClone(u8);
    /// let future = ThreadPoolExecutor::new(1).submit(|| NotClone(42));
    /// assert_eq!(future.take_result()?.0, 42);
    /// # Ok::<(), FutureError>(())
    /// ```
    pub fn take_result(&self) -> Result<T, FutureError> {
        self.finished(Deadline::NEVER)?;
        lock(&self.slot)
            .value
            .take()
            .ok_or(FutureError::ResultTaken)
    }

    /// Waits until the future is done; gives the error that it ended in, if it did. Python:
    /// `future.exception()`.
    ///
    /// ```
    /// # use woozle::concurrent::ThreadPoolExecutor;
    /// let pool = ThreadPoolExecutor::new(1);
    /// assert!(pool.submit(|| 42).exception().is_none());
    /// assert!(pool.submit(|| panic!("bother")).exception().is_some());
    /// ```
    pub fn exception(&self) -> Option<FutureError> {
        self.finished(Deadline::NEVER).err()
    }

    /// As [`exception`](Self::exception), for at most this long; gives [`FutureError::TimedOut`] if the future is
    /// not done then. Python: `future.exception(timeout)`.
    ///
    /// ```
    /// # use woozle::concurrent::Future;
    /// # use std::time::Duration;
    /// assert!(Future::<u8>::new().exception_timeout(Duration::from_millis(1)).is_some());
    /// ```
    pub fn exception_timeout(&self, timeout: Duration) -> Option<FutureError> {
        self.finished(Deadline::after(timeout)).err()
    }

    /// Calls `callback` with the future when it is done, or at once if it is. Python:
    /// `future.add_done_callback(fn)`.
    ///
    /// Callbacks are called in the order in which they were added, by the thread that completes the
    /// future. If one panics, that is reported on stderr, and the others are called.
    ///
    /// ```
    /// # use woozle::concurrent::ThreadPoolExecutor;
    /// let pool = ThreadPoolExecutor::new(1);
    /// let future = pool.submit(|| 42);
    /// future.add_done_callback(|future| println!("{:?}", future.result()));
    /// ```
    pub fn add_done_callback(&self, callback: impl FnOnce(&Self) + Send + 'static) {
        self.add_callback(Box::new(callback));
    }

    /// From pending to running, by whoever is to run the task; false if the future is cancelled.
    /// Python: `future.set_running_or_notify_cancel()`.
    ///
    /// # Errors
    ///
    /// [`InvalidStateError`] if the future is running or finished.
    ///
    /// ```
    /// # use woozle::concurrent::Future;
    /// let future = Future::<u8>::new();
    /// assert!(future.set_running_or_notify_cancel()? && future.running());
    /// assert!(!future.cancel());
    /// # Ok::<(), woozle::concurrent::InvalidStateError>(())
    /// ```
    pub fn set_running_or_notify_cancel(&self) -> Result<bool, InvalidStateError> {
        self.core.run()
    }

    /// Completes the future with a result. Python: `future.set_result(result)`.
    ///
    /// # Errors
    ///
    /// [`InvalidStateError`] if the future is done. Nothing changes then.
    ///
    /// ```
    /// # use woozle::concurrent::Future;
    /// let future = Future::new();
    /// future.set_result("honey")?;
    /// assert!(future.set_result("haycorns").is_err());
    /// # Ok::<(), woozle::concurrent::InvalidStateError>(())
    /// ```
    pub fn set_result(&self, result: T) -> Result<(), InvalidStateError> {
        let mut slot = lock(&self.slot);
        // Those that wait get the value when the slot is unlocked.
        self.core.finish(None)?;
        slot.value = Some(result);
        drop(slot);
        self.run_callbacks();
        Ok(())
    }

    /// Completes the future with an error, or a message. Python: `future.set_exception(exception)`.
    ///
    /// # Errors
    ///
    /// [`InvalidStateError`] if the future is done. Nothing changes then.
    ///
    /// ```
    /// # use woozle::concurrent::Future;
    /// let future = Future::<u8>::new();
    /// future.set_exception("out of honey")?;
    /// assert_eq!(future.result().unwrap_err().to_string(), "out of honey");
    /// # Ok::<(), woozle::concurrent::InvalidStateError>(())
    /// ```
    pub fn set_exception(
        &self,
        error: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Result<(), InvalidStateError> {
        self.fail(FutureError::Failed(error.into().into()))
    }

    pub(super) fn fail(&self, error: FutureError) -> Result<(), InvalidStateError> {
        self.core.finish(Some(error))?;
        self.run_callbacks();
        Ok(())
    }

    pub(super) fn core(&self) -> &Arc<Core> {
        &self.core
    }

    pub(super) fn finished(&self, deadline: Deadline) -> Result<(), FutureError> {
        self.core.wait(deadline);
        match self.core.phase() {
            Phase::Finished(None) => Ok(()),
            Phase::Finished(Some(error)) => Err(error),
            Phase::Cancelled => Err(FutureError::Cancelled),
            Phase::Pending | Phase::Running => Err(FutureError::TimedOut),
        }
    }

    fn add_callback(&self, callback: Callback<T>) {
        let mut slot = lock(&self.slot);
        if self.core.is_done() {
            drop(slot);
            self.call(callback);
        } else {
            slot.callbacks.push(callback);
        }
    }

    fn run_callbacks(&self) {
        let callbacks = std::mem::take(&mut lock(&self.slot).callbacks);
        for callback in callbacks {
            self.call(callback);
        }
    }

    fn call(&self, callback: Callback<T>) {
        if let Err(panic) = panics::catch(|| callback(self)) {
            eprintln!("Exception in a callback of a future: {panic}");
        }
    }
}

impl<T> Default for Future<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Clone for Future<T> {
    fn clone(&self) -> Self {
        Self {
            core: self.core.clone(),
            slot: self.slot.clone(),
        }
    }
}

impl<T> PartialEq for Future<T> {
    /// Whether they are handles of the same future.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.core, &other.core)
    }
}

impl<T> Eq for Future<T> {}

impl<T> fmt::Debug for Future<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Future {}", self.core.phase().name())?;
        if let Phase::Finished(Some(error)) = self.core.phase() {
            write!(f, ": {error}")?;
        }
        f.write_str(">")
    }
}
