//! `BoundedSemaphore`: a semaphore that notices a release too many.

use std::fmt;
use std::time::Duration;

use super::error::SemaphoreError;
use super::shared::Shared;
use crate::threading::raw::semaphore::RawSemaphore;
use crate::wait::Deadline;

/// A [`Semaphore`](super::Semaphore) that never has more permits than it began with: Python's
/// `threading.BoundedSemaphore`.
///
/// Use it where permits stand for things that exist in a fixed number, so that a release too many
/// is a mistake.
///
/// ```
/// use woozle::threading::BoundedSemaphore;
///
/// let connections = BoundedSemaphore::new(2);
/// connections.acquire();
/// connections.release()?;
/// assert!(connections.release().is_err());
/// # Ok::<(), woozle::threading::SemaphoreError>(())
/// ```
///
/// What differs from Python: as for [`Semaphore`](super::Semaphore).
pub struct BoundedSemaphore {
    bound: usize,
    raw: Shared<RawSemaphore>,
}

impl BoundedSemaphore {
    /// A new semaphore with this many permits. Python: `threading.BoundedSemaphore(value)`.
    ///
    /// None (`0`) is fine: then the first `acquire` waits for a `release`.
    ///
    /// ```
    /// # use woozle::threading::BoundedSemaphore;
    /// static PLACES: BoundedSemaphore = BoundedSemaphore::new(3);
    /// assert_eq!(PLACES.value(), 3);
    /// ```
    pub const fn new(bound: usize) -> Self {
        Self {
            bound,
            raw: Shared::new(),
        }
    }

    /// Waits for a permit and takes it. Python: `semaphore.acquire()`.
    ///
    /// ```
    /// # use woozle::threading::BoundedSemaphore;
    /// let places = BoundedSemaphore::new(1);
    /// places.acquire();
    /// assert_eq!(places.value(), 0);
    /// ```
    pub fn acquire(&self) {
        self.raw().acquire(Deadline::NEVER);
    }

    /// Takes a permit if there is one, and says whether. Python: `semaphore.acquire(False)`.
    ///
    /// ```
    /// # use woozle::threading::BoundedSemaphore;
    /// assert!(!BoundedSemaphore::new(0).try_acquire());
    /// ```
    #[must_use = "a permit is held only if this is true"]
    pub fn try_acquire(&self) -> bool {
        self.raw().try_acquire()
    }

    /// Waits for a permit for at most this long. Python: `semaphore.acquire(timeout=...)`.
    ///
    /// ```
    /// # use woozle::threading::BoundedSemaphore;
    /// # use std::time::Duration;
    /// assert!(!BoundedSemaphore::new(0).acquire_timeout(Duration::from_millis(1)));
    /// ```
    #[must_use = "a permit is held only if this is true"]
    pub fn acquire_timeout(&self, timeout: Duration) -> bool {
        self.raw().try_acquire() || self.raw().acquire(Deadline::after(timeout))
    }

    /// Gives a permit back. Python: `semaphore.release()`.
    ///
    /// # Errors
    ///
    /// [`SemaphoreError::OverReleased`] if no permit is out (Python's `ValueError`). Nothing changes.
    ///
    /// ```
    /// # use woozle::threading::BoundedSemaphore;
    /// assert!(BoundedSemaphore::new(1).release().is_err());
    /// ```
    pub fn release(&self) -> Result<(), SemaphoreError> {
        self.release_many(1)
    }

    /// Gives `n` permits back. Python: `semaphore.release(n)`.
    ///
    /// # Errors
    ///
    /// [`SemaphoreError`] if `n` is 0 or more permits than are out. Nothing changes then.
    ///
    /// ```
    /// # use woozle::threading::BoundedSemaphore;
    /// let places = BoundedSemaphore::new(2);
    /// places.acquire();
    /// places.acquire();
    /// places.release_many(2)?;
    /// # Ok::<(), woozle::threading::SemaphoreError>(())
    /// ```
    pub fn release_many(&self, n: usize) -> Result<(), SemaphoreError> {
        self.raw().release(n, Some(self.bound))
    }

