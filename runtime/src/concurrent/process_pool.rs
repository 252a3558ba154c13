//! `ProcessPoolExecutor`: tasks for processes, as futures.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::executor::{Call, Executor, Shutdown};
use super::future::Future;
use super::map::Map;
use crate::multiprocessing::{
    Arguments, Call as CallWith, Pool, PoolError, PoolHandle, Portable, Target,
};
use crate::sync::lock_std;
use crate::wait::{Deadline, WaitSet, Wanted};

/// A number of worker processes, and futures for their results: Python's
/// `concurrent.futures.ProcessPoolExecutor`.
///
/// What can be a task, what can be its arguments, and what becomes of them is as in
/// [`Pool`](crate::multiprocessing::Pool), which has more ways to ask for work.
///
/// ```
/// use woozle::concurrent::{ProcessPoolExecutor, as_completed};
///
/// fn square(n: u64) -> u64 { n * n }
///
/// let executor = ProcessPoolExecutor::new(2)?;
/// let futures: Vec<_> = (0..5).map(|n| executor.submit(square, (n,))).collect();
/// let mut sum = 0;
/// for future in as_completed(&futures) {
///     sum += future.result()?;
/// }
/// assert_eq!(sum, 30);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// What differs from Python: a worker that dies costs its own task alone, whose future has failed with
/// [`PoolError::WorkerDied`]; there is no `BrokenProcessPool` that all others get, too. The drop of
/// the last handle cancels what has not begun, and ends the workers.
#[derive(Clone)]
pub struct ProcessPoolExecutor(Arc<Inner>);

struct Inner {
    pool: PoolHandle,
    state: Mutex<State>,
    idle: WaitSet,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Box<dyn Job>>,
    /// Tasks that the pool has, and that are not done.
    running: usize,
    /// Whether a thread gives tasks to the pool: it goes on as long as there are any.
    starting: bool,
    shut_down: bool,
}

/// A task that waits for a worker. Until then it can be cancelled.
trait Job: Send {
    /// Gives it to the pool; false if it was cancelled.
    fn start(self: Box<Self>, inner: &Arc<Inner>) -> bool;
    fn cancel(self: Box<Self>);
}

struct Task<A, R> {
    /// The function, or why there is none that a worker could call.
    target: Result<Target, PoolError>,
    args: A,
    future: Future<R>,
}

impl<A, R> Job for Task<A, R>
where
    A: Arguments + Send,
    R: Serialize + DeserializeOwned + Send + 'static,
{
    fn start(self: Box<Self>, inner: &Arc<Inner>) -> bool {
        let Ok(true) = self.future.set_running_or_notify_cancel() else {
            return false;
        };
        let (future, done) = (self.future, Arc::downgrade(inner));
        let finish = move |result: Result<R, PoolError>| {
            let _ = match result {
                Ok(value) => future.set_result(value),
                Err(error) => future.set_exception(error),
            };
            if let Some(inner) = done.upgrade() {
                inner.one_is_done();
            }
        };
        inner.pool.apply_then(self.target, self.args, finish);
        true
    }

    fn cancel(self: Box<Self>) {
        self.future.cancel();
    }
}

impl Inner {
    fn one_is_done(self: &Arc<Self>) {
        lock_std(&self.state).running -= 1;
        self.start_some();
        self.idle.wake_all();
    }

    /// Gives tasks to the pool while it has a free worker.
    fn start_some(self: &Arc<Self>) {
        loop {
            let mut state = lock_std(&self.state);
            if state.starting || state.running >= self.pool.processes() {
                return;
            }
            let Some(job) = state.waiting.pop_front() else {
                return;
            };
            state.running += 1;
            state.starting = true;
            drop(state);
            let mut starting = Starting {
                inner: self,
                runs: false,
            };
            starting.runs = job.start(self);
        }
    }

    fn is_idle(&self) -> bool {
        let state = lock_std(&self.state);
        state.running == 0 && state.waiting.is_empty()
    }
}

/// A task that is given to the pool; it does not run if it was cancelled, or its arguments' own code has panicked.
struct Starting<'a> {
    inner: &'a Inner,
    runs: bool,
}

impl Drop for Starting<'_> {
    fn drop(&mut self) {
        let mut state = lock_std(&self.inner.state);
        state.starting = false;
        state.running -= usize::from(!self.runs);
        drop(state);
        self.inner.idle.wake_all();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        for job in std::mem::take(&mut lock_std(&self.state).waiting) {
            job.cancel();
        }
    }
}

impl ProcessPoolExecutor {
    /// An executor of this many workers. Python: `ProcessPoolExecutor(max_workers)`.
    ///
    /// # Errors
    ///
    /// [`PoolError`]: it is 0, or the system gives no processes.
    pub fn new(max_workers: usize) -> Result<Self, PoolError> {
        Pool::new(max_workers).map(Self::on)
    }

