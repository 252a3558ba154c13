//! `RLock`: a lock that its owner may take again.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::raw::{LockError, RawLock, Taken, checked};
use super::words::{Shareable, Words};
use crate::wait::Deadline;

/// A lock that the thread that holds it may take again: Python's `multiprocessing.RLock`.
///
/// ```
/// use woozle::multiprocessing::RLock;
///
/// let lock = RLock::new()?;
/// let _outer = lock.guard()?;
/// let _inner = lock.guard()?;         // no deadlock
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// If the process that holds it dies, the next one that asks gets [`LockError::OwnerDied`], once.
#[derive(Clone, Serialize, Deserialize)]
pub struct RLock(Words<RawRLock>);

#[repr(C)]
#[derive(Debug, Default)]
pub(crate) struct RawRLock {
    lock: RawLock,
    /// How often its owner has taken it; only the owner uses it.
    count: AtomicU32,
}

// SAFETY: atomics, which are an unlocked lock when they are zero.
unsafe impl Shareable for RawRLock {
    const LOCKS: usize = 1;
}

impl RawRLock {
    /// Takes the lock, or takes it again.
    pub(crate) fn take(&self, deadline: Option<Deadline>) -> Result<Option<Taken>, LockError> {
        if self.lock.is_mine() {
            self.count.fetch_add(1, Ordering::Relaxed);
            return Ok(Some(Taken::Clean));
        }
        let taken = match deadline {
            Some(deadline) => self.lock.take(deadline)?,
            None => self.lock.try_take()?,
        };
        if taken.is_some() {
            self.count.store(1, Ordering::Relaxed);
        }
        Ok(taken)
    }

    pub(crate) fn release(&self) -> Result<(), LockError> {
        if !self.lock.is_mine() {
            return Err(LockError::NotOwned);
        }
        if self.count.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.lock.release()?;
        }
        Ok(())
    }

    /// Releases it however often it was taken; gives that.
    pub(super) fn release_all(&self) -> Result<u32, LockError> {
        let count = self.count.swap(0, Ordering::Relaxed);
        self.lock.release()?;
        Ok(count)
    }

    /// Undoes [`release_all`](Self::release_all), on a lock that was just taken.
    pub(super) fn restore(&self, count: u32) {
        self.count.store(count, Ordering::Relaxed);
    }
}

impl RLock {
    /// A new lock. Python: `multiprocessing.RLock()`.
    ///
    /// # Errors
    ///
    /// When the system gives no memory or descriptor.
    pub fn new() -> io::Result<Self> {
        Words::new(0).map(Self)
    }

    pub(super) fn raw(&self) -> &RawRLock {
        &self.0
    }

    /// Waits for the lock and takes it. Python: `lock.acquire()`.
    ///
    /// # Errors
    ///
    /// [`LockError::OwnerDied`]; it is not taken then.
    ///
    /// ```
    /// # use woozle::multiprocessing::RLock;
    /// let lock = RLock::new()?;
    /// lock.acquire()?;
    /// lock.acquire()?;
    /// lock.release()?;
    /// lock.release()?;
    /// assert!(lock.release().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn acquire(&self) -> Result<(), LockError> {
        self.checked(Some(Deadline::NEVER)).map(|_| ())
    }

    /// Takes the lock if no other thread holds it; whether it did. Python:
    /// `lock.acquire(block=False)`.
    ///
    /// # Errors
    ///
    /// As [`acquire`](Self::acquire)'s.
    pub fn try_acquire(&self) -> Result<bool, LockError> {
        self.checked(None)
    }

    /// Waits for the lock, for at most this long; whether it was taken. Python:
    /// `lock.acquire(timeout=...)`.
    ///
    /// # Errors
    ///
    /// As [`acquire`](Self::acquire)'s.
    pub fn acquire_timeout(&self, timeout: Duration) -> Result<bool, LockError> {
        self.checked(Some(Deadline::after(timeout)))
    }

    fn checked(&self, deadline: Option<Deadline>) -> Result<bool, LockError> {
        checked(self.0.take(deadline)?, || self.0.release())
    }

    /// Releases the lock, once. Python: `lock.release()`.
    ///
    /// # Errors
    ///
    /// [`LockError::NotOwned`]. Python: `AssertionError`.
    pub fn release(&self) -> Result<(), LockError> {
        self.0.release()
    }

    /// Waits for the lock, and holds it until the guard is dropped. Python: `with lock:`.
    ///
    /// # Errors
    ///
    /// As [`acquire`](Self::acquire)'s.
    pub fn guard(&self) -> Result<RLockGuard<'_>, LockError> {
        self.acquire()?;
        Ok(RLockGuard(self, std::marker::PhantomData))
    }
}

/// Holds an [`RLock`]; dropped, it releases it once.
#[must_use = "the lock is released when this is dropped"]
#[derive(Debug)]
pub struct RLockGuard<'a>(&'a RLock, std::marker::PhantomData<*const ()>);

impl Drop for RLockGuard<'_> {
    fn drop(&mut self) {
        let _ = self.0.release();
    }
}

impl fmt::Debug for RLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let locked = self.0.lock.is_locked();
        f.write_str(if locked {
            "<RLock locked>"
        } else {
            "<RLock unlocked>"
        })
    }
}
