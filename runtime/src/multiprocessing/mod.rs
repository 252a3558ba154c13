//! Processes that run functions of cells, under the names of Python's `multiprocessing`.
//!
//! ```
//! use woozle::multiprocessing::{Pool, Process};
//!
//! fn square(n: u64) -> u64 { n * n }
//!
//! let pool = Pool::new(2)?;
//! assert_eq!(pool.map(square, 0..4)?, [0, 1, 4, 9]);
//!
//! let p = Process::new(|| println!("hello from process {}", std::process::id()));
//! p.start()?;
//! p.join()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! For speed alone, Rust needs no processes: threads share memory, and nothing holds them up. A process
//! is for what may crash, for memory that is to be given back, and for foreign code that cannot run
//! twice in one process.
//!
//! - [`Process`]: one function in a process of its own.
//! - [`Pool`]: workers that run many tasks; [`ThreadPool`] has the same verbs on threads, and
//!   [`concurrent::ProcessPoolExecutor`](crate::concurrent::ProcessPoolExecutor) gives futures.
//! - [`Queue`], [`pipe`]: what processes tell each other.
//! - [`Lock`], [`Event`] and so on, [`Value`], [`Array`], [`SharedArray`]: what processes share. Their
//!   handles go to processes as arguments.
//! - [`Manager`]: lists, dicts and more that a process holds for all others.
//!
//! # How it works
//!
//! A function goes to another process as its place in the library of its cell, which the process
//! loads; so it must capture nothing. Arguments and results are serialised by serde, but for vectors and
//! arrays of plain numbers, which are copied as they are through shared memory. Processes are forked
//! from a small process with one thread, the forkserver, never from the session itself; they begin with the session's
//! environment and working directory of that moment, and end when the session ends, however that happens.
//!
//! | Python | Woozle |
//! | --- | --- |
//! | `Process(target=f, args=(a, b))` | [`Process::new`]`(f)`, [`Process::with_args`]`(f, (a, b))` |
//! | a subclass with `run` | [`Process::of`] |
//! | `start`, `join`, `is_alive`, `terminate`, `kill`, `close`, `pid`, `exitcode`, `sentinel`, `name`, `daemon` | the methods of [`Process`] of that name |
//! | `join(t)` | [`Process::join_timeout`] |
//! | `authkey` | none: sockets between processes have no name |
//! | `current_process`, `parent_process`, `active_children`, `cpu_count` | the functions of that name |
//! | `get_start_method` | [`get_start_method`], which says why there is one |
//! | `set_start_method`, `get_context`, `freeze_support`, `set_forkserver_preload` | none: there is nothing to choose |
//! | `Pool(n)`, `Pool(n, init, initargs, maxtasksperchild)` | [`Pool::new`], [`Pool::builder`] |
//! | `apply`, `apply_async`, `map`, `map_async`, `starmap`, `starmap_async`, `imap`, `imap_unordered`, `close`, `terminate`, `join` | the methods of [`Pool`] of that name |
//! | `chunksize=n` | [`Pool::chunksize`] |
//! | `callback=f`, `error_callback=f` | [`AsyncResult::on_result`], [`AsyncResult::on_error`] |
//! | `AsyncResult`: `get`, `wait`, `ready`, `successful` | the methods of [`AsyncResult`] of that name, and `..._timeout` |
//! | `pool.ThreadPool` | [`ThreadPool`] |
//! | `TimeoutError`, `MaybeEncodingError`, a task's exception | variants of [`PoolError`] |
//! | `Queue(maxsize)`, `JoinableQueue`, `SimpleQueue` | [`Queue::new`], [`Queue::with_maxsize`], [`JoinableQueue`], [`SimpleQueue`] |
//! | `queue.Empty`, `queue.Full`, `ValueError` after `close` | variants of [`GetError`] and [`PutError`] |
//! | `Pipe()`, `Pipe(duplex=False)` | [`pipe`], [`one_way_pipe`] |
//! | `connection.wait(list)`, `wait(list, t)` | [`connection::wait`](fn@connection::wait), [`connection::wait_timeout`] |
//! | `connection.Listener`, `Client` | none yet |
//! | `Manager()`: `list`, `dict`, `Queue`, `Value`, `Namespace`, `Event`, `Lock` | [`Manager`] and its methods, which give proxies |
//! | `BaseManager.register`, `connect` | none: a process with a pipe |
//! | `Lock`, `RLock`, `Semaphore`, `BoundedSemaphore`, `Condition`, `Event`, `Barrier` | the types of that name |
//! | `Value`, `Array` | [`Value`], [`Array`] |
//! | `RawValue`, `RawArray` | none: what several processes write needs a lock, or is an atomic in [`SharedMemory`] |
//! | `shared_memory.SharedMemory` | [`SharedMemory`]; for arrays: [`SharedArray`] |
//! | `ShareableList`, `SharedMemoryManager` | none: a `SharedArray`, or a tuple that is sent |
//! | `get_logger`, `log_to_stderr` | none |

mod children;
pub mod cluster;
pub mod connection;
mod error;
mod manager;
mod memory;
mod pool;
mod process;
mod queue;
mod sync;
#[cfg(test)]
mod tests;
mod thread_pool;
mod transport;

pub use children::exit::Exit;
pub use children::function::{Call, Portable};
pub use connection::{Connection, ConnectionError, one_way_pipe, pipe};
pub use error::ProcessError;
pub use manager::{
    DictProxy, EventProxy, ListProxy, LockProxy, LockProxyGuard, Manager, ManagerError,
    NamespaceProxy, QueueProxy, Refusal, ValueProxy,
};
pub use memory::array::{Array, ArrayGuard};
pub use memory::number::Number;
pub use memory::shared_array::{SharedArray, SharedArrayGuard};
pub use memory::shared_memory::SharedMemory;
pub use memory::value::Value;
pub use pool::{Arguments, AsyncResult, Chunked, Imap, Pool, PoolBuilder, PoolError, TaskPanic};
pub(crate) use pool::{PoolHandle, Target};
pub use process::{
    Process, ProcessInfo, active_children, cpu_count, current_process, get_start_method,
    parent_process,
};
pub use queue::{GetError, JoinableQueue, PutError, Queue, SimpleQueue};
pub use sync::{
    Barrier, BoundedSemaphore, Condition, ConditionGuard, Event, Lock, LockError, LockGuard, RLock,
    RLockGuard, Semaphore, SemaphoreGuard,
};
pub use thread_pool::{ThreadPool, Workers};
pub use transport::descriptors::CodecError;

pub(crate) use children::child::{before_resuming, forkserver_pid, live_pids};
pub(crate) use children::environment::memory_limit;
pub(crate) use children::forkserver::serve_if_asked;
pub(crate) use memory::checkpointed_words::Words as SharedWords;
pub(crate) use memory::segment::Segment;

/// All threads of a copy of this process are back: whoever waits for a child process of the other one, or for a cluster, hears of
/// its end.
pub(crate) fn after_resuming() {
    children::child::after_resuming();
    cluster::after_resuming();
}
