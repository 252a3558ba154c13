//! `Lock`: one process at a time.

use std::fmt;
use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::raw::{LockError, RawLock, Taken, checked};
use super::words::Words;
use crate::wait::Deadline;

/// A lock that one thread at a time holds, of all processes: Python's `multiprocessing.Lock`.
///
/// A clone is another handle of the same lock; so is what arrives in a process that the lock was sent
/// to, as an argument or otherwise.
///
/// ```
/// use woozle::multiprocessing::{Lock, Process};
///
/// fn task(lock: Lock, i: u32) {
///     let _held = lock.guard().unwrap();
///     println!("{i} Woozle Wuzzle");
/// }
///
/// let lock = Lock::new()?;
/// for i in 0..3 {
///     let p = Process::with_args(task, (lock.clone(), i))?;
///     p.start()?;
///     p.join()?;
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// If the process that holds it dies, the next one that asks gets [`LockError::OwnerDied`], once,
/// where Python waits for ever. Then the lock is free.
///
/// What differs from Python: only the thread that holds the lock can release it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Lock(Words<RawLock>);

impl Lock {
    /// A new lock. Python: `multiprocessing.Lock()`.
    ///
    /// # Errors
    ///
    /// When the system gives no memory or descriptor.
    ///
    /// ```
    /// # use woozle::multiprocessing::Lock;
    /// assert!(!Lock::new()?.locked());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn new() -> io::Result<Self> {
        Words::new(0).map(Self)
    }

    pub(super) fn raw(&self) -> &RawLock {
        &self.0
    }

    /// Waits for the lock and takes it. Python: `lock.acquire()`.
    ///
    /// # Errors
    ///
    /// [`LockError`]: its owner has died, or is this thread. It is not taken then.
    ///
    /// ```
    /// # use woozle::multiprocessing::Lock;
    /// let lock = Lock::new()?;
    /// lock.acquire()?;
    /// assert!(lock.locked());
    /// lock.release()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn acquire(&self) -> Result<(), LockError> {
        self.checked(self.0.take(Deadline::NEVER)).map(|_| ())
    }

    /// Takes the lock if it is free; whether it was. Python: `lock.acquire(block=False)`.
    ///
    /// # Errors
    ///
    /// As [`acquire`](Self::acquire)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::Lock;
    /// let lock = Lock::new()?;
    /// assert!(lock.try_acquire()? && !lock.try_acquire()?);
    /// # lock.release()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn try_acquire(&self) -> Result<bool, LockError> {
        self.checked(self.0.try_take())
    }

    /// Waits for the lock, for at most this long; whether it was taken. Python:
    /// `lock.acquire(timeout=...)`.
    ///
    /// # Errors
    ///
    /// As [`acquire`](Self::acquire)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::Lock;
    /// # use std::time::Duration;
    /// let lock = Lock::new()?;
    /// assert!(lock.acquire_timeout(Duration::from_millis(1))?);
    /// # lock.release()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn acquire_timeout(&self, timeout: Duration) -> Result<bool, LockError> {
        self.checked(self.0.take(Deadline::after(timeout)))
    }

    fn checked(&self, taken: Result<Option<Taken>, LockError>) -> Result<bool, LockError> {
        checked(taken?, || self.0.release())
    }

    /// Releases the lock. Python: `lock.release()`.
    ///
    /// # Errors
    ///
    /// [`LockError::NotOwned`] if this thread does not hold it. Python: `ValueError`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Lock;
    /// assert!(Lock::new()?.release().is_err());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn release(&self) -> Result<(), LockError> {
        self.0.release()
    }

    /// Whether somebody holds the lock. Python: `lock.locked()`, since 3.14.
    ///
    /// ```
    /// # use woozle::multiprocessing::Lock;
    /// assert!(!Lock::new()?.locked());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn locked(&self) -> bool {
        self.0.is_locked()
    }

    /// Waits for the lock, and holds it until the guard is dropped. Python: `with lock:`.
    ///
    /// # Errors
    ///
    /// As [`acquire`](Self::acquire)'s.
    ///
    /// ```
    /// # use woozle::multiprocessing::Lock;
    /// let lock = Lock::new()?;
    /// {
    ///     let _held = lock.guard()?;
    ///     assert!(lock.locked());
    /// }
    /// assert!(!lock.locked());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn guard(&self) -> Result<LockGuard<'_>, LockError> {
        self.acquire()?;
        Ok(LockGuard(self, std::marker::PhantomData))
    }
}

/// Holds a [`Lock`]; dropped, it releases it.
#[must_use = "the lock is released when this is dropped"]
#[derive(Debug)]
pub struct LockGuard<'a>(&'a Lock, std::marker::PhantomData<*const ()>);

impl Drop for LockGuard<'_> {
    fn drop(&mut self) {
        let _ = self.0.release();
    }
}

impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.locked() {
            "<Lock locked>"
        } else {
            "<Lock unlocked>"
        })
    }
}
