//! The algorithm of an event: a flag, and a count that tells whether it was set meanwhile.

use crate::sync::atomic::{AtomicU64, Ordering};
use crate::wait::{Deadline, WaitSet, Wanted};

/// The flag in the lowest bit, above it how often the flag has been set.
///
/// A waiter that finds the number changed was waiting when the event was set, even if the event
/// has been cleared since.
#[derive(Debug)]
pub(in crate::threading) struct RawEvent {
    state: AtomicU64,
    waiters: WaitSet,
}

const SET: u64 = 1;

impl RawEvent {
    pub(in crate::threading) const fn new() -> Self {
        Self {
            state: AtomicU64::new(0),
            waiters: WaitSet::new(),
        }
    }

    pub(in crate::threading) fn is_set(&self) -> bool {
        self.state.load(Ordering::Acquire) & SET != 0
    }

    pub(in crate::threading) fn set(&self) {
        let set = |state: u64| {
            Some(if state & SET == 0 {
                state.wrapping_add(2) | SET
            } else {
                state
            })
        };
        let before = self
            .state
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, set);
        if before.is_ok_and(|before| before & SET == 0) {
            self.waiters.wake_all();
        }
    }

    pub(in crate::threading) fn clear(&self) {
        self.state.fetch_and(!SET, Ordering::AcqRel);
    }

    pub(in crate::threading) fn wait(&self, deadline: Deadline) -> bool {
        let before = self.state.load(Ordering::Acquire);
        if before & SET != 0 {
            return true;
        }
        let mut happened = || self.state.load(Ordering::Acquire) >> 1 != before >> 1;
        self.waiters
            .wait_until(Wanted::Event, deadline, &mut happened)
    }
}
