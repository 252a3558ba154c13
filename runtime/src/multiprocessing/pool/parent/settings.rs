//! How a pool was made.

use std::os::fd::OwnedFd;
use std::sync::Arc;

use crate::multiprocessing::pool::task::Target;

/// How a pool was made.
pub(in crate::multiprocessing::pool) struct Settings {
    pub(in crate::multiprocessing::pool) processes: usize,
    pub(in crate::multiprocessing::pool) initializer: Option<Initializer>,
    pub(in crate::multiprocessing::pool) max_tasks: Option<usize>,
}

/// What each worker does first.
pub(in crate::multiprocessing::pool) struct Initializer {
    pub(in crate::multiprocessing::pool) target: Target,
    pub(in crate::multiprocessing::pool) bytes: Vec<u8>,
    pub(in crate::multiprocessing::pool) descriptors: Vec<Arc<OwnedFd>>,
}
