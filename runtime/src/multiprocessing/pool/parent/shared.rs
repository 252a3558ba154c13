//! What all handles of a pool share. The order of its mutexes is in the room's README.

use std::collections::HashMap;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex};

use super::chunk::Chunk;
use super::settings::Settings;
use super::state::{Phase, PoolState};
use crate::multiprocessing::children::exit::Exit;
use crate::multiprocessing::pool::doorbell::Doorbell;
use crate::multiprocessing::pool::error::PoolError;
use crate::sync::lock_std;
use crate::wait::WaitSet;

/// What all handles of a pool share.
pub(in crate::multiprocessing::pool) struct Shared {
    pub(in crate::multiprocessing::pool) settings: Settings,
    pub(in crate::multiprocessing::pool) doorbell: Doorbell,
    pub(in crate::multiprocessing::pool) state: Mutex<PoolState>,
    /// Held by whoever takes records from the workers.
    pub(in crate::multiprocessing::pool) collecting: Mutex<()>,
    /// Held by the one thread of the user's that sleeps on the doorbell.
    pub(in crate::multiprocessing::pool) helping: Mutex<()>,
    pub(in crate::multiprocessing::pool) deaths: Mutex<Vec<(u64, Exit)>>,
    /// Descriptors of results, which come over the link.
    pub(in crate::multiprocessing::pool) arrived: Mutex<HashMap<u64, Vec<OwnedFd>>>,
    pub(in crate::multiprocessing::pool) came: WaitSet,
    /// All workers have ended, after `close` or `terminate`.
    pub(in crate::multiprocessing::pool) finished: Mutex<bool>,
    pub(in crate::multiprocessing::pool) finish: WaitSet,
    pub(in crate::multiprocessing::pool) spin: u8,
}

impl Shared {
    pub(in crate::multiprocessing::pool) fn new(settings: Settings) -> io::Result<Arc<Self>> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let spin = if settings.processes <= cores && cores > 1 {
            40
        } else {
            0
        };
        Ok(Arc::new(Self {
            state: Mutex::new(PoolState::new(settings.max_tasks)),
            settings,
            doorbell: Doorbell::new()?,
            collecting: Mutex::default(),
            helping: Mutex::default(),
            deaths: Mutex::default(),
            arrived: Mutex::default(),
            came: WaitSet::new(),
            finished: Mutex::default(),
            finish: WaitSet::new(),
            spin,
        }))
    }

    /// Whether tasks are taken.
    pub(in crate::multiprocessing::pool) fn check_running(&self) -> Result<(), PoolError> {
        match self.phase() {
            Phase::Running => Ok(()),
            _ => Err(PoolError::NotRunning),
        }
    }

    /// Tells the jobs of chunks that these are not done.
    pub(in crate::multiprocessing::pool) fn fail(&self, failed: Vec<(Chunk, PoolError)>) {
        for (chunk, error) in failed {
            if let Some(later) = chunk.job.done(chunk.index, chunk.items, Err(error)) {
                later();
            }
        }
        self.doorbell.wake_helper();
    }

    pub(in crate::multiprocessing::pool) fn is_finished(&self) -> bool {
        *lock_std(&self.finished)
    }

    pub(in crate::multiprocessing::pool) fn phase(&self) -> Phase {
        lock_std(&self.state).phase
    }

    /// The process ids of the workers.
    pub(in crate::multiprocessing::pool) fn pids(&self) -> Vec<u32> {
        let state = lock_std(&self.state);
        state
            .workers
            .iter()
            .map(|worker| worker.child.pid())
            .collect()
    }

    /// Whether there is something to collect.
    pub(in crate::multiprocessing::pool) fn is_something(&self) -> bool {
        !lock_std(&self.deaths).is_empty() || {
            let state = lock_std(&self.state);
            state
                .workers
                .iter()
                .any(|worker| worker.has_said_something())
        }
    }
}
