//! Parking on a word, under the schedule: whether a deadline passes, and whether a thread has waited for long, is chosen as all
//! else is.

use std::engine::parking::{self, Ended};
use std::time::Duration;

use super::{Deadline, Waiting, Wake, Waker, Wanted};
use crate::sync::atomic::{AtomicU32, AtomicU64};

/// Spinning, of which a schedule would learn nothing.
pub(crate) struct SpinWait;

impl SpinWait {
    pub(crate) fn new() -> Self {
        Self
    }

    pub(crate) fn spin(&mut self) -> bool {
        false
    }

    pub(crate) fn reset(&mut self) {}
}

pub(crate) type LongSpin = SpinWait;

pub(crate) fn park(
    word: &AtomicU32,
    waiting: Waiting,
    _owner: Option<&AtomicU64>,
    deadline: Deadline,
    validate: &dyn Fn() -> bool,
    timed_out: &dyn Fn(bool),
) -> Wake {
    // Waits for locks are told by `contention`, which knows who holds them.
    let wanted = match waiting.wanted {
        Wanted::Lock | Wanted::RLock => None,
        wanted => Some(wanted.name()),
    };
    let is_timed = deadline.instant().is_some();
    match parking::park(word, wanted, is_timed, validate, timed_out) {
        Ended::Woken(token) => Wake::Woken(token),
        Ended::Invalid => Wake::Unneeded,
        Ended::TimedOut => {
            deadline.instant().iter().for_each(|end| end.reach());
            Wake::TimedOut
        }
    }
}

pub(crate) fn wake_one_with(word: &AtomicU32, decide: &dyn Fn(Waker) -> usize) {
    parking::unpark(word, 1, &|woken, stay| {
        let has_waited_long = woken > 0 && parking::drawn();
        decide(Waker {
            found: woken > 0,
            have_more: stay > 0,
            waited: match has_waited_long {
                true => Duration::MAX,
                false => Duration::ZERO,
            },
        })
    });
}

pub(crate) fn wake_some(word: &AtomicU32, count: usize) {
    parking::unpark(word, count, &|_, _| 0);
}

pub(crate) fn wake_all(word: &AtomicU32) {
    wake_some(word, usize::MAX);
}

/// There is no cell that could be interrupted.
pub(crate) fn wake_interrupted() {}
