//! `AsyncResult`: what a verb that returns at once gives.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::backend::Backend;
use super::error::PoolError;
use super::job::CallId;
use super::promise::Promise;
use super::results::Waiting;
use crate::wait::Deadline;

/// A result that will be there: Python's `multiprocessing.pool.AsyncResult`.
///
/// A clone is another handle of the same result.
///
/// ```
/// use woozle::multiprocessing::Pool;
///
/// fn square(n: u32) -> u32 { n * n }
///
/// let pool = Pool::new(2)?;
/// let result = pool.apply_async(square, (7,));
/// assert_eq!(result.get()?, 49);
/// # Ok::<(), woozle::multiprocessing::PoolError>(())
/// ```
pub struct AsyncResult<T> {
    /// The pool whose results may have to be collected; none of threads.
    pool: Option<Arc<dyn Backend>>,
    promise: Arc<Promise<T>>,
    waiting: Arc<Waiting>,
}

impl<T: Send + 'static> AsyncResult<T> {
    pub(super) fn new(pool: Arc<dyn Backend>, promise: Arc<Promise<T>>) -> Self {
        let (backend, call) = (pool.clone(), CallId::of(&promise));
        Self {
            pool: Some(pool),
            promise,
            waiting: Arc::new(Waiting::new(move || backend.abandon(call))),
        }
    }

    /// Of threads; `cancel` cancels those of the tasks that have not begun.
    pub(crate) fn of_threads(
        promise: Arc<Promise<T>>,
        cancel: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self {
            pool: None,
            promise,
            waiting: Arc::new(Waiting::new(cancel)),
        }
    }

    /// Waits for the result and gives it. The value itself is given, to whoever asks first; an error
    /// can be had again. Python: `result.get()`.
    ///
    /// # Errors
    ///
    /// [`PoolError`]: what kept the task from giving a result.
    ///
    /// ```
    /// # use woozle::multiprocessing::{Pool, PoolError};
    /// let pool = Pool::new(1)?;
    /// let result = pool.apply_async(|n: u32| n + 1, (41,));
    /// assert_eq!(result.get()?, 42);
    /// assert!(matches!(result.get(), Err(PoolError::ResultTaken)));
    /// # Ok::<(), PoolError>(())
    /// ```
    pub fn get(&self) -> Result<T, PoolError> {
        self.wait_until(Deadline::NEVER);
        self.promise.take()
    }

    /// As [`get`](Self::get), for at most this long. Python: `result.get(timeout)`.
    ///
    /// # Errors
    ///
    /// [`PoolError`], which may be [`PoolError::TimedOut`].
    ///
    /// ```
    /// # use woozle::multiprocessing::{Pool, PoolError};
    /// # use std::{thread::sleep, time::Duration};
    /// let pool = Pool::new(1)?;
    /// let result = pool.apply_async(|| sleep(Duration::from_secs(60)), ());
    /// let early = result.get_timeout(Duration::from_millis(1));
    /// assert!(matches!(early, Err(PoolError::TimedOut)));
    /// # Ok::<(), PoolError>(())
    /// ```
    pub fn get_timeout(&self, timeout: Duration) -> Result<T, PoolError> {
        self.wait_until(Deadline::after(timeout));
        self.promise.take()
    }

    /// Waits for the result. Python: `result.wait()`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(1)?;
    /// let result = pool.apply_async(|| 1, ());
    /// result.wait();
    /// assert!(result.ready());
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn wait(&self) {
        self.wait_until(Deadline::NEVER);
    }

    /// Waits for the result, for at most this long; whether it is there. Python:
    /// `result.wait(timeout)`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// # use std::{thread::sleep, time::Duration};
    /// let pool = Pool::new(1)?;
    /// let result = pool.apply_async(|| sleep(Duration::from_secs(60)), ());
    /// assert!(!result.wait_timeout(Duration::from_millis(1)));
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn wait_timeout(&self, timeout: Duration) -> bool {
        self.wait_until(Deadline::after(timeout))
    }

    /// Whether the result, or an error, is there. Python: `result.ready()`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(1)?;
    /// let result = pool.apply_async(|| 1, ());
    /// result.wait();
    /// assert!(result.ready());
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn ready(&self) -> bool {
        self.promise.is_ready()
    }

    /// Whether there is a result rather than an error; none as long as neither is there. Python:
    /// `result.successful()`, which raises then.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(1)?;
    /// let result = pool.apply_async(|n: u32| 1 / n, (0,));
    /// result.wait();
    /// assert_eq!(result.successful(), Some(false));
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn successful(&self) -> Option<bool> {
        self.promise.is_successful()
    }

    /// Calls `callback` with the result as soon as it is there. Python: the argument `callback` of the
    /// verbs.
    ///
    /// Callbacks run on the thread that collects the pool's results, so they should be short. If one
    /// panics, that is reported on stderr.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(1)?;
    /// let result = pool.apply_async(|| 1, ()).on_result(|n| println!("it is {n}"));
    /// result.wait();
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn on_result(self, callback: impl FnOnce(&T) + Send + 'static) -> Self {
        self.promise.on_ready(Box::new(|result| {
            if let Ok(value) = result {
                callback(value);
            }
        }));
        self
    }

    /// Calls `callback` with the error as soon as there is one. Python: the argument `error_callback`
    /// of the verbs.
    ///
    /// ```
    /// # use woozle::multiprocessing::Pool;
    /// let pool = Pool::new(1)?;
    /// let result = pool.apply_async(|n: u32| 1 / n, (0,)).on_error(|e| println!("{e}"));
    /// result.wait();
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn on_error(self, callback: impl FnOnce(&PoolError) + Send + 'static) -> Self {
        self.promise.on_ready(Box::new(|result| {
            if let Err(error) = result {
                callback(error);
            }
        }));
        self
    }

    fn wait_until(&self, deadline: Deadline) -> bool {
        let ready = || self.promise.is_ready();
        let sleep = |deadline| self.promise.wait(deadline);
        self.waiting.during(|| match &self.pool {
            Some(pool) => pool.wait(deadline, &ready, &sleep),
            None => sleep(deadline),
        })
    }
}

impl<T> Clone for AsyncResult<T> {
    fn clone(&self) -> Self {
        Self {
            pool: self.pool.clone(),
            promise: self.promise.clone(),
            waiting: self.waiting.clone(),
        }
    }
}

impl<T> fmt::Debug for AsyncResult<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.promise.is_successful() {
            None => "pending",
            Some(true) => "successful",
            Some(false) => "failed",
        };
        write!(f, "<AsyncResult {state}>")
    }
}
