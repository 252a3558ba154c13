//! Tasks: what they are made with, and those that have been sent.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::multiprocessing::cluster::shared::Stored;
use crate::multiprocessing::pool::backend;
use crate::multiprocessing::pool::error::PoolError;
use crate::multiprocessing::pool::job::Job;
use crate::multiprocessing::pool::task::Target;
use crate::process::output;

/// What a call of a pool is made with.
#[derive(Clone, Default)]
pub(in crate::multiprocessing::cluster) struct Settings {
    /// Tells it from other pools.
    pub(in crate::multiprocessing::cluster) pool: u64,
    pub(in crate::multiprocessing::cluster) priority: i32,
    pub(in crate::multiprocessing::cluster) initializer: Option<Arc<Initializer>>,
}

/// What each process does before its first task of a pool.
pub(in crate::multiprocessing::cluster) struct Initializer {
    pub(super) number: u64,
    pub(super) target: Target,
    pub(super) bytes: Vec<u8>,
}

impl Initializer {
    pub(in crate::multiprocessing::cluster) fn new(target: Target, bytes: Vec<u8>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self {
            number,
            target,
            bytes,
        }
    }
}

/// A function to be called, and how.
#[derive(Clone)]
pub(in crate::multiprocessing::cluster) struct Task {
    pub(in crate::multiprocessing::cluster) target: Target,
    pub(in crate::multiprocessing::cluster) cell: u32,
    pub(in crate::multiprocessing::cluster) shared: Vec<Arc<Stored>>,
    pub(in crate::multiprocessing::cluster) settings: Settings,
}

impl Task {
    pub(in crate::multiprocessing::cluster) fn new(
        target: Target,
        shared: Vec<Arc<Stored>>,
        settings: &Settings,
    ) -> Self {
        Self {
            target,
            cell: output::current_target(),
            shared,
            settings: settings.clone(),
        }
    }

    /// Some of the items that the function is called with, on their way.
    pub(super) fn sent(&self, items: Range<usize>, job: Arc<dyn Job>) -> Sent {
        Sent {
            pool: self.settings.pool,
            target: self.target,
            items,
            job,
        }
    }
}

/// A task that has been sent.
pub(super) struct Sent {
    /// The pool that it was given to.
    pub(super) pool: u64,
    pub(super) target: Target,
    pub(super) items: Range<usize>,
    pub(super) job: Arc<dyn Job>,
}

impl Sent {
    pub(super) fn fail(self, error: PoolError) {
        backend::fail(&self.job, self.items, error);
    }
}
