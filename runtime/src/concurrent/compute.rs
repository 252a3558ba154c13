//! `ComputePool`: tasks that keep processors busy, on rayon.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::FutureError;
use super::executor::{Call, Executor, Shutdown};
use super::future::Future;
use super::map::Map;
use super::task::{Job, Task};
use crate::sync::{Mutex, lock};
use crate::threading::ThreadError;
use crate::wait::{Deadline, WaitSet, Wanted};

/// A pool of threads for tasks that compute, with [`rayon`] inside.
///
/// Python has nothing like it: it would use processes. To the outside it is an executor as
/// [`ThreadPoolExecutor`](super::ThreadPoolExecutor) is, with the same [`Future`]s. Within a task, rayon's parallel iterators,
/// `join` and `scope` divide the work among the threads of this pool, also work that borrows.
///
/// ```
/// use rayon::prelude::*;
/// use woozle::concurrent::ComputePool;
///
/// let pool = ComputePool::new(2)?;
/// let sum = pool.submit(|| (1..=1000_u64).into_par_iter().map(|n| n * n).sum::<u64>());
/// assert_eq!(sum.result()?, 333_833_500);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Which to take:
///
/// - Tasks that compute: this. It has a thread for each processor, and one that has nothing to do takes
///   over part of what another one has divided.
/// - Tasks that wait, for a lock, a queue or the network: [`ThreadPoolExecutor`](super::ThreadPoolExecutor). A task that
///   waits here keeps a processor from its work, and one that waits for another task of its own
///   pool may wait for ever; `rayon::join` is for that.
/// - Work that borrows and that the cell itself waits for: rayon's own `par_iter`, without a pool.
///
/// What a task prints goes to the cell that submitted it; what rayon has other threads do for a
/// task, to the cell that runs. A clone is another handle of the same pool; when the last one is
/// dropped, the pool finishes its tasks and ends.
#[derive(Clone)]
pub struct ComputePool(Arc<Owner>);

/// The last handle: its drop ends the pool.
struct Owner(Arc<Inner>);

struct Inner {
    threads: rayon::ThreadPool,
    state: Mutex<State>,
    ended: WaitSet,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Box<dyn Job>>,
    running: usize,
    shut_down: bool,
}

impl ComputePool {
    /// A pool of so many threads, which start at once; 0 means as many as the process may use
    /// processors.
    ///
    /// # Errors
    ///
    /// [`ThreadError::Spawn`] if the system gives no thread.
    ///
    /// ```
    /// # use woozle::concurrent::ComputePool;
    /// assert_eq!(ComputePool::new(2)?.max_workers(), 2);
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn new(max_workers: usize) -> Result<Self, ThreadError> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let prefix = format!("ComputePool-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let name = prefix.clone();
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(max_workers)
            .thread_name(move |number| format!("{prefix}_{number}"))
            .build()
            .map_err(|error| ThreadError::Spawn {
                name,
                source: io::Error::other(error),
            })?;
        let inner = Inner {
            threads,
            state: Mutex::default(),
            ended: WaitSet::new(),
        };
        Ok(Self(Arc::new(Owner(Arc::new(inner)))))
    }

    /// Gives a task to the pool; its future gives the result, or the panic. If the pool is shut
    /// down, the future says so.
    ///
    /// ```
    /// # use woozle::concurrent::ComputePool;
    /// let pool = ComputePool::new(2)?;
    /// assert_eq!(pool.submit(|| 6 * 7).result()?, 42);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn submit<T, F>(&self, task: F) -> Future<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let (job, future) = Task::boxed(Box::new(task));
        self.inner().submit(job);
        future
    }

    /// Calls `function` with each item, in the pool; gives the results in the order of the items.
    ///
    /// Each item is a task of its own, which can be cancelled. For many small ones, `par_iter` in
    /// one task costs less.
    ///
    /// ```
    /// # use woozle::concurrent::ComputePool;
    /// let pool = ComputePool::new(2)?;
    /// let squares: Result<Vec<_>, _> = pool.map(|n| n * n, 0..4).collect();
    /// assert_eq!(squares?, [0, 1, 4, 9]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
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

    /// Takes no more tasks and waits until all have ended. A task of the pool itself does not wait.
    ///
    /// ```
    /// # use woozle::concurrent::{ComputePool, FutureError};
    /// let pool = ComputePool::new(2)?;
    /// pool.shutdown();
    /// assert!(matches!(pool.submit(|| 42).result(), Err(FutureError::ShutDown)));
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn shutdown(&self) {
        self.shutdown_with(Shutdown::default());
    }

    /// Takes no more tasks; may cancel those that have not begun.
    ///
    /// ```
    /// # use woozle::concurrent::{ComputePool, Shutdown};
    /// let pool = ComputePool::new(2)?;
    /// pool.shutdown_with(Shutdown { wait: false, cancel_futures: true });
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn shutdown_with(&self, how: Shutdown) {
        self.inner().shut_down(how);
    }

    /// How many threads the pool has.
    ///
    /// ```
    /// # use woozle::concurrent::ComputePool;
    /// assert!(ComputePool::new(0)?.max_workers() > 0);
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn max_workers(&self) -> usize {
        self.inner().threads.current_num_threads()
    }

    fn inner(&self) -> &Arc<Inner> {
        &self.0.0
    }
}

impl Inner {
    fn submit(self: &Arc<Self>, job: Box<dyn Job>) {
        let mut state = lock(&self.state);
        if state.shut_down {
            drop(state);
            return job.fail(FutureError::ShutDown);
        }
        state.jobs.push_back(job);
        drop(state);
        // The jobs stay here until a thread is free, so that they can be cancelled.
        let pool = self.clone();
        self.threads.spawn_fifo(move || pool.run_next());
    }

    fn run_next(&self) {
        let job = {
            let mut state = lock(&self.state);
            let job = state.jobs.pop_front();
            state.running += usize::from(job.is_some());
            job
        };
        let Some(job) = job else { return };
        job.run();
        let mut state = lock(&self.state);
        state.running -= 1;
        let over = state.is_over();
        drop(state);
        if over {
            self.ended.wake_all();
        }
    }

    fn shut_down(&self, how: Shutdown) {
        let mut state = lock(&self.state);
        state.shut_down = true;
        let cancelled = if how.cancel_futures {
            std::mem::take(&mut state.jobs)
        } else {
            VecDeque::new()
        };
        let over = state.is_over();
        drop(state);
        if over {
            self.ended.wake_all();
        }
        for job in cancelled {
            job.cancel();
        }
        // A thread of the pool would wait for itself.
        if how.wait && self.threads.current_thread_index().is_none() {
            self.ended
                .wait_until(Wanted::Future, Deadline::NEVER, &mut || {
                    lock(&self.state).is_over()
                });
        }
    }
}

impl State {
    fn is_over(&self) -> bool {
        self.running == 0 && self.jobs.is_empty()
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.shut_down(Shutdown::default());
    }
}

impl Executor for ComputePool {
    fn max_workers(&self) -> usize {
        self.max_workers()
    }

    fn shutdown_with(&self, how: Shutdown) {
        self.shutdown_with(how);
    }
}

impl<F, A, T> Call<F, A> for ComputePool
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

impl fmt::Debug for ComputePool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ComputePool")
            .field("max_workers", &self.max_workers())
            .finish_non_exhaustive()
    }
}
