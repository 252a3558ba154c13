//! `Condition`: waiting, under a lock, until another thread says that something has changed.

use std::fmt;

use super::lock::Lock;
use super::rlock::RLock;
use super::shared::Shared;
use crate::threading::raw::condition::{UnderlyingLock, Waiters};

/// A lock, and a place to wait until what it protects has changed: Python's
/// `threading.Condition`.
///
/// Waiting and notifying are methods of the guard, so that both without the lock, a
/// `RuntimeError` in Python, is a compile error here. Notified threads are those that have waited
/// for longest. A clone is another handle of the same condition; a condition can be a `static`.
///
/// For data in a [`std::sync::Mutex`], use [`std::sync::Condvar`], which belongs to it. This one has no
/// data, as Python's.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
/// use woozle::threading::{Condition, Thread};
///
/// static POT: Condition = Condition::new();
/// static HONEY: AtomicU32 = AtomicU32::new(0);
///
/// let pooh = Thread::spawn(|| {
///     let pot = POT.guard();                              // with pot:
///     pot.wait_for(|| HONEY.load(Relaxed) >= 3);
///     HONEY.fetch_sub(3, Relaxed);
/// });
/// for _ in 0..3 {
///     let pot = POT.guard();
///     HONEY.fetch_add(1, Relaxed);
///     pot.notify();
/// }
/// pooh.join()?;
/// assert_eq!(HONEY.load(Relaxed), 0);
/// # Ok::<(), woozle::threading::ThreadError>(())
/// ```
///
/// What differs from Python: there is no bare `acquire` and `release`; take them of the lock, given
/// by [`with_lock`](Self::with_lock) or [`with_rlock`](Self::with_rlock).
pub struct Condition {
    pub(super) under: UnderlyingLock,
    waiters: Shared<Waiters>,
}

impl Condition {
    /// A new condition over an [`RLock`] of its own. Python: `threading.Condition()`.
    ///
    /// ```
    /// # use woozle::threading::Condition;
    /// static CHANGED: Condition = Condition::new();
    /// CHANGED.guard().notify_all();
    /// ```
    pub const fn new() -> Self {
        Self::over(UnderlyingLock::RLock(RLock::new()))
    }

    /// A new condition over this lock. Python: `threading.Condition(lock)`.
    ///
    /// Several conditions may share a lock.
    ///
    /// ```
    /// # use woozle::threading::{Condition, Lock};
    /// let lock = Lock::new();
    /// let not_empty = Condition::with_lock(&lock);
    /// let not_full = Condition::with_lock(&lock);
    /// let held = not_empty.guard();
    /// assert!(lock.locked() && not_full.try_guard().is_none());
    /// ```
    pub fn with_lock(lock: &Lock) -> Self {
        Self::over(UnderlyingLock::Lock(lock.clone()))
    }

    /// A new condition over this lock. Python: `threading.Condition(rlock)`.
    ///
    /// ```
    /// # use woozle::threading::{Condition, RLock};
    /// let lock = RLock::new();
    /// let changed = Condition::with_rlock(&lock);
    /// let _held = lock.guard();
    /// changed.guard().notify();       // the same lock, once more
    /// ```
    pub fn with_rlock(lock: &RLock) -> Self {
        Self::over(UnderlyingLock::RLock(lock.clone()))
    }

    const fn over(under: UnderlyingLock) -> Self {
        Self {
            under,
            waiters: Shared::new(),
        }
    }

    pub(super) fn waiters(&self) -> &Waiters {
        self.waiters.get_or(Waiters::default)
    }
}

impl Clone for Condition {
    fn clone(&self) -> Self {
        Self {
            under: self.under.clone(),
            waiters: self.waiters.share(Waiters::default),
        }
    }
}

impl Default for Condition {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiters = self.waiters().len();
        f.debug_struct("Condition")
            .field("lock", &self.under)
            .field("waiters", &waiters)
            .finish()
    }
}
