//! The guard of a condition: here one waits and notifies.

use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, Instant};

use super::condition::Condition;
use super::error::NotOwned;
use crate::wait::Deadline;

/// Holds the lock of a [`Condition`]: here one waits and notifies. It stays in its thread.
///
/// If somebody has meanwhile released the lock with a bare `release`, the guard's methods panic
/// with the message of [`NotOwned`], which names the mistake.
///
/// ```
/// # use woozle::threading::Condition;
/// let cond = Condition::new();
/// let held = cond.guard();
/// held.notify();
/// ```
#[must_use = "the lock is released as soon as the guard is dropped: bind it with `let held = ...`"]
pub struct ConditionGuard<'a> {
    pub(super) condition: &'a Condition,
    pub(super) stays: PhantomData<*const ()>,
}

impl Condition {
    /// Waits for the lock and holds it until the guard goes out of scope. Python: `with cond:`.
    ///
    /// ```
    /// # use woozle::threading::Condition;
    /// let cond = Condition::new();
    /// let held = cond.guard();
    /// held.notify();
    /// ```
    pub fn guard(&self) -> ConditionGuard<'_> {
        self.under.acquire(Deadline::NEVER);
        self.held()
    }

    /// A guard if the lock is free. Python: `cond.acquire(False)`.
    ///
    /// ```
    /// # use woozle::threading::Condition;
    /// assert!(Condition::new().try_guard().is_some());
    /// ```
    pub fn try_guard(&self) -> Option<ConditionGuard<'_>> {
        self.guard_timeout(Duration::ZERO)
    }

    /// A guard if the lock can be had within this time. Python: `cond.acquire(timeout=...)`.
    ///
    /// ```
    /// # use woozle::threading::Condition;
    /// # use std::time::Duration;
    /// assert!(Condition::new().guard_timeout(Duration::from_secs(1)).is_some());
    /// ```
    pub fn guard_timeout(&self, timeout: Duration) -> Option<ConditionGuard<'_>> {
        self.under
            .acquire(Deadline::after(timeout))
            .then(|| self.held())
    }

    /// Holds the lock while `body` runs, and gives its result. Python: `with cond:`.
    ///
    /// # Panics
    ///
    /// Only if `body` does; the lock is released then too.
    ///
    /// ```
    /// # use woozle::threading::Condition;
    /// Condition::new().with(|held| held.notify_all());
    /// ```
    pub fn with<R>(&self, body: impl FnOnce(&ConditionGuard<'_>) -> R) -> R {
        let held = self.guard();
        body(&held)
    }

    fn held(&self) -> ConditionGuard<'_> {
        ConditionGuard {
            condition: self,
            stays: PhantomData,
        }
    }
}

impl ConditionGuard<'_> {
    /// Releases the lock, waits for a notification, and takes the lock again. Python:
    /// `cond.wait()`.
    ///
    /// The lock is released whole, however often the thread holds it. There are no spurious
    /// wakes, but what one waits for may have changed again: see [`wait_for`](Self::wait_for).
    ///
    /// # Panics
    ///
    /// If the lock has been released under the guard.
    ///
    /// ```
    /// # use woozle::threading::{Condition, Thread};
    /// let cond = Condition::new();
    /// let held = cond.guard();
    /// let other = cond.clone();
    /// Thread::spawn(move || other.guard().notify());     // gets the lock when we wait
    /// held.wait();
    /// ```
    #[track_caller]
    pub fn wait(&self) {
        self.wait_until(Deadline::NEVER);
    }

    /// As [`wait`](Self::wait), for at most this long; whether it was notified. Python:
    /// `cond.wait(timeout)`.
    ///
    /// # Panics
    ///
    /// If the lock has been released under the guard.
    ///
    /// ```
    /// # use woozle::threading::Condition;
    /// # use std::time::Duration;
    /// assert!(!Condition::new().guard().wait_timeout(Duration::from_millis(1)));
    /// ```
    #[track_caller]
    pub fn wait_timeout(&self, timeout: Duration) -> bool {
        self.wait_until(Deadline::after(timeout))
    }

    /// Waits until `predicate` is true; it is asked first, and after each notification, under the
    /// lock. Python: `cond.wait_for(predicate)`.
    ///
    /// # Panics
    ///
    /// If the lock has been released under the guard, or if `predicate` does.
    ///
    /// ```
    /// # use woozle::threading::Condition;
    /// Condition::new().guard().wait_for(|| true);
    /// ```
    #[track_caller]
    pub fn wait_for(&self, mut predicate: impl FnMut() -> bool) {
        while !predicate() {
            self.wait_until(Deadline::NEVER);
        }
    }

    /// As [`wait_for`](Self::wait_for), for at most this long; gives what `predicate` said last.
    /// Python: `cond.wait_for(predicate, timeout)`.
    ///
    /// # Panics
    ///
    /// If the lock has been released under the guard, or if `predicate` does.
    ///
    /// ```
    /// # use woozle::threading::Condition;
    /// # use std::time::Duration;
    /// let cond = Condition::new();
    /// assert!(!cond.guard().wait_for_timeout(Duration::from_millis(1), || false));
    /// ```
    #[track_caller]
    pub fn wait_for_timeout(&self, timeout: Duration, mut predicate: impl FnMut() -> bool) -> bool {
        let deadline = Deadline::after(timeout);
        loop {
            if predicate() {
                return true;
            }
            if deadline.instant().is_some_and(|at| at <= Instant::now()) {
                return false;
            }
            self.wait_until(deadline);
        }
    }

    /// Wakes the thread that has waited for longest, if one waits. Python: `cond.notify()`.
    ///
    /// It goes on when the lock is released.
    ///
    /// # Panics
    ///
    /// If the lock has been released under the guard.
    ///
    /// ```
    /// # use woozle::threading::Condition;
    /// Condition::new().guard().notify();
    /// ```
    #[track_caller]
    pub fn notify(&self) {
        self.notify_n(1);
    }

    /// Wakes up to `n` threads, those that have waited for longest. Python: `cond.notify(n)`.
    ///
    /// # Panics
    ///
    /// If the lock has been released under the guard.
    ///
    /// ```
    /// # use woozle::threading::Condition;
    /// Condition::new().guard().notify_n(3);
    /// ```
    #[track_caller]
    pub fn notify_n(&self, n: usize) {
        self.demand(NotOwned::NOTIFY);
        self.condition.waiters().notify(n);
    }

    /// Wakes all threads that wait. Python: `cond.notify_all()`.
    ///
    /// # Panics
    ///
    /// If the lock has been released under the guard.
    ///
    /// ```
    /// # use woozle::threading::Condition;
    /// Condition::new().guard().notify_all();
    /// ```
    #[track_caller]
    pub fn notify_all(&self) {
        self.notify_n(usize::MAX);
    }

    #[track_caller]
    fn demand(&self, error: NotOwned) {
        if !self.condition.under.is_owned() {
            panic!("{error}");
        }
    }

    #[track_caller]
    fn wait_until(&self, deadline: Deadline) -> bool {
        self.demand(NotOwned::WAIT);
        self.condition
            .waiters()
            .wait(&self.condition.under, deadline)
    }
}

impl Drop for ConditionGuard<'_> {
    fn drop(&mut self) {
        self.condition.under.release();
    }
}

impl fmt::Debug for ConditionGuard<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ConditionGuard")
            .field(self.condition)
            .finish()
    }
}
