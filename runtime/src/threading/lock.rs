//! `Lock`: Python's lock without data, which any thread may release.

use std::fmt;
use std::time::Duration;

use super::error::NotOwned;
use super::shared::Shared;
use crate::threading::raw::lock::RawLock;
use crate::wait::{Deadline, Wanted};

/// A lock that holds no data and that **any** thread may release: Python's `threading.Lock`.
///
/// A clone is another handle of the same lock, as a second Python variable would be, so a lock is
/// handed to a thread by cloning it. A lock can also be a `static`. It is not poisoned by a panic:
/// the guard releases it, as Python's `with` does.
///
/// Use it to keep *actions* apart (whose turn it is to print) or to signal from one thread to
/// another. To protect *data*, use [`std::sync::Mutex`] or `parking_lot::Mutex`, which hold the
/// data and let nobody reach it without the lock. Both work beside this one.
///
/// ```
/// use woozle::threading::{Lock, Thread};
///
/// static LOCK: Lock = Lock::new();
///
/// let threads: Vec<_> = (0..3)
///     .map(|i| Thread::spawn(move || {
///         let _held = LOCK.guard();       // with lock:
///         println!("{i} Woozle Wuzzle");
///     }))
///     .collect();
/// for t in threads {
///     t.join()?;
/// }
/// # Ok::<(), woozle::threading::ThreadError>(())
/// ```
///
/// What differs from Python: a timeout is a [`Duration`], which cannot be negative, one too long
/// for the clock waits for ever, and "not blocking, with a timeout" cannot be written. Threads that
/// have waited for more than half a millisecond get their turn in the order of their arrival, even
/// if the holder wants the lock again at once; Python promises no order at all.
pub struct Lock(Shared<RawLock>);

impl Lock {
    /// A new lock, unlocked. Python: `threading.Lock()`.
    ///
    /// ```
    /// # use woozle::threading::Lock;
    /// let lock = Lock::new();
    /// assert!(!lock.locked());
    /// ```
    pub const fn new() -> Self {
        Self(Shared::new())
    }

    /// Waits for the lock and takes it. Python: `lock.acquire()`.
    ///
    /// Nothing releases it by itself: see [`guard`](Self::guard) and [`with`](Self::with). A thread
    /// that acquires a lock that it holds waits for another thread to release it.
    ///
    /// ```
    /// # use woozle::threading::Lock;
    /// let lock = Lock::new();
    /// lock.acquire();
    /// assert!(lock.locked());
    /// lock.release()?;
    /// # Ok::<(), woozle::threading::NotOwned>(())
    /// ```
    #[inline]
    pub fn acquire(&self) {
        self.raw().acquire(Wanted::Lock, Deadline::NEVER);
    }

    /// Takes the lock if it is free, and says whether it did. Python: `lock.acquire(False)`.
    ///
    /// ```
    /// # use woozle::threading::Lock;
    /// let lock = Lock::new();
    /// assert!(lock.try_acquire());
    /// assert!(!lock.try_acquire());
    /// ```
    #[must_use = "the lock is held only if this is true"]
    pub fn try_acquire(&self) -> bool {
        self.raw().try_acquire()
    }

    /// Waits for the lock for at most this long. Python: `lock.acquire(timeout=...)`.
    ///
    /// ```
    /// # use woozle::threading::Lock;
    /// # use std::time::Duration;
    /// let lock = Lock::new();
    /// assert!(lock.acquire_timeout(Duration::from_secs(1)));
    /// assert!(!lock.acquire_timeout(Duration::ZERO));
    /// ```
    #[must_use = "the lock is held only if this is true"]
    pub fn acquire_timeout(&self, timeout: Duration) -> bool {
        self.raw().try_acquire() || self.raw().acquire(Wanted::Lock, Deadline::after(timeout))
    }

