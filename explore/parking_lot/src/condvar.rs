//! `Condvar`.

use std::cell::Cell;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::mutex::MutexGuard;

/// As parking_lot's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    /// As parking_lot's.
    #[must_use]
    pub fn timed_out(self) -> bool {
        self.0
    }
}

/// As parking_lot's.
#[derive(Debug)]
pub struct Condvar {
    inner: std::sync::Condvar,
    /// How many wait that were not notified yet.
    waiting: Cell<usize>,
}

// SAFETY: all threads of a run are coroutines of one thread of the system's.
unsafe impl Send for Condvar {}
// SAFETY: as above.
unsafe impl Sync for Condvar {}

impl Condvar {
    /// As parking_lot's.
    #[track_caller]
    pub const fn new() -> Self {
        Self {
            inner: std::sync::Condvar::new(),
            waiting: Cell::new(0),
        }
    }

    /// As parking_lot's.
    #[track_caller]
    pub fn wait<T>(&self, guard: &mut MutexGuard<'_, T>) {
        let inner = guard.inner.take().expect("it is locked");
        self.waiting.set(self.waiting.get() + 1);
        let inner = self.inner.wait(inner);
        guard.inner = Some(inner.unwrap_or_else(PoisonError::into_inner));
    }

    /// As parking_lot's.
    #[track_caller]
    pub fn wait_while<T>(
        &self,
        guard: &mut MutexGuard<'_, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) {
        while condition(guard) {
            self.wait(guard);
        }
    }

    /// As parking_lot's.
    #[track_caller]
    pub fn wait_for<T>(&self, guard: &mut MutexGuard<'_, T>, time: Duration) -> WaitTimeoutResult {
        let inner = guard.inner.take().expect("it is locked");
        self.waiting.set(self.waiting.get() + 1);
        let waited = self.inner.wait_timeout(inner, time);
        let (inner, result) = waited.unwrap_or_else(PoisonError::into_inner);
        guard.inner = Some(inner);
        if result.timed_out() {
            self.waiting.set(self.waiting.get().saturating_sub(1));
        }
        WaitTimeoutResult(result.timed_out())
    }

    /// As parking_lot's.
    #[track_caller]
    pub fn wait_until<T>(&self, guard: &mut MutexGuard<'_, T>, end: Instant) -> WaitTimeoutResult {
        self.wait_for(guard, end.saturating_duration_since(Instant::now()))
    }

    /// As parking_lot's.
    #[track_caller]
    pub fn wait_while_for<T>(
        &self,
        guard: &mut MutexGuard<'_, T>,
        mut condition: impl FnMut(&mut T) -> bool,
        time: Duration,
    ) -> WaitTimeoutResult {
        let end = Instant::now() + time;
        while condition(guard) {
            if self.wait_until(guard, end).timed_out() {
                return WaitTimeoutResult(condition(guard));
            }
        }
        WaitTimeoutResult(false)
    }

    /// As parking_lot's.
    #[track_caller]
    pub fn notify_one(&self) -> bool {
        self.inner.notify_one();
        let waiting = self.waiting.get();
        self.waiting.set(waiting.saturating_sub(1));
        waiting > 0
    }

    /// As parking_lot's.
    #[track_caller]
    pub fn notify_all(&self) -> usize {
        self.inner.notify_all();
        self.waiting.replace(0)
    }
}

impl Default for Condvar {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}
