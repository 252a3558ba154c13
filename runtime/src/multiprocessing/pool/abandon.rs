//! Calls that nobody waits for any more: what has not begun of them is not done, and what has is ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::process::Signal;

use super::error::PoolError;
use super::shared::Shared;
use super::state::{Chunk, Payload};
use super::wire::INITIALIZER;
use crate::multiprocessing::lock;

/// Tells the calls of verbs apart: the address of that which collects a call's results. There is none
/// at 0, which means no call of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CallId(usize);

impl CallId {
    pub(super) const NONE: Self = Self(0);

    pub(super) fn of<T>(collector: &Arc<T>) -> Self {
        Self(Arc::as_ptr(collector).addr())
    }
}

impl Shared {
    /// Drops the tasks of a call that have not begun, and ends the workers that run one: whoever interrupts a call may
    /// do so because its tasks do not end. Others take their places, as when a worker has died.
    pub(super) fn abandon(self: &Arc<Self>, call: CallId) {
        let is_of_call = |chunk: &Chunk| chunk.job.call() == call;
        let mut state = lock(&self.state);
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
        self.fail(self.go_on());
    }
}

/// The waits for a call: if an interrupt ends one, and the last who could ask for the results goes with it, the call is
/// abandoned.
///
/// The one who waits may outlive the interrupt: a result or an iterator that is a variable. So what counts is that
/// this is dropped on the way out.
pub(super) struct Waiting {
    abandon: Box<dyn Fn() + Send + Sync>,
    now: AtomicBool,
}

impl Waiting {
    pub(super) fn new(abandon: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            abandon: Box::new(abandon),
            now: AtomicBool::new(false),
        }
    }

    /// Calls `wait`, from which an interrupt unwinds.
    pub(super) fn during<T>(&self, wait: impl FnOnce() -> T) -> T {
        self.now.store(true, Ordering::Relaxed);
        let result = wait();
        self.now.store(false, Ordering::Relaxed);
        result
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if *self.now.get_mut() && std::thread::panicking() {
            (self.abandon)();
        }
    }
}
