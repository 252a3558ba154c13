//! Kernels for the tests, and a client that knows how long to wait.

mod cell;
mod disk;
mod kernel;
pub mod numbers;
mod processes;
mod program;
mod session;

pub(crate) use cell::Cell;
pub(crate) use disk::{can_mount, mount_small_disk};
pub(crate) use kernel::Kernel;
pub(crate) use processes::{Watched, descendants, with_variable};
pub(crate) use program::{code_cell, link_runtimes, run_notebook, shared_cache, woozle};
pub(crate) use session::{Request, Session, TOO_LATE};