    /// Releases the lock, whichever thread acquired it. Python: `lock.release()`.
    ///
    /// # Errors
    ///
    /// [`NotOwned`] if the lock is not locked (Python's `RuntimeError`). The lock stays usable.
    ///
    /// ```
    /// # use woozle::threading::{Lock, Thread};
    /// let lock = Lock::new();
    /// lock.acquire();
    /// let other = lock.clone();
    /// Thread::spawn(move || other.release().unwrap()).join()?;
    /// assert!(lock.release().is_err());
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    #[inline]
    pub fn release(&self) -> Result<(), NotOwned> {
        if self.raw().release() {
            Ok(())
        } else {
            Err(NotOwned::RELEASE_LOCK)
        }
    }

    /// Whether somebody holds the lock at this moment. Python: `lock.locked()`.
    ///
    /// ```
    /// # use woozle::threading::Lock;
    /// let lock = Lock::new();
    /// lock.with(|| assert!(lock.locked()));
    /// ```
    pub fn locked(&self) -> bool {
        self.raw().is_locked()
    }

    /// Waits for the lock and holds it until the guard goes out of scope. Python: `with lock:`.
    ///
    /// ```
    /// # use woozle::threading::Lock;
    /// let lock = Lock::new();
    /// {
    ///     let _held = lock.guard();
    ///     assert!(lock.locked());
    /// }
    /// assert!(!lock.locked());
    /// ```
    #[inline]
    pub fn guard(&self) -> LockGuard<'_> {
        self.acquire();
        LockGuard { lock: self }
    }

    /// A guard if the lock is free. Python has no such form.
    ///
    /// ```
    /// # use woozle::threading::Lock;
    /// let lock = Lock::new();
    /// let held = lock.try_guard();
    /// assert!(held.is_some() && lock.try_guard().is_none());
    /// ```
    pub fn try_guard(&self) -> Option<LockGuard<'_>> {
        self.try_acquire().then(|| LockGuard { lock: self })
    }

    /// A guard if the lock can be had within this time. Python has no such form.
    ///
    /// ```
    /// # use woozle::threading::Lock;
    /// # use std::time::Duration;
    /// let lock = Lock::new();
    /// assert!(lock.guard_timeout(Duration::from_secs(1)).is_some());
    /// ```
    pub fn guard_timeout(&self, timeout: Duration) -> Option<LockGuard<'_>> {
        self.acquire_timeout(timeout)
            .then(|| LockGuard { lock: self })
    }

    /// Holds the lock while `body` runs, and gives its result. Python: `with lock:`.
    ///
    /// # Panics
    ///
    /// Only if `body` does; the lock is released then too.
    ///
    /// ```
    /// # use woozle::threading::Lock;
    /// let lock = Lock::new();
    /// assert_eq!(lock.with(|| 6 * 7), 42);
    /// ```
    pub fn with<R>(&self, body: impl FnOnce() -> R) -> R {
        let _held = self.guard();
        body()
    }

    #[inline]
    pub(super) fn raw(&self) -> &RawLock {
        self.0.get_or(RawLock::new)
    }
}

impl Default for Lock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clone for Lock {
    fn clone(&self) -> Self {
        Self(self.0.share(RawLock::new))
    }
}

impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lock")
            .field("locked", &self.locked())
            .finish()
    }
}

/// Holds a [`Lock`] and releases it when it goes out of scope, also in a panic.
///
/// It may be sent to another thread. If somebody has released the lock meanwhile, it does nothing.
///
/// ```
/// # use woozle::threading::Lock;
/// let lock = Lock::new();
/// let held = lock.guard();
/// drop(held);
/// assert!(!lock.locked());
/// ```
#[must_use = "the lock is released as soon as the guard is dropped: bind it with `let _held = ...`"]
#[derive(Debug)]
pub struct LockGuard<'a> {
    lock: &'a Lock,
}

impl Drop for LockGuard<'_> {
    #[inline]
    fn drop(&mut self) {
        self.lock.raw().release();
    }
}
