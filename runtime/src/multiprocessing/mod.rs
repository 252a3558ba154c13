//! Processes that run functions of cells, under the names of Python's `multiprocessing`.

mod child;
mod codec;
pub mod connection;
mod entry;
mod error;
mod exit;
mod forkserver;
mod function;
mod handoff;
mod packet;
mod poll;
mod process;
mod queue;
mod ring;
mod segment;
mod service;
#[cfg(all(test, not(shuttle)))]
mod tests;

pub use connection::{Connection, ConnectionError, one_way_pipe, pipe};
pub use error::ProcessError;
pub use exit::Exit;
pub use function::Call;
pub use handoff::CodecError;
pub use process::{
    Process, ProcessInfo, active_children, cpu_count, current_process, get_start_method,
    parent_process,
};
pub use queue::{GetError, JoinableQueue, PutError, Queue, SimpleQueue};

pub(crate) use child::{is_child, live_pids};
pub(crate) use forkserver::serve_if_asked;
