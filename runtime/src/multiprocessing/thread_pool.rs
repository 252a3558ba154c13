//! `ThreadPool`: the verbs of `Pool`, on threads; and the trait that both have.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::cluster::ClusterPool;
use super::pool::{Arguments, AsyncResult, Pool, PoolError, Promise, TaskPanic};
use crate::concurrent::{FutureError, Shutdown, ThreadPoolExecutor};
use crate::multiprocessing::children::function::Call;
use crate::sync::lock_std;

/// What a [`Pool`] and a [`ThreadPool`] can both do: for code that is to work with either.
///
/// The functions and arguments are those that can go to a process.
///
/// ```
/// use woozle::multiprocessing::{Pool, PoolError, ThreadPool, Workers};
///
/// fn squares(workers: &impl Workers) -> Result<Vec<u32>, PoolError> {
///     workers.map(|n| n * n, 1..4)
/// }
///
/// assert_eq!(squares(&Pool::new(2)?)?, squares(&ThreadPool::new(2)?)?);
/// # Ok::<(), PoolError>(())
/// ```
pub trait Workers {
    /// How many workers there are.
    fn processes(&self) -> usize;

    /// As [`Pool::apply_async`].
    fn apply_async<F, A>(&self, function: F, args: A) -> AsyncResult<F::Output>
    where
        F: Call<A> + Copy + Send + 'static,
        A: Arguments + Send,
        F::Output: Serialize + DeserializeOwned + Send + 'static;

    /// As [`Pool::map_async`].
    fn map_async<F, A, R, I>(&self, function: F, items: I) -> AsyncResult<Vec<R>>
    where
        F: Fn(A) -> R + Copy + Send + 'static,
        A: Serialize + DeserializeOwned + Send + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>;

    /// As [`Pool::starmap_async`].
    fn starmap_async<F, A, I>(&self, function: F, tuples: I) -> AsyncResult<Vec<F::Output>>
    where
        F: Call<A> + Copy + Send + 'static,
        A: Arguments + Send,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>;

    /// As [`Pool::apply`].
    ///
    /// # Errors
    ///
    /// [`PoolError`].
    fn apply<F, A>(&self, function: F, args: A) -> Result<F::Output, PoolError>
    where
        F: Call<A> + Copy + Send + 'static,
        A: Arguments + Send,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
    {
        self.apply_async(function, args).get()
    }

    /// As [`Pool::map`].
    ///
    /// # Errors
    ///
    /// [`PoolError`].
    fn map<F, A, R, I>(&self, function: F, items: I) -> Result<Vec<R>, PoolError>
    where
        F: Fn(A) -> R + Copy + Send + 'static,
        A: Serialize + DeserializeOwned + Send + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.map_async(function, items).get()
    }

    /// As [`Pool::starmap`].
    ///
    /// # Errors
    ///
    /// [`PoolError`].
    fn starmap<F, A, I>(&self, function: F, tuples: I) -> Result<Vec<F::Output>, PoolError>
    where
        F: Call<A> + Copy + Send + 'static,
        A: Arguments + Send,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.starmap_async(function, tuples).get()
    }

    /// As [`Pool::close`].
    fn close(&self);

    /// As [`Pool::join`].
    ///
    /// # Errors
    ///
    /// [`PoolError::StillRunning`].
    fn join(&self) -> Result<(), PoolError>;
}

/// For pools that have all of it as methods of their own.
macro_rules! workers {
    ($pool:ty) => {
        impl Workers for $pool {
            fn processes(&self) -> usize {
                self.processes()
            }

            fn apply_async<F, A>(&self, function: F, args: A) -> AsyncResult<F::Output>
            where
                F: Call<A> + Copy + Send + 'static,
                A: Arguments + Send,
                F::Output: Serialize + DeserializeOwned + Send + 'static,
            {
                self.apply_async(function, args)
            }

            fn map_async<F, A, R, I>(&self, function: F, items: I) -> AsyncResult<Vec<R>>
            where
                F: Fn(A) -> R + Copy + Send + 'static,
                A: Serialize + DeserializeOwned + Send + 'static,
                R: Serialize + DeserializeOwned + Send + 'static,
                I: IntoIterator<Item = A>,
            {
                self.map_async(function, items)
            }

            fn starmap_async<F, A, I>(&self, function: F, tuples: I) -> AsyncResult<Vec<F::Output>>
            where
                F: Call<A> + Copy + Send + 'static,
                A: Arguments + Send,
                F::Output: Serialize + DeserializeOwned + Send + 'static,
                I: IntoIterator<Item = A>,
            {
                self.starmap_async(function, tuples)
            }

            fn close(&self) {
                self.close();
            }

            fn join(&self) -> Result<(), PoolError> {
                self.join()
            }
        }
    };
}

workers!(Pool);
workers!(ClusterPool);

