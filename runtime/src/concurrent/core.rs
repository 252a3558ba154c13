//! A future without its result: state, error, those who wait.

use std::collections::VecDeque;
use std::sync::Arc;

use super::error::{FutureError, InvalidStateError};
use crate::sync::{Mutex, lock};
use crate::wait::{Deadline, WaitSet, Wanted};

/// Where a future is in its life.
#[derive(Clone, Debug, Default)]
pub(super) enum Phase {
    #[default]
    Pending,
    Running,
    /// With a result, which is kept elsewhere, or an error.
    Finished(Option<FutureError>),
    Cancelled,
}

impl Phase {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Finished(_) => "finished",
            Self::Cancelled => "cancelled",
        }
    }

    pub(super) fn is_done(&self) -> bool {
        matches!(self, Self::Finished(_) | Self::Cancelled)
    }
}

#[derive(Debug, Default)]
struct FutureState {
    phase: Phase,
    watchers: Vec<(Arc<Watcher>, usize)>,
}

#[derive(Debug, Default)]
pub(super) struct Core {
    state: Mutex<FutureState>,
    done: WaitSet,
}

impl Core {
    pub(super) fn phase(&self) -> Phase {
        lock(&self.state).phase.clone()
    }

    pub(super) fn is_done(&self) -> bool {
        lock(&self.state).phase.is_done()
    }

    /// From pending to running; false if the future is cancelled.
    pub(super) fn run(&self) -> Result<bool, InvalidStateError> {
        let mut state = lock(&self.state);
        match state.phase {
            Phase::Pending => state.phase = Phase::Running,
            Phase::Cancelled => return Ok(false),
            Phase::Running | Phase::Finished(_) => {
                return Err(InvalidStateError(state.phase.name()));
            }
        }
        Ok(true)
    }

    /// To finished.
    pub(super) fn finish(&self, error: Option<FutureError>) -> Result<(), InvalidStateError> {
        let mut state = lock(&self.state);
        if state.phase.is_done() {
            return Err(InvalidStateError(state.phase.name()));
        }
        state.phase = Phase::Finished(error);
        let watchers = std::mem::take(&mut state.watchers);
        drop(state);
        self.tell(watchers);
        Ok(())
    }

    /// From pending to cancelled; none if it is running or finished, false if it was cancelled.
    pub(super) fn cancel(&self) -> Option<bool> {
        let mut state = lock(&self.state);
        match state.phase {
            Phase::Pending => state.phase = Phase::Cancelled,
            Phase::Cancelled => return Some(false),
            Phase::Running | Phase::Finished(_) => return None,
        }
        let watchers = std::mem::take(&mut state.watchers);
        drop(state);
        self.tell(watchers);
        Some(true)
    }

    pub(super) fn wait(&self, deadline: Deadline) -> bool {
        self.done
            .wait_until(Wanted::Future, deadline, &mut || self.is_done())
    }

    /// Tells the watcher this number when the future is done, which may be now.
    pub(super) fn watch(&self, watcher: &Arc<Watcher>, number: usize) {
        let mut state = lock(&self.state);
        if state.phase.is_done() {
            drop(state);
            watcher.tell(number);
        } else {
            state.watchers.push((watcher.clone(), number));
        }
    }

    pub(super) fn unwatch(&self, watcher: &Arc<Watcher>) {
        lock(&self.state)
            .watchers
            .retain(|(other, _)| !Arc::ptr_eq(other, watcher));
    }

    fn tell(&self, watchers: Vec<(Arc<Watcher>, usize)>) {
        self.done.wake_all();
        for (watcher, number) in watchers {
            watcher.tell(number);
        }
    }
}

/// Waits for the first of many futures: their numbers, in the order in which they are done.
#[derive(Debug, Default)]
pub(super) struct Watcher {
    done: Mutex<VecDeque<usize>>,
    sleep: WaitSet,
}

impl Watcher {
    fn tell(&self, number: usize) {
        lock(&self.done).push_back(number);
        self.sleep.wake_all();
    }

    pub(super) fn next(&self, deadline: Deadline) -> Option<usize> {
        let mut next = None;
        let mut ready = || {
            next = lock(&self.done).pop_front();
            next.is_some()
        };
        self.sleep.wait_until(Wanted::Future, deadline, &mut ready);
        next
    }
}