    /// An executor on top of a pool, which may have an initializer, or workers that are replaced.
    /// Python: `ProcessPoolExecutor(initializer=..., max_tasks_per_child=...)`.
    ///
    /// ```
    /// use woozle::concurrent::ProcessPoolExecutor;
    /// use woozle::multiprocessing::Pool;
    ///
    /// let pool = Pool::builder().processes(2).max_tasks_per_child(10).build()?;
    /// let executor = ProcessPoolExecutor::on(pool);
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn on(pool: Pool) -> Self {
        Self::on_handle(pool.handle())
    }

    pub(crate) fn on_handle(pool: PoolHandle) -> Self {
        Self(Arc::new(Inner {
            pool,
            state: Mutex::default(),
            idle: WaitSet::new(),
        }))
    }

    /// Calls `function` with these arguments, a tuple, in a worker. Python: `executor.submit(function,
    /// *args)`.
    ///
    /// ```
    /// # use woozle::concurrent::ProcessPoolExecutor;
    /// let executor = ProcessPoolExecutor::new(1)?;
    /// let future = executor.submit(|a: u32, b: u32| a - b, (44, 2));
    /// assert_eq!(future.result()?, 42);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn submit<F, A>(&self, function: F, args: A) -> Future<F::Output>
    where
        F: CallWith<A> + Portable,
        A: Arguments + Send,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
    {
        let future = Future::new();
        let task = Task {
            target: Target::of_tuple(&function),
            args,
            future: future.clone(),
        };
        let mut state = lock_std(&self.0.state);
        if state.shut_down {
            drop(state);
            let _ = future.fail(super::FutureError::ShutDown);
            return future;
        }
        state.waiting.push_back(Box::new(task));
        drop(state);
        self.0.start_some();
        future
    }

    /// Calls `function` with each item, in the workers; gives the results in the order of the items.
    /// Python: `executor.map(function, items)`.
    ///
    /// ```
    /// # use woozle::concurrent::ProcessPoolExecutor;
    /// let executor = ProcessPoolExecutor::new(2)?;
    /// let squares: Result<Vec<u64>, _> = executor.map(|n| n * n, 0..4).collect();
    /// assert_eq!(squares?, [0, 1, 4, 9]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn map<F, A, R, I>(&self, function: F, items: I) -> Map<R>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + Send + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        let submit = |item| self.submit(function, (item,));
        Map::new(items.into_iter().map(submit).collect())
    }

    /// Takes no more tasks and waits until all have ended. Python: `executor.shutdown()`.
    pub fn shutdown(&self) {
        self.shutdown_with(Shutdown::default());
    }

    /// Takes no more tasks. Python: `executor.shutdown(wait=..., cancel_futures=...)`.
    ///
    /// ```
    /// # use woozle::concurrent::{ProcessPoolExecutor, Shutdown};
    /// let executor = ProcessPoolExecutor::new(1)?;
    /// executor.shutdown_with(Shutdown { wait: true, cancel_futures: true });
    /// assert!(executor.submit(|| 1, ()).result().is_err());
    /// # Ok::<(), woozle::multiprocessing::PoolError>(())
    /// ```
    pub fn shutdown_with(&self, how: Shutdown) {
        let cancelled = {
            let mut state = lock_std(&self.0.state);
            state.shut_down = true;
            match how.cancel_futures {
                true => std::mem::take(&mut state.waiting),
                false => VecDeque::new(),
            }
        };
        cancelled.into_iter().for_each(Job::cancel);
        if how.wait {
            let mut idle = || self.0.is_idle();
            self.0
                .idle
                .wait_until(Wanted::Future, Deadline::NEVER, &mut idle);
            self.0.pool.close();
        }
    }

    /// How many workers it has.
    pub fn max_workers(&self) -> usize {
        self.0.pool.processes()
    }
}

impl Executor for ProcessPoolExecutor {
    fn max_workers(&self) -> usize {
        self.max_workers()
    }

    fn shutdown_with(&self, how: Shutdown) {
        self.shutdown_with(how);
    }
}

/// With processes, a function is known by its name alone, and its argument and result travel.
impl<F, A, T> Call<F, A> for ProcessPoolExecutor
where
    F: Fn(A) -> T + Portable,
    A: Serialize + DeserializeOwned + Send + 'static,
    T: Serialize + DeserializeOwned + Send + 'static,
{
    type Output = T;

    fn call(&self, function: F, argument: A) -> Future<T> {
        self.submit(function, (argument,))
    }
}

impl fmt::Debug for ProcessPoolExecutor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessPoolExecutor")
            .field("max_workers", &self.max_workers())
            .finish()
    }
}
