//! Processes that run functions of cells, under the names of Python's `multiprocessing`.

mod array;
mod child;
mod codec;
pub mod connection;
mod entry;
mod error;
mod exit;
mod forkserver;
mod function;
mod handoff;
mod manager;
mod number;
mod packet;
mod poll;
mod pool;
mod process;
mod queue;
mod ring;
mod segment;
mod service;
mod shared_array;
mod shared_memory;
mod sync;
#[cfg(all(test, not(shuttle)))]
mod tests;
mod value;

pub use array::{Array, ArrayGuard};
pub use connection::{Connection, ConnectionError, one_way_pipe, pipe};
pub use error::ProcessError;
pub use exit::Exit;
pub use function::Call;
pub use handoff::CodecError;
pub use manager::{
    DictProxy, EventProxy, ListProxy, LockProxy, LockProxyGuard, Manager, ManagerError,
    NamespaceProxy, QueueProxy, Refusal, ValueProxy,
};
pub use number::Number;
pub use pool::{Arguments, AsyncResult, Chunked, Imap, Pool, PoolBuilder, PoolError, TaskPanic};
pub use process::{
    Process, ProcessInfo, active_children, cpu_count, current_process, get_start_method,
    parent_process,
};
pub use queue::{GetError, JoinableQueue, PutError, Queue, SimpleQueue};
pub use shared_array::{SharedArray, SharedArrayGuard};
pub use shared_memory::SharedMemory;
pub use sync::{
    Barrier, BoundedSemaphore, Condition, ConditionGuard, Event, Lock, LockError, LockGuard, RLock,
    RLockGuard, Semaphore, SemaphoreGuard,
};
pub use value::Value;

pub(crate) use child::{is_child, live_pids};
pub(crate) use forkserver::serve_if_asked;