    /// How many permits are left at this moment. Python: `semaphore._value`.
    ///
    /// ```
    /// # use woozle::threading::BoundedSemaphore;
    /// assert_eq!(BoundedSemaphore::new(3).value(), 3);
    /// ```
    pub fn value(&self) -> usize {
        self.raw().permits()
    }

    /// Waits for a permit and holds it until the guard goes out of scope. Python: `with semaphore:`.
    ///
    /// ```
    /// # use woozle::threading::BoundedSemaphore;
    /// let places = BoundedSemaphore::new(3);
    /// let _held = places.guard();
    /// assert_eq!(places.value(), 2);
    /// ```
    pub fn guard(&self) -> BoundedSemaphoreGuard<'_> {
        self.acquire();
        BoundedSemaphoreGuard { semaphore: self }
    }

    /// A guard if a permit is free. Python has no such form.
    ///
    /// ```
    /// # use woozle::threading::BoundedSemaphore;
    /// assert!(BoundedSemaphore::new(0).try_guard().is_none());
    /// ```
    pub fn try_guard(&self) -> Option<BoundedSemaphoreGuard<'_>> {
        self.try_acquire()
            .then(|| BoundedSemaphoreGuard { semaphore: self })
    }

    /// A guard if a permit can be had within this time. Python has no such form.
    ///
    /// ```
    /// # use woozle::threading::BoundedSemaphore;
    /// # use std::time::Duration;
    /// assert!(BoundedSemaphore::new(1).guard_timeout(Duration::from_secs(1)).is_some());
    /// ```
    pub fn guard_timeout(&self, timeout: Duration) -> Option<BoundedSemaphoreGuard<'_>> {
        self.acquire_timeout(timeout)
            .then(|| BoundedSemaphoreGuard { semaphore: self })
    }

    /// Holds a permit while `body` runs, and gives its result. Python: `with semaphore:`.
    ///
    /// # Panics
    ///
    /// Only if `body` does; the permit is given back then too.
    ///
    /// ```
    /// # use woozle::threading::BoundedSemaphore;
    /// assert_eq!(BoundedSemaphore::new(1).with(|| 42), 42);
    /// ```
    pub fn with<R>(&self, body: impl FnOnce() -> R) -> R {
        let _held = self.guard();
        body()
    }

    fn raw(&self) -> &RawSemaphore {
        self.raw.get_or(|| RawSemaphore::new(self.bound))
    }
}

impl Default for BoundedSemaphore {
    /// One permit, as in Python.
    fn default() -> Self {
        Self::new(1)
    }
}

impl Clone for BoundedSemaphore {
    fn clone(&self) -> Self {
        let raw = self.raw.share(|| RawSemaphore::new(self.bound));
        Self {
            bound: self.bound,
            raw,
        }
    }
}

impl fmt::Debug for BoundedSemaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoundedSemaphore")
            .field("value", &self.value())
            .field("bound", &self.bound)
            .finish()
    }
}

/// Holds a permit of a [`BoundedSemaphore`] and gives it back when it goes out of scope, also in a panic.
///
/// ```
/// # use woozle::threading::BoundedSemaphore;
/// let places = BoundedSemaphore::new(1);
/// drop(places.guard());
/// assert_eq!(places.value(), 1);
/// ```
#[must_use = "the permit is given back as soon as the guard is dropped: bind it with `let _held = ...`"]
#[derive(Debug)]
pub struct BoundedSemaphoreGuard<'a> {
    semaphore: &'a BoundedSemaphore,
}

impl Drop for BoundedSemaphoreGuard<'_> {
    fn drop(&mut self) {
        // If somebody has given this permit back already, there is nothing left to do.
        let _ = self.semaphore.release();
    }
}
