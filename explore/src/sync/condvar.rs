//! `Condvar`. A wait with a time limit may end at any moment, as the schedule chooses: time is the schedule's.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::Location;
use std::rc::Rc;
use std::sync::{LockResult, PoisonError};
use std::time::Duration;

use shuttle::sync as model;

use super::mutex::MutexGuard;
use crate::engine::clocks::switch;
use crate::engine::log::{Action, Object, note};
use crate::engine::{strategies, time};

/// As std's.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    /// As std's.
    #[must_use]
    pub fn timed_out(&self) -> bool {
        self.0
    }
}

/// As std's.
pub struct Condvar {
    object: Object,
    inner: model::Condvar,
    /// How many wait without a time limit.
    untimed: Cell<usize>,
    /// Who waits with one, and whether they were notified.
    timed: RefCell<Vec<Rc<Cell<bool>>>>,
}

// SAFETY: all threads of a run are coroutines of one thread of the system's.
unsafe impl Send for Condvar {}
// SAFETY: as above.
unsafe impl Sync for Condvar {}

impl Condvar {
    /// As std's.
    #[track_caller]
    pub const fn new() -> Self {
        Self {
            object: Object::new("Condvar"),
            inner: model::Condvar::new(),
            untimed: Cell::new(0),
            timed: RefCell::new(Vec::new()),
        }
    }

    /// As std's.
    #[track_caller]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let (place, object) = (Location::caller(), self.object.number());
        guard.during(place, |guard, _| {
            note(place, Action::Want("wait", object));
            self.untimed.set(self.untimed.get() + 1);
            let guard = self.inner.wait(guard);
            self.untimed.set(self.untimed.get() - 1);
            note(place, Action::Got("wait", object));
            guard.unwrap_or_else(PoisonError::into_inner)
        })
    }

    /// As std's.
    #[track_caller]
    pub fn wait_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(&mut guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    /// As std's.
    #[track_caller]
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        limit: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let (place, object) = (Location::caller(), self.object.number());
        let waiting = Rc::new(Cell::new(false));
        let end = time::after(limit);
        let guard = guard.during(place, |guard, mutex| {
            self.timed.borrow_mut().push(Rc::clone(&waiting));
            note(place, Action::Want("wait_timeout", object));
            drop(guard);
            loop {
                shuttle::thread::yield_now();
                if waiting.get() {
                    note(place, Action::Got("wait_timeout", object));
                    break;
                }
                if strategies::with(|strategy| strategy.choose(2)) == 0 {
                    let mut timed = self.timed.borrow_mut();
                    timed.retain(|other| !Rc::ptr_eq(other, &waiting));
                    note(place, Action::TimedOut(object));
                    time::reach(end);
                    break;
                }
            }
            mutex.lock().unwrap_or_else(PoisonError::into_inner)
        });
        let result = WaitTimeoutResult(!waiting.get());
        match guard {
            Ok(guard) => Ok((guard, result)),
            Err(error) => Err(PoisonError::new((error.into_inner(), result))),
        }
    }

    /// As std's.
    #[deprecated = "use `wait_timeout`"]
    #[track_caller]
    pub fn wait_timeout_ms<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        limit: u32,
    ) -> LockResult<(MutexGuard<'a, T>, bool)> {
        let limit = Duration::from_millis(limit.into());
        match self.wait_timeout(guard, limit) {
            Ok((guard, result)) => Ok((guard, !result.timed_out())),
            Err(error) => {
                let (guard, result) = error.into_inner();
                Err(PoisonError::new((guard, !result.timed_out())))
            }
        }
    }

    /// As std's.
    #[track_caller]
    pub fn wait_timeout_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        limit: Duration,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        loop {
            if !condition(&mut guard) {
                return Ok((guard, WaitTimeoutResult(false)));
            }
            let (again, result) = self.wait_timeout(guard, limit)?;
            guard = again;
            if result.timed_out() {
                let is_late = condition(&mut guard);
                return Ok((guard, WaitTimeoutResult(is_late)));
            }
        }
    }

    /// As std's.
    #[track_caller]
    pub fn notify_one(&self) {
        let (place, object) = (Location::caller(), self.object.number());
        switch();
        let timed = self.timed.borrow().len();
        let untimed = usize::from(self.untimed.get() > 0);
        let chosen = match timed + untimed {
            0 | 1 => 0,
            alternatives => strategies::with(|strategy| strategy.choose(alternatives)),
        };
        if chosen < timed {
            self.timed.borrow_mut().remove(chosen).set(true);
        } else {
            self.inner.notify_one();
        }
        let waiting = (timed + self.untimed.get()) as u32;
        note(
            place,
            Action::Notify {
                method: "notify_one",
                object,
                waiting,
            },
        );
    }

    /// As std's.
    #[track_caller]
    pub fn notify_all(&self) {
        let (place, object) = (Location::caller(), self.object.number());
        self.inner.notify_all();
        let waiting = (self.timed.borrow().len() + self.untimed.get()) as u32;
        for timed in self.timed.borrow_mut().drain(..) {
            timed.set(true);
        }
        note(
            place,
            Action::Notify {
                method: "notify_all",
                object,
                waiting,
            },
        );
    }
}

impl Default for Condvar {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Condvar { .. }")
    }
}
