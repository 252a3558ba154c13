//! `Condition`: waiting, under a lock, for another process to say that something has changed.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::lock::Lock;
use super::raw::{LockError, Taken};
use super::rlock::RLock;
use super::words::{Shareable, Words, wait_while, wake};
use crate::wait::{Deadline, Wanted};

/// A lock with a way to wait for a change: Python's `multiprocessing.Condition`.
///
/// ```
/// use woozle::multiprocessing::{Condition, Process, Value};
///
/// fn cook(condition: Condition, pots: Value<u32>) {
///     let held = condition.guard().unwrap();
///     pots.update(|n| *n += 1);
///     held.notify();
/// }
///
/// let (condition, pots) = (Condition::new()?, Value::new(0)?);
/// let p = Process::with_args(cook, (condition.clone(), pots.clone()))?;
/// {
///     let held = condition.guard()?;
///     p.start()?;
///     held.wait_for(|| pots.get() > 0)?;
/// }
/// p.join()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A clone, and what is sent to another process, is another handle of the same one. If a process
/// dies while it waits, a `notify` may go to it, or wake somebody too often: use
/// [`wait_for`](ConditionGuard::wait_for), which looks itself.
#[derive(Clone, Serialize, Deserialize)]
pub struct Condition {
    lock: AnyLock,
    words: Words<RawCondition>,
}

#[derive(Clone, Serialize, Deserialize)]
enum AnyLock {
    Lock(Lock),
    RLock(RLock),
}

#[repr(C)]
#[derive(Debug, Default)]
pub(crate) struct RawCondition {
    /// Those who wait, and, in the upper half, how many of them may go.
    waiters: AtomicU64,
    epoch: AtomicU32,
}

// SAFETY: atomics, which are a condition that nobody waits for when they are zero.
unsafe impl Shareable for RawCondition {}

const ONE_MAY_GO: u64 = 1 << 32;

fn halves(both: u64) -> (u64, u64) {
    (both & (ONE_MAY_GO - 1), both >> 32)
}

impl RawCondition {
    /// Goes if it is one of those who may: who has begun to wait after the last `notify` may not.
    fn go(&self, begun: u32) -> bool {
        if self.epoch.load(Ordering::SeqCst) == begun {
            return false;
        }
        let next = |both: u64| (halves(both).1 > 0).then(|| both - ONE_MAY_GO - 1);
        let order = Ordering::SeqCst;
        self.waiters.fetch_update(order, order, next).is_ok()
    }

    /// Goes without having been told to, or with, if it was in the last moment.
    fn give_up(&self, begun: u32) -> bool {
        if self.go(begun) {
            return true;
        }
        let next = |both: u64| match halves(both) {
            (waiters, go) if go < waiters => Some(both - 1),
            _ => None,
        };
        let order = Ordering::SeqCst;
        while self.waiters.fetch_update(order, order, next).is_err() {
            if self.go(begun) {
                return true;
            }
        }
        false
    }

    fn notify(&self, n: usize) {
        let n = u64::try_from(n).unwrap_or(u64::MAX);
        let mut may_go = 0;
        let next = |both: u64| {
            let (waiters, go) = halves(both);
            may_go = n.min(waiters - go);
            Some(both + may_go * ONE_MAY_GO)
        };
        let _ = self
            .waiters
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, next);
        if may_go > 0 {
            self.epoch.fetch_add(1, Ordering::SeqCst);
            wake(&self.epoch, u32::try_from(may_go).unwrap_or(u32::MAX));
        }
    }

    /// Waits for a `notify` after this epoch.
    fn wait(&self, begun: u32, deadline: Deadline) -> bool {
        loop {
            let epoch = self.epoch.load(Ordering::SeqCst);
            if self.go(begun) {
                return true;
            }
            let leaves = LeavesOnUnwind(self, begun);
            let in_time = wait_while(&self.epoch, epoch, Wanted::Condition, deadline);
            std::mem::forget(leaves);
            if !in_time {
                return self.give_up(begun);
            }
        }
    }
}

/// A waiter that leaves if an interrupt unwinds it.
struct LeavesOnUnwind<'a>(&'a RawCondition, u32);

impl Drop for LeavesOnUnwind<'_> {
    fn drop(&mut self) {
        self.0.give_up(self.1);
    }
}

/// A waiter that has its lock again if an interrupt unwinds it.
struct RelocksOnUnwind<'a>(&'a AnyLock, u32);

impl Drop for RelocksOnUnwind<'_> {
    fn drop(&mut self) {
        let _ = self.0.restore(self.1);
    }
}

impl AnyLock {
    fn acquire(&self) -> Result<(), LockError> {
        match self {
            Self::Lock(lock) => lock.acquire(),
            Self::RLock(lock) => lock.acquire(),
        }
    }

    fn release(&self) -> Result<(), LockError> {
        match self {
            Self::Lock(lock) => lock.release(),
            Self::RLock(lock) => lock.release(),
        }
    }

    fn release_all(&self) -> Result<u32, LockError> {
        match self {
            Self::Lock(lock) => lock.release().map(|()| 1),
            Self::RLock(lock) => lock.raw().release_all(),
        }
    }

