//! What all executors have in common: `Executor`, and `Call` for what they can run.

use super::future::Future;
use super::map::Map;

/// How [`Executor::shutdown_with`] ends an executor: Python's arguments of `shutdown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shutdown {
    /// Wait until the running tasks, and those not cancelled, have ended.
    pub wait: bool,
    /// Cancel the tasks that have not begun.
    pub cancel_futures: bool,
}

impl Default for Shutdown {
    /// Waits, and cancels nothing.
    fn default() -> Self {
        Self {
            wait: true,
            cancel_futures: false,
        }
    }
}

/// Something that runs tasks: Python's `concurrent.futures.Executor`, without what it can run, which
/// is [`Call`].
///
/// ```
/// use woozle::concurrent::{ComputePool, Executor, ThreadPoolExecutor};
///
/// let pools: [&dyn Executor; 2] = [&ThreadPoolExecutor::new(2), &ComputePool::new(2)?];
/// assert!(pools.iter().all(|pool| pool.max_workers() == 2));
/// # Ok::<(), woozle::threading::ThreadError>(())
/// ```
pub trait Executor {
    /// How many tasks it runs at the same time at most.
    fn max_workers(&self) -> usize;

    /// Takes no more tasks. Python: `executor.shutdown(wait=..., cancel_futures=...)`.
    fn shutdown_with(&self, how: Shutdown);

    /// Takes no more tasks and waits until all have ended. Python: `executor.shutdown()`.
    fn shutdown(&self) {
        self.shutdown_with(Shutdown::default());
    }
}

/// An [`Executor`] that can call `F` with an `A`.
///
/// It is for code that is to work with any executor: which functions, arguments and results can
/// travel depends on how far they have to, and each executor says it in its `impl`. To a thread, it
/// is all that is [`Send`] and owns what it uses.
///
/// ```
/// use woozle::concurrent::{Call, ComputePool, FutureError, ThreadPoolExecutor};
///
/// fn total<F: Copy, E: Call<F, u32, Output = u32>>(executor: &E, f: F) -> Result<u32, FutureError> {
///     executor.call_each(f, 0..4).sum()
/// }
///
/// let square = |n| n * n;
/// assert_eq!(total(&ThreadPoolExecutor::new(2), square)?, 14);
/// assert_eq!(total(&ComputePool::new(2)?, square)?, 14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Call<F, A>: Executor {
    /// What `F` gives.
    type Output;

    /// Calls `function` with `argument`, in the executor. Python: `executor.submit(fn, arg)`.
    fn call(&self, function: F, argument: A) -> Future<Self::Output>;

    /// Calls `function` with each item; gives the results in the order of the items. Python:
    /// `executor.map(fn, items)`.
    fn call_each<I>(&self, function: F, items: I) -> Map<Self::Output>
    where
        F: Clone,
        I: IntoIterator<Item = A>,
    {
        let call = |item| self.call(function.clone(), item);
        Map::new(items.into_iter().map(call).collect())
    }
}
