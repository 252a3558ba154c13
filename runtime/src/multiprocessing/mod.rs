//! Processes that run functions of cells, under the names of Python's `multiprocessing`.

mod child;
mod codec;
mod entry;
mod error;
mod exit;
mod forkserver;
mod function;
mod handoff;
mod packet;
mod pool;
mod process;
mod ring;
mod segment;
mod service;
#[cfg(all(test, not(shuttle)))]
mod tests;

pub use error::ProcessError;
pub use exit::Exit;
pub use function::Call;
pub use handoff::CodecError;
pub use pool::{Arguments, AsyncResult, Chunked, Imap, Pool, PoolBuilder, PoolError, TaskPanic};
pub use process::{
    Process, ProcessInfo, active_children, cpu_count, current_process, get_start_method,
    parent_process,
};

pub(crate) use child::{is_child, live_pids};
pub(crate) use forkserver::serve_if_asked;
