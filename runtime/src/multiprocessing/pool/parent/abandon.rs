//! Calls that nobody waits for any more: what has not begun of them is not done, and what has is ended.

use std::sync::Arc;

use rustix::process::Signal;

use super::chunk::{Chunk, Payload};
use super::shared::Shared;
use crate::multiprocessing::pool::error::PoolError;
use crate::multiprocessing::pool::job::CallId;
use crate::multiprocessing::pool::wire::INITIALIZER;
use crate::sync::lock_std;

impl Shared {
    /// Drops the tasks of a call that have not begun, and ends the workers that run one: whoever interrupts a call may
    /// do so because its tasks do not end. Others take their places, as when a worker has died.
    pub(in crate::multiprocessing::pool) fn abandon(self: &Arc<Self>, call: CallId) {
        let is_of_call = |chunk: &Chunk| chunk.job.call() == call;
        let mut state = lock_std(&self.state);
        let queue = std::mem::take(&mut state.queue);
        let (mut dropped, mut others): (Vec<_>, Vec<_>) = queue.into_iter().partition(is_of_call);
        for worker in &mut state.workers {
            dropped.extend(worker.recall(is_of_call));
            if !worker.running().is_some_and(is_of_call) {
                continue;
            }
            // Without a task that it could begin with meanwhile, it runs that one or none.
            others.extend(worker.recall(|chunk| chunk.number != INITIALIZER));
            if worker.running().is_some_and(is_of_call) {
                worker.retiring = true;
                worker.child.kill(Signal::KILL);
            }
        }
        others.sort_by_key(|chunk| chunk.number);
        state.queue = others.into();
        for chunk in &dropped {
            if let Payload::Segment(numbered, _) = &chunk.payload {
                state.give_back(numbered.clone());
            }
        }
        drop(state);
        // Nobody reads the error. That the tasks are done with is what counts: a headless cell waits for it.
        let ended = |chunk: Chunk| (chunk, PoolError::Terminated);
        self.fail(dropped.into_iter().map(ended).collect());
        self.fail(self.dispatch_again());
    }
}