    /// Takes the lock again; it is held also after [`LockError::OwnerDied`].
    fn restore(&self, count: u32) -> Result<(), LockError> {
        let taken = match self {
            Self::Lock(lock) => lock.raw().take(Deadline::NEVER)?,
            Self::RLock(lock) => {
                let taken = lock.raw().take(Some(Deadline::NEVER))?;
                lock.raw().restore(count);
                taken
            }
        };
        match taken {
            Some(Taken::OwnerDied) => Err(LockError::OwnerDied),
            _ => Ok(()),
        }
    }
}

impl Condition {
    /// A condition with an [`RLock`] of its own. Python: `multiprocessing.Condition()`.
    ///
    /// # Errors
    ///
    /// When the system gives no memory or descriptor.
    pub fn new() -> io::Result<Self> {
        Self::with_rlock(&RLock::new()?)
    }

    /// A condition with this lock. Python: `multiprocessing.Condition(lock)`.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new)'s.
    pub fn with_lock(lock: &Lock) -> io::Result<Self> {
        Ok(Self {
            lock: AnyLock::Lock(lock.clone()),
            words: Words::new(0)?,
        })
    }

    /// A condition with this lock. Python: `multiprocessing.Condition(rlock)`.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new)'s.
    pub fn with_rlock(lock: &RLock) -> io::Result<Self> {
        Ok(Self {
            lock: AnyLock::RLock(lock.clone()),
            words: Words::new(0)?,
        })
    }

    /// Takes the lock until the guard is dropped. Python: `with condition:`.
    ///
    /// # Errors
    ///
    /// [`LockError`], as [`Lock::acquire`]'s.
    pub fn guard(&self) -> Result<ConditionGuard<'_>, LockError> {
        self.lock.acquire()?;
        Ok(ConditionGuard(self, std::marker::PhantomData))
    }
}

/// Holds the lock of a [`Condition`]; what needs the lock are its methods.
#[must_use = "the lock is released when this is dropped"]
pub struct ConditionGuard<'a>(&'a Condition, std::marker::PhantomData<*const ()>);

impl ConditionGuard<'_> {
    /// Releases the lock, waits for a `notify`, and takes the lock again. Python: `condition.wait()`.
    ///
    /// # Errors
    ///
    /// [`LockError::OwnerDied`] if a process has died that held the lock meanwhile. It is held in any
    /// case.
    pub fn wait(&self) -> Result<(), LockError> {
        self.wait_until(Deadline::NEVER).map(|_| ())
    }

    /// As [`wait`](Self::wait), for at most this long; whether there was a `notify`. Python:
    /// `condition.wait(timeout)`.
    ///
    /// # Errors
    ///
    /// As [`wait`](Self::wait)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::Condition;
    /// # use std::time::Duration;
    /// let condition = Condition::new()?;
    /// assert!(!condition.guard()?.wait_timeout(Duration::from_millis(1))?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wait_timeout(&self, timeout: Duration) -> Result<bool, LockError> {
        self.wait_until(Deadline::after(timeout))
    }

    fn wait_until(&self, deadline: Deadline) -> Result<bool, LockError> {
        let words = &self.0.words;
        let epoch = words.epoch.load(Ordering::SeqCst);
        words.waiters.fetch_add(1, Ordering::SeqCst);
        let count = self.0.lock.release_all()?;
        let relocks = RelocksOnUnwind(&self.0.lock, count);
        let told = words.wait(epoch, deadline);
        std::mem::forget(relocks);
        self.0.lock.restore(count).map(|()| told)
    }

    /// Waits until `predicate` holds. Python: `condition.wait_for(predicate)`.
    ///
    /// # Errors
    ///
    /// As [`wait`](Self::wait)'s.
    pub fn wait_for(&self, mut predicate: impl FnMut() -> bool) -> Result<(), LockError> {
        while !predicate() {
            self.wait()?;
        }
        Ok(())
    }

    /// As [`wait_for`](Self::wait_for), for at most this long; whether it holds. Python:
    /// `condition.wait_for(predicate, timeout)`.
    ///
    /// # Errors
    ///
    /// As [`wait`](Self::wait)'s.
    pub fn wait_for_timeout(
        &self,
        timeout: Duration,
        mut predicate: impl FnMut() -> bool,
    ) -> Result<bool, LockError> {
        let deadline = Deadline::after(timeout);
        while !predicate() {
            if !self.wait_until(deadline)? {
                return Ok(predicate());
            }
        }
        Ok(true)
    }

    /// Wakes one who waits. Python: `condition.notify()`.
    pub fn notify(&self) {
        self.notify_n(1);
    }

    /// Wakes at most `n` who wait. Python: `condition.notify(n)`.
    pub fn notify_n(&self, n: usize) {
        self.0.words.notify(n);
    }

    /// Wakes all who wait. Python: `condition.notify_all()`.
    pub fn notify_all(&self) {
        self.notify_n(usize::MAX);
    }
}

impl Drop for ConditionGuard<'_> {
    fn drop(&mut self) {
        let _ = self.0.lock.release();
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiters = halves(self.words.waiters.load(Ordering::Relaxed)).0;
        write!(f, "<Condition, {waiters} waiting>")
    }
}
