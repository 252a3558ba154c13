//! The end of a pool.

use std::sync::Arc;

use rustix::process::Signal;

use super::chunk::Chunk;
use super::shared::Shared;
use super::state::Phase;
use crate::multiprocessing::pool::error::PoolError;
use crate::sync::lock_std;
use crate::wait::{Deadline, Wanted};

impl Shared {
    /// No more tasks; the workers end when all are done.
    pub(in crate::multiprocessing::pool) fn close(self: &Arc<Self>) {
        let mut state = lock_std(&self.state);
        if state.phase == Phase::Running {
            state.phase = Phase::Closed;
        }
        drop(state);
        self.fail(self.dispatch_again());
    }

    /// Ends all workers now.
    pub(in crate::multiprocessing::pool) fn terminate(self: &Arc<Self>) {
        let mut state = lock_std(&self.state);
        state.phase = Phase::Terminated;
        let mut chunks: Vec<_> = std::mem::take(&mut state.queue).into();
        for worker in &mut state.workers {
            worker.child.kill(Signal::KILL);
            let (begun, waiting) = worker.split_dispatched();
            chunks.extend(begun.into_iter().chain(waiting));
        }
        drop(state);
        let ended = |chunk: Chunk| (chunk, PoolError::Terminated);
        self.fail(chunks.into_iter().map(ended).collect());
        self.fail(self.dispatch_again());
    }

    /// Waits until all workers have ended.
    pub(in crate::multiprocessing::pool) fn join(&self) -> Result<(), PoolError> {
        if lock_std(&self.state).phase == Phase::Running {
            return Err(PoolError::StillRunning);
        }
        let mut finished = || self.is_finished();
        self.finish
            .wait_until(Wanted::Process, Deadline::NEVER, &mut finished);
        Ok(())
    }
}
