//! `RLock`: a lock that its owner may acquire again.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::error::NotOwned;
use super::shared::Shared;
use crate::threading::raw::rlock::RawRLock;
use crate::wait::Deadline;

/// A lock that the thread that holds it may acquire again: Python's `threading.RLock`.
///
/// It is free for others once its owner has released it as often as it has acquired it. Like
/// [`Lock`](super::Lock) it is a cheap handle, can be a `static`, and is not poisoned. Use it where a method that
/// locks calls another that locks too. To protect data, Rust's ownership mostly makes it needless;
/// `parking_lot::ReentrantMutex` holds data and works beside it.
///
/// ```
/// use woozle::threading::RLock;
///
/// let lock = RLock::new();
/// let _outer = lock.guard();
/// let _inner = lock.guard();      // no deadlock
/// assert_eq!(lock.recursion_count(), 2);
/// ```
///
/// What differs from Python: as for [`Lock`](super::Lock). A guard stays in its thread (a compile
/// error otherwise).
pub struct RLock(Shared<RawRLock>);

impl RLock {
    /// A new lock, unlocked. Python: `threading.RLock()`.
    ///
    /// ```
    /// # use woozle::threading::RLock;
    /// static LOCK: RLock = RLock::new();
    /// assert!(!LOCK.locked());
    /// ```
    pub const fn new() -> Self {
        Self(Shared::new())
    }

    /// Waits for the lock and takes it, once more if this thread has it. Python: `rlock.acquire()`.
    ///
    /// ```
    /// # use woozle::threading::RLock;
    /// let lock = RLock::new();
    /// lock.acquire();
    /// lock.acquire();
    /// lock.release()?;
    /// assert!(lock.locked());
    /// # lock.release()?;
    /// # Ok::<(), woozle::threading::NotOwned>(())
    /// ```
    #[inline]
    pub fn acquire(&self) {
        self.raw().acquire(Deadline::NEVER);
    }

    /// Takes the lock if no other thread has it. Python: `rlock.acquire(False)`.
    ///
    /// ```
    /// # use woozle::threading::RLock;
    /// let lock = RLock::new();
    /// assert!(lock.try_acquire() && lock.try_acquire());
    /// ```
    #[must_use = "the lock is held only if this is true"]
    pub fn try_acquire(&self) -> bool {
        self.raw().try_acquire()
    }

    /// Waits for the lock for at most this long. Python: `rlock.acquire(timeout=...)`.
    ///
    /// ```
    /// # use woozle::threading::RLock;
    /// let lock = RLock::new();
    /// assert!(lock.acquire_timeout(std::time::Duration::ZERO));
    /// ```
    #[must_use = "the lock is held only if this is true"]
    pub fn acquire_timeout(&self, timeout: Duration) -> bool {
        self.raw().try_acquire() || self.raw().acquire(Deadline::after(timeout))
    }

    /// Gives one acquisition back. Python: `rlock.release()`.
    ///
    /// # Errors
    ///
    /// [`NotOwned`] if this thread does not hold the lock (Python's `RuntimeError`). Nothing changes.
    ///
    /// ```
    /// # use woozle::threading::RLock;
    /// assert!(RLock::new().release().is_err());
    /// ```
    #[inline]
    pub fn release(&self) -> Result<(), NotOwned> {
        if self.raw().release() {
            Ok(())
        } else {
            Err(NotOwned::RELEASE_RLOCK)
        }
    }

    /// Whether some thread holds the lock at this moment. Python: `rlock.locked()`.
    ///
    /// ```
    /// # use woozle::threading::RLock;
    /// let lock = RLock::new();
    /// lock.with(|| assert!(lock.locked()));
    /// ```
    pub fn locked(&self) -> bool {
        self.raw().is_locked()
    }

    /// How often the calling thread holds the lock; 0 if it does not. Python: `_recursion_count()`.
    ///
    /// ```
    /// # use woozle::threading::RLock;
    /// let lock = RLock::new();
    /// assert_eq!(lock.with(|| lock.with(|| lock.recursion_count())), 2);
    /// ```
    pub fn recursion_count(&self) -> u64 {
        self.raw().count()
    }

    /// Waits for the lock and holds it until the guard goes out of scope. Python: `with rlock:`.
    ///
    /// ```
    /// # use woozle::threading::RLock;
    /// let lock = RLock::new();
    /// let _held = lock.guard();
    /// assert!(lock.locked());
    /// ```
    #[inline]
    pub fn guard(&self) -> RLockGuard<'_> {
        self.acquire();
        self.held()
    }

    /// A guard if no other thread has the lock. Python has no such form.
    ///
    /// ```
    /// # use woozle::threading::RLock;
    /// assert!(RLock::new().try_guard().is_some());
    /// ```
    pub fn try_guard(&self) -> Option<RLockGuard<'_>> {
        self.try_acquire().then(|| self.held())
    }

    /// A guard if the lock can be had within this time. Python has no such form.
    ///
    /// ```
    /// # use woozle::threading::RLock;
    /// assert!(RLock::new().guard_timeout(std::time::Duration::ZERO).is_some());
    /// ```
    pub fn guard_timeout(&self, timeout: Duration) -> Option<RLockGuard<'_>> {
        self.acquire_timeout(timeout).then(|| self.held())
    }

    /// Holds the lock while `body` runs, and gives its result. Python: `with rlock:`.
    ///
    /// # Panics
    ///
    /// Only if `body` does; the acquisition is given back then too.
    ///
    /// ```
    /// # use woozle::threading::RLock;
    /// let lock = RLock::new();
    /// assert_eq!(lock.with(|| lock.with(|| 42)), 42);
    /// ```
    pub fn with<R>(&self, body: impl FnOnce() -> R) -> R {
        let _held = self.guard();
        body()
    }

    #[inline]
    pub(super) fn raw(&self) -> &RawRLock {
        self.0.get_or(RawRLock::new)
    }

    #[inline]
    fn held(&self) -> RLockGuard<'_> {
        RLockGuard {
            lock: self,
            stays: PhantomData,
        }
    }
}

impl Default for RLock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clone for RLock {
    fn clone(&self) -> Self {
        Self(self.0.share(RawRLock::new))
    }
}

impl fmt::Debug for RLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RLock")
            .field("locked", &self.locked())
            .field("count", &self.recursion_count())
            .finish()
    }
}

/// Holds an [`RLock`] once, and gives that back when it goes out of scope, also in a panic.
///
/// It cannot leave its thread:
///
/// ```compile_fail
/// # use woozle::threading::{RLock, Thread};
/// static LOCK: RLock = RLock::new();
/// let held = LOCK.guard();
/// Thread::spawn(move || drop(held));
/// ```
#[must_use = "the lock is released as soon as the guard is dropped: bind it with `let _held = ...`"]
#[derive(Debug)]
pub struct RLockGuard<'a> {
    lock: &'a RLock,
    stays: PhantomData<*const ()>,
}

impl Drop for RLockGuard<'_> {
    #[inline]
    fn drop(&mut self) {
        self.lock.raw().release();
    }
}