/// The verbs of [`Pool`] on threads: Python's `multiprocessing.pool.ThreadPool`.
///
/// Nothing is copied, and a crash takes everything along. For code that is for threads alone,
/// [`ThreadPoolExecutor`] takes any closure.
///
/// ```
/// use woozle::multiprocessing::{ThreadPool, Workers};
///
/// let pool = ThreadPool::new(4)?;
/// assert_eq!(pool.map(|n: u64| n * n, 1..4)?, [1, 4, 9]);
/// assert_eq!(pool.starmap(u64::pow, [(2, 10), (3, 4)])?, [1024, 81]);
/// # Ok::<(), woozle::multiprocessing::PoolError>(())
/// ```
#[derive(Clone)]
pub struct ThreadPool(ThreadPoolExecutor);

impl ThreadPool {
    /// A pool of this many threads. Python: `ThreadPool(processes)`.
    ///
    /// # Errors
    ///
    /// [`PoolError::NoProcesses`].
    pub fn new(threads: usize) -> Result<Self, PoolError> {
        match threads {
            0 => Err(PoolError::NoProcesses),
            threads => Ok(Self(ThreadPoolExecutor::new(threads))),
        }
    }

    fn submit<T: Send + 'static>(
        &self,
        task: impl FnOnce() -> T + Send + 'static,
    ) -> AsyncResult<T> {
        let promise = Promise::new();
        let future = self.0.submit(task);
        future.add_done_callback({
            let promise = promise.clone();
            move |future| {
                let result = future.take_result().map_err(error_of);
                if let Some(later) = promise.set(result) {
                    later();
                }
            }
        });
        AsyncResult::of_threads(promise, move || {
            future.cancel();
        })
    }

    /// Calls `call` with each item, on the threads.
    fn each<A, R>(
        &self,
        items: impl IntoIterator<Item = A>,
        call: impl Fn(A) -> R + Send + Copy + 'static,
    ) -> AsyncResult<Vec<R>>
    where
        A: Send + 'static,
        R: Send + 'static,
    {
        let items = Vec::from_iter(items);
        let count = items.len();
        let promise = Promise::new();
        if count == 0 {
            let _ = promise.set(Ok(Vec::new()));
            return AsyncResult::of_threads(promise, || {});
        }
        let results = Arc::new(std::sync::Mutex::new((Vec::new(), count)));
        lock_std(&results).0.resize_with(count, || None);
        let mut futures = Vec::with_capacity(count);
        for (index, item) in items.into_iter().enumerate() {
            let (results, promise) = (results.clone(), promise.clone());
            let future = self.0.submit(move || call(item));
            future.add_done_callback(move |future| {
                let mut results = lock_std(&results);
                results.0[index] = Some(future.take_result().map_err(error_of));
                results.1 -= 1;
                if results.1 == 0 {
                    let all = std::mem::take(&mut results.0)
                        .into_iter()
                        .flatten()
                        .collect();
                    drop(results);
                    if let Some(later) = promise.set(all) {
                        later();
                    }
                }
            });
            futures.push(future);
        }
        AsyncResult::of_threads(promise, move || {
            for future in &futures {
                future.cancel();
            }
        })
    }
}

fn error_of(error: FutureError) -> PoolError {
    match error {
        FutureError::Panicked(panic) => PoolError::Panicked(Arc::new(TaskPanic::of_thread(&panic))),
        FutureError::ShutDown => PoolError::NotRunning,
        _ => PoolError::Terminated,
    }
}

impl Workers for ThreadPool {
    fn processes(&self) -> usize {
        self.0.max_workers()
    }

    fn apply_async<F, A>(&self, function: F, args: A) -> AsyncResult<F::Output>
    where
        F: Call<A> + Copy + Send + 'static,
        A: Arguments + Send,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
    {
        self.submit(move || function.call(args))
    }

    fn map_async<F, A, R, I>(&self, function: F, items: I) -> AsyncResult<Vec<R>>
    where
        F: Fn(A) -> R + Copy + Send + 'static,
        A: Serialize + DeserializeOwned + Send + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.each(items, function)
    }

    fn starmap_async<F, A, I>(&self, function: F, tuples: I) -> AsyncResult<Vec<F::Output>>
    where
        F: Call<A> + Copy + Send + 'static,
        A: Arguments + Send,
        F::Output: Serialize + DeserializeOwned + Send + 'static,
        I: IntoIterator<Item = A>,
    {
        self.each(tuples, move |tuple| function.call(tuple))
    }

    fn close(&self) {
        self.0.shutdown_with(Shutdown {
            wait: false,
            cancel_futures: false,
        });
    }

    fn join(&self) -> Result<(), PoolError> {
        if !self.0.is_shut_down() {
            return Err(PoolError::StillRunning);
        }
        self.0.shutdown();
        Ok(())
    }
}

impl fmt::Debug for ThreadPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<ThreadPool pool_size={}>", self.processes())
    }
}
