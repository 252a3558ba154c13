//! Tasks for a pool of threads, under the names of Python's `concurrent.futures`.
//!
//! ```
//! use woozle::concurrent::{ThreadPoolExecutor, as_completed};
//!
//! let pool = ThreadPoolExecutor::new(4);
//! let futures: Vec<_> = (0..5).map(|n| pool.submit(move || n * n)).collect();
//! let mut sum = 0;
//! for future in as_completed(&futures) {
//!     sum += future.result()?;
//! }
//! assert_eq!(sum, 30);
//!
//! let squares: Result<Vec<_>, _> = pool.map(|n| n * n, 0..5).collect();
//! assert_eq!(squares?, [0, 1, 4, 9, 16]);
//! # Ok::<(), woozle::concurrent::FutureError>(())
//! ```
//!
//! A task is any closure that owns what it uses. What it prints goes to the cell that submitted it,
//! whichever cell made the pool.
//!
//! - [`ThreadPoolExecutor`]: for tasks that wait.
//! - [`ComputePool`]: for tasks that compute, with rayon inside.
//! - [`ProcessPoolExecutor`]: for tasks that may crash, in processes of their own.
//! - [`Executor`] and [`Call`]: for code that is to work with any of them.
//!
//! | Python | Woozle |
//! | --- | --- |
//! | `ThreadPoolExecutor(n, prefix, initializer)` | [`ThreadPoolExecutor::new`], [`ThreadPoolExecutor::builder`] |
//! | `submit(f, 8)`, `map(f, items, timeout=t)` | `submit(\|\| f(8))`, `map(f, items).timeout(t)` |
//! | `shutdown(wait=, cancel_futures=)`, `with` | `shutdown`, `shutdown_with`; the drop of the last handle |
//! | `Future`: `result`, `exception`, `cancel`, `add_done_callback`, ... | the methods of [`Future`] of that name |
//! | `asyncio.wrap_future(future)` | `future.await` |
//! | `as_completed`, `wait` | the functions of that name, and `..._timeout` |
//! | `CancelledError`, `TimeoutError`, `BrokenExecutor` | the variants of [`FutureError`] |
//! | `InvalidStateError` | [`InvalidStateError`] |
//! | `Executor` | [`Executor`], [`Call`] |
//! | `ProcessPoolExecutor`, `submit(f, 8)` | [`ProcessPoolExecutor`], `submit(f, (8,))` |
//! | `BrokenProcessPool` | none: a dead worker costs its own task alone |
//! | `map(chunksize=)` | none; for chunks of tasks: [`Pool::map`](crate::multiprocessing::Pool::map) |

mod awaited;
#[cfg(not(explored))]
mod compute;
mod core;
mod error;
mod executor;
mod future;
mod map;
#[cfg(not(explored))]
mod process_pool;
mod task;
#[cfg(test)]
mod tests;
mod thread_pool;
mod wait;
mod workers;

pub use awaited::Awaited;
#[cfg(not(explored))]
pub use compute::ComputePool;
pub use error::{FutureError, InvalidStateError};
pub use executor::{Call, Executor, Shutdown};
pub use future::Future;
pub use map::Map;
#[cfg(not(explored))]
pub use process_pool::ProcessPoolExecutor;
pub use thread_pool::{ExecutorBuilder, ThreadPoolExecutor};
pub use wait::{
    AsCompleted, AsCompletedTimeout, DoneAndNotDone, ReturnWhen, TimedOut, as_completed,
    as_completed_timeout, wait, wait_timeout,
};
