//! `Semaphore` and `BoundedSemaphore`.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::words::{Counted, Shareable, Words, wait_while, wake};
use crate::threading::SemaphoreError;
use crate::wait::{Deadline, Wanted};

#[repr(C)]
#[derive(Debug, Default)]
pub(crate) struct RawSemaphore {
    value: AtomicU32,
    waiters: AtomicU32,
    /// The highest value.
    bound: AtomicU32,
}

// SAFETY: atomics, which are a semaphore of value 0 when they are zero.
unsafe impl Shareable for RawSemaphore {}

impl RawSemaphore {
    fn set(&self, value: u32, bound: u32) {
        self.value.store(value, Ordering::Relaxed);
        self.bound.store(bound, Ordering::Relaxed);
    }

    fn try_take(&self) -> bool {
        let less = |value: u32| value.checked_sub(1);
        let order = (Ordering::Acquire, Ordering::Relaxed);
        self.value.fetch_update(order.0, order.1, less).is_ok()
    }

    fn take(&self, deadline: Deadline) -> bool {
        loop {
            if self.try_take() {
                return true;
            }
            let waiter = Counted::enter(&self.waiters);
            let in_time = wait_while(&self.value, 0, Wanted::Semaphore, deadline);
            drop(waiter);
            if !in_time {
                return self.try_take();
            }
        }
    }

    fn release(&self, n: u32) -> Result<(), SemaphoreError> {
        let bound = self.bound.load(Ordering::Relaxed);
        let more = |value: u32| value.checked_add(n).filter(|value| *value <= bound);
        let released = self
            .value
            .fetch_update(Ordering::SeqCst, Ordering::Relaxed, more);
        if released.is_err() {
            return Err(SemaphoreError::OverReleased {
                bound: bound as usize,
            });
        }
        if self.waiters.load(Ordering::SeqCst) > 0 {
            wake(&self.value, n);
        }
        Ok(())
    }

    fn value(&self) -> usize {
        self.value.load(Ordering::Relaxed) as usize
    }
}

macro_rules! semaphore {
    ($(#[$doc:meta])* $name:ident, $bound:expr, $python:literal) => {
        $(#[$doc])*
        #[derive(Clone, Serialize, Deserialize)]
        pub struct $name(Words<RawSemaphore>);

        impl $name {
            #[doc = concat!("A new one, with so many permits. Python: `multiprocessing.", $python, "(value)`.")]
            ///
            /// # Errors
            ///
            /// When the system gives no memory or descriptor.
            pub fn new(value: u32) -> io::Result<Self> {
                let words = Words::<RawSemaphore>::new(0)?;
                let bound: fn(u32) -> u32 = $bound;
                words.set(value, bound(value));
                Ok(Self(words))
            }

            /// Waits for a permit and takes it. Python: `semaphore.acquire()`.
            pub fn acquire(&self) {
                self.0.take(Deadline::NEVER);
            }

            /// Takes a permit if there is one; whether there was. Python:
            /// `semaphore.acquire(block=False)`.
            pub fn try_acquire(&self) -> bool {
                self.0.try_take()
            }

            /// Waits for a permit, for at most this long; whether it was taken. Python:
            /// `semaphore.acquire(timeout=...)`.
            pub fn acquire_timeout(&self, timeout: Duration) -> bool {
                self.0.take(Deadline::after(timeout))
            }

            /// Gives a permit back. Python: `semaphore.release()`.
            ///
            /// # Errors
            ///
            /// [`SemaphoreError`] if there would be too many.
            pub fn release(&self) -> Result<(), SemaphoreError> {
                self.0.release(1)
            }

            /// How many permits there are at the moment. Python: `semaphore.get_value()`.
            pub fn value(&self) -> usize {
                self.0.value()
            }

            /// Waits for a permit, and gives it back when the guard is dropped. Python: `with
            /// semaphore:`.
            pub fn guard(&self) -> SemaphoreGuard<'_> {
                self.acquire();
                SemaphoreGuard(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("<", $python, " value={}>"), self.value())
            }
        }
    };
}

semaphore!(
    /// A number of permits, for all processes: Python's `multiprocessing.Semaphore`.
    ///
    /// A clone, and what is sent to another process, is another handle of the same one. A permit has
    /// no owner: if a process dies that has taken one, nobody gives it back, as in Python.
    ///
    /// ```
    /// use woozle::multiprocessing::Semaphore;
    ///
    /// let semaphore = Semaphore::new(2)?;
    /// semaphore.acquire();
    /// {
    ///     let _second = semaphore.guard();
    ///     assert!(!semaphore.try_acquire());
    /// }
    /// semaphore.release()?;
    /// assert_eq!(semaphore.value(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    Semaphore,
    |_| i32::MAX.unsigned_abs(),
    "Semaphore"
);

semaphore!(
    /// A [`Semaphore`] that never has more permits than at first: Python's
    /// `multiprocessing.BoundedSemaphore`.
    ///
    /// ```
    /// use woozle::multiprocessing::BoundedSemaphore;
    ///
    /// let semaphore = BoundedSemaphore::new(1)?;
    /// assert!(semaphore.release().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    BoundedSemaphore,
    |value| value,
    "BoundedSemaphore"
);

/// Holds a permit; dropped, it gives it back.
#[must_use = "the permit is given back when this is dropped"]
#[derive(Debug)]
pub struct SemaphoreGuard<'a>(&'a RawSemaphore);

impl Drop for SemaphoreGuard<'_> {
    fn drop(&mut self) {
        let _ = self.0.release(1);
    }
}
