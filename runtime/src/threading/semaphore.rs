//! `Semaphore`: a number of permits.

use std::fmt;
use std::time::Duration;

use super::error::SemaphoreError;
use super::shared::Shared;
use crate::threading::raw::semaphore::RawSemaphore;
use crate::wait::Deadline;

/// A number of permits, of which threads take one each: Python's `threading.Semaphore`.
///
/// Any thread may release, also one that has not acquired, so a semaphore can count things that
/// one thread makes and another uses. A clone is another handle; a semaphore can be a `static`.
///
/// ```
/// use woozle::threading::{Semaphore, Thread};
///
/// static PLACES: Semaphore = Semaphore::new(2);     // at most two at a time
///
/// let threads: Vec<_> = (0..4).map(|_| Thread::spawn(|| PLACES.with(|| 1))).collect();
/// for t in threads {
///     t.join()?;
/// }
/// # Ok::<(), woozle::threading::ThreadError>(())
/// ```
///
/// What differs from Python: a negative number of permits cannot be written. A thread that comes
/// may take a permit before one that waits has woken up; Python promises no order either.
pub struct Semaphore {
    value: usize,
    raw: Shared<RawSemaphore>,
}

impl Semaphore {
    /// A new semaphore with this many permits. Python: `threading.Semaphore(value)`.
    ///
    /// None (`0`) is fine: then the first `acquire` waits for a `release`.
    ///
    /// ```
    /// # use woozle::threading::Semaphore;
    /// static PLACES: Semaphore = Semaphore::new(3);
    /// assert_eq!(PLACES.value(), 3);
    /// ```
    pub const fn new(value: usize) -> Self {
        Self {
            value,
            raw: Shared::new(),
        }
    }

    /// Waits for a permit and takes it. Python: `semaphore.acquire()`.
    ///
    /// ```
    /// # use woozle::threading::Semaphore;
    /// let places = Semaphore::new(1);
    /// places.acquire();
    /// assert_eq!(places.value(), 0);
    /// ```
    #[inline]
    pub fn acquire(&self) {
        self.raw().acquire(Deadline::NEVER);
    }

    /// Takes a permit if there is one, and says whether. Python: `semaphore.acquire(False)`.
    ///
    /// ```
    /// # use woozle::threading::Semaphore;
    /// assert!(!Semaphore::new(0).try_acquire());
    /// ```
    #[must_use = "a permit is held only if this is true"]
    pub fn try_acquire(&self) -> bool {
        self.raw().try_acquire()
    }

    /// Waits for a permit for at most this long. Python: `semaphore.acquire(timeout=...)`.
    ///
    /// ```
    /// # use woozle::threading::Semaphore;
    /// # use std::time::Duration;
    /// assert!(!Semaphore::new(0).acquire_timeout(Duration::from_millis(1)));
    /// ```
    #[must_use = "a permit is held only if this is true"]
    pub fn acquire_timeout(&self, timeout: Duration) -> bool {
        self.raw().try_acquire() || self.raw().acquire(Deadline::after(timeout))
    }

    /// Gives a permit back, or adds one. Python: `semaphore.release()`.
    ///
    /// ```
    /// # use woozle::threading::Semaphore;
    /// let made = Semaphore::new(0);
    /// made.release();
    /// assert_eq!(made.value(), 1);
    /// ```
    #[inline]
    pub fn release(&self) {
        // Only what cannot be counted fails: no program releases one by one so often.
        let _ = self.raw().release(1, None);
    }

    /// Gives `n` permits back, or adds them. Python: `semaphore.release(n)`.
    ///
    /// # Errors
    ///
    /// [`SemaphoreError`] if `n` is 0 (Python's `ValueError`), or if the permits could not be counted
    /// any more. Nothing changes then.
    ///
    /// ```
    /// # use woozle::threading::Semaphore;
    /// let made = Semaphore::new(0);
    /// made.release_many(3)?;
    /// assert_eq!(made.value(), 3);
    /// assert!(made.release_many(0).is_err());
    /// # Ok::<(), woozle::threading::SemaphoreError>(())
    /// ```
    pub fn release_many(&self, n: usize) -> Result<(), SemaphoreError> {
        self.raw().release(n, None)
    }

    /// How many permits are left at this moment. Python: `semaphore._value`.
    ///
    /// ```
    /// # use woozle::threading::Semaphore;
    /// assert_eq!(Semaphore::new(3).value(), 3);
    /// ```
    pub fn value(&self) -> usize {
        self.raw().permits()
    }

    /// Waits for a permit and holds it until the guard goes out of scope. Python: `with semaphore:`.
    ///
    /// ```
    /// # use woozle::threading::Semaphore;
    /// let places = Semaphore::new(3);
    /// let _held = places.guard();
    /// assert_eq!(places.value(), 2);
    /// ```
    #[inline]
    pub fn guard(&self) -> SemaphoreGuard<'_> {
        self.acquire();
        SemaphoreGuard { semaphore: self }
    }

    /// A guard if a permit is free. Python has no such form.
    ///
    /// ```
    /// # use woozle::threading::Semaphore;
    /// assert!(Semaphore::new(0).try_guard().is_none());
    /// ```
    pub fn try_guard(&self) -> Option<SemaphoreGuard<'_>> {
        self.try_acquire()
            .then(|| SemaphoreGuard { semaphore: self })
    }

    /// A guard if a permit can be had within this time. Python has no such form.
    ///
    /// ```
    /// # use woozle::threading::Semaphore;
    /// # use std::time::Duration;
    /// assert!(Semaphore::new(1).guard_timeout(Duration::from_secs(1)).is_some());
    /// ```
    pub fn guard_timeout(&self, timeout: Duration) -> Option<SemaphoreGuard<'_>> {
        self.acquire_timeout(timeout)
            .then(|| SemaphoreGuard { semaphore: self })
    }

    /// Holds a permit while `body` runs, and gives its result. Python: `with semaphore:`.
    ///
    /// # Panics
    ///
    /// Only if `body` does; the permit is given back then too.
    ///
    /// ```
    /// # use woozle::threading::Semaphore;
    /// assert_eq!(Semaphore::new(1).with(|| 42), 42);
    /// ```
    pub fn with<R>(&self, body: impl FnOnce() -> R) -> R {
        let _held = self.guard();
        body()
    }

    #[inline]
    fn raw(&self) -> &RawSemaphore {
        self.raw.get_or(|| RawSemaphore::new(self.value))
    }
}

impl Default for Semaphore {
    /// One permit, as in Python.
    fn default() -> Self {
        Self::new(1)
    }
}

impl Clone for Semaphore {
    fn clone(&self) -> Self {
        let raw = self.raw.share(|| RawSemaphore::new(self.value));
        Self {
            value: self.value,
            raw,
        }
    }
}

impl fmt::Debug for Semaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Semaphore")
            .field("value", &self.value())
            .finish()
    }
}

/// Holds a permit of a [`Semaphore`] and gives it back when it goes out of scope, also in a panic.
///
/// ```
/// # use woozle::threading::Semaphore;
/// let places = Semaphore::new(1);
/// drop(places.guard());
/// assert_eq!(places.value(), 1);
/// ```
#[must_use = "the permit is given back as soon as the guard is dropped: bind it with `let _held = ...`"]
#[derive(Debug)]
pub struct SemaphoreGuard<'a> {
    semaphore: &'a Semaphore,
}

impl Drop for SemaphoreGuard<'_> {
    #[inline]
    fn drop(&mut self) {
        self.semaphore.release();
    }
}
