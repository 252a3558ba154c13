//! `ThreadPoolExecutor`: tasks for a pool of threads.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::executor::{Call, Executor, Shutdown};
use super::future::Future;
use super::map::Map;
use super::task::Task;
use super::workers::{Initializer, Settings, Workers};

/// A pool of threads that run tasks: Python's `ThreadPoolExecutor`.
///
/// Threads are made when they are needed, up to the number given, and used again. A clone is
/// another handle of the same pool; when the last one is dropped, the pool finishes its tasks and
/// ends, as Python's does at the end of `with`.
///
/// ```
/// use woozle::concurrent::ThreadPoolExecutor;
///
/// let pool = ThreadPoolExecutor::new(2);
/// let futures: Vec<_> = ["pooh", "piglet"].map(|name| pool.submit(move || name.len())).into();
/// for future in &futures {
///     println!("{}", future.result()?);
/// }
/// # Ok::<(), woozle::concurrent::FutureError>(())
/// ```
///
/// A task that waits for another task of the same pool waits for ever if no thread is left, as in
/// Python.
///
/// What differs from Python: [`submit`](Self::submit) never fails; a future that cannot be run says why in its
/// [`result`](Future::result). An initializer that fails ends the pool with one clear error.
#[derive(Clone)]
pub struct ThreadPoolExecutor(Arc<Owner>);

/// The last handle: its drop ends the pool.
struct Owner(Arc<Workers>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.shut_down(false);
        self.0.join();
    }
}

impl ThreadPoolExecutor {
    /// A pool of at most so many threads. Python: `ThreadPoolExecutor(max_workers)`.
    ///
    /// 0, a `ValueError` in Python, means the [default](Self::default).
    ///
    /// ```
    /// # use woozle::concurrent::ThreadPoolExecutor;
    /// assert_eq!(ThreadPoolExecutor::new(4).max_workers(), 4);
    /// ```
    pub fn new(max_workers: usize) -> Self {
        Self::builder().max_workers(max_workers).build()
    }

    /// Settings for a pool: threads, their names, an initializer.
    ///
    /// ```
    /// # use woozle::concurrent::ThreadPoolExecutor;
    /// # use woozle::threading::current_thread;
    /// let pool = ThreadPoolExecutor::builder().thread_name_prefix("bees").build();
    /// assert_eq!(pool.submit(|| current_thread().name()).result()?, "bees_0");
    /// # Ok::<(), woozle::concurrent::FutureError>(())
    /// ```
    pub fn builder() -> ExecutorBuilder {
        ExecutorBuilder::default()
    }

    /// Gives a task to the pool; its future gives the result, or the panic. Python:
    /// `executor.submit(fn, ...)`.
    ///
    /// If the pool is shut down or broken, the future says so.
    ///
    /// ```
    /// # use woozle::concurrent::ThreadPoolExecutor;
    /// let pool = ThreadPoolExecutor::new(2);
    /// let honey = 3;
    /// assert_eq!(pool.submit(move || honey + 1).result()?, 4);
    /// # Ok::<(), woozle::concurrent::FutureError>(())
    /// ```
    pub fn submit<T, F>(&self, task: F) -> Future<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let (job, future) = Task::boxed(Box::new(task));
        self.0.0.submit(job);
        future
    }

    /// Calls `function` with each item, in the pool; gives the results in the order of the items.
    /// Python: `executor.map(fn, items)`.
    ///
    /// All items are submitted at once. Those that have not begun are cancelled if the iterator is
    /// dropped.
    ///
    /// ```
    /// # use woozle::concurrent::{FutureError, ThreadPoolExecutor};
    /// let pool = ThreadPoolExecutor::new(2);
    /// let lengths: Result<Vec<_>, _> = pool.map(str::len, ["tick", "tock!"]).collect();
    /// assert_eq!(lengths?, [4, 5]);
    /// # Ok::<(), FutureError>(())
    /// ```
    pub fn map<T, F, I>(&self, function: F, items: I) -> Map<T>
    where
        F: Fn(I::Item) -> T + Send + Sync + 'static,
        I: IntoIterator,
        I::Item: Send + 'static,
        T: Send + 'static,
    {
        let function = Arc::new(function);
        let submit = |item| {
            let function = function.clone();
            self.submit(move || function(item))
        };
        Map::new(items.into_iter().map(submit).collect())
    }

    /// Takes no more tasks and waits until all have ended. Python: `executor.shutdown()`.
    ///
    /// ```
    /// # use woozle::concurrent::{FutureError, ThreadPoolExecutor};
    /// let pool = ThreadPoolExecutor::new(2);
    /// let future = pool.submit(|| 42);
    /// pool.shutdown();
    /// assert!(future.done());
    /// assert!(matches!(pool.submit(|| 42).result(), Err(FutureError::ShutDown)));
    /// ```
    pub fn shutdown(&self) {
        self.shutdown_with(Shutdown::default());
    }

    /// Takes no more tasks. Python: `executor.shutdown(wait=..., cancel_futures=...)`.
    ///
    /// A task that shuts its own pool down does not wait for itself.
    ///
    /// ```
    /// # use woozle::concurrent::{Shutdown, ThreadPoolExecutor};
    /// let pool = ThreadPoolExecutor::new(2);
    /// pool.shutdown_with(Shutdown { wait: false, cancel_futures: true });
    /// ```
    pub fn shutdown_with(&self, how: Shutdown) {
        self.0.0.shut_down(how.cancel_futures);
        if how.wait {
            self.0.0.join();
        }
    }

    /// How many threads the pool has at most. Python: `executor._max_workers`.
    ///
    /// ```
    /// # use woozle::concurrent::ThreadPoolExecutor;
    /// assert!(ThreadPoolExecutor::default().max_workers() <= 32);
    /// ```
    pub fn max_workers(&self) -> usize {
        self.0.0.settings().max_workers
    }

    pub(crate) fn is_shut_down(&self) -> bool {
        self.0.0.is_shut_down()
    }

    #[cfg(test)]
    pub(super) fn idle(&self) -> usize {
        self.0.0.idle()
    }
}

impl Executor for ThreadPoolExecutor {
    fn max_workers(&self) -> usize {
        self.max_workers()
    }

    fn shutdown_with(&self, how: Shutdown) {
        self.shutdown_with(how);
    }
}

impl<F, A, T> Call<F, A> for ThreadPoolExecutor
where
    F: FnOnce(A) -> T + Send + 'static,
    A: Send + 'static,
    T: Send + 'static,
{
    type Output = T;

    fn call(&self, function: F, argument: A) -> Future<T> {
        self.submit(move || function(argument))
    }
}

impl Default for ThreadPoolExecutor {
    /// As many threads as the process may use processors, and four more, but at most 32.
    ///
    /// Python counts the machine's processors; this heeds affinity and the limits of a container.
    fn default() -> Self {
        Self::builder().build()
    }
}

impl fmt::Debug for ThreadPoolExecutor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreadPoolExecutor")
            .field("max_workers", &self.max_workers())
            .field("threads", &self.0.0.count())
            .finish()
    }
}

/// A pool's settings: the arguments of Python's `ThreadPoolExecutor`.
///
/// ```
/// use woozle::concurrent::ThreadPoolExecutor;
///
/// let pool = ThreadPoolExecutor::builder()
///     .max_workers(2)
///     .thread_name_prefix("bees")
///     .initializer(|| println!("buzz"))
///     .build();
/// pool.submit(|| println!("honey")).result()?;
/// # Ok::<(), woozle::concurrent::FutureError>(())
/// ```
#[derive(Clone, Default)]
#[must_use = "a builder makes a pool only in `build`"]
pub struct ExecutorBuilder {
    max_workers: usize,
    prefix: Option<String>,
    initializer: Option<Initializer>,
}

impl ExecutorBuilder {
    /// How many threads at most; 0 for the default. Python: `max_workers=`.
    pub fn max_workers(mut self, max_workers: usize) -> Self {
        self.max_workers = max_workers;
        self
    }

    /// The threads are named `prefix_0` and so on. Python: `thread_name_prefix=`.
    pub fn thread_name_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// What each thread does before its first task; the pool is broken if it panics. Python:
    /// `initializer=`.
    pub fn initializer(mut self, initializer: impl Fn() + Send + Sync + 'static) -> Self {
        self.initializer = Some(Arc::new(initializer));
        self
    }

    /// Makes the pool; threads come with the tasks.
    pub fn build(self) -> ThreadPoolExecutor {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = || COUNT.fetch_add(1, Ordering::Relaxed);
        let max_workers = match self.max_workers {
            0 => {
                let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
                processors.saturating_add(4).min(32)
            }
            n => n,
        };
        let prefix = self
            .prefix
            .unwrap_or_else(|| format!("ThreadPoolExecutor-{}", number()));
        let settings = Settings {
            max_workers,
            prefix,
            initializer: self.initializer,
        };
        ThreadPoolExecutor(Arc::new(Owner(Workers::new(settings))))
    }
}

impl fmt::Debug for ExecutorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExecutorBuilder")
            .field("max_workers", &self.max_workers)
            .field("thread_name_prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}
