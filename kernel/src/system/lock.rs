//! Locks whose data is good even if a thread has panicked while it held one.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// [`Mutex::lock`] without poisoning. Nothing in the kernel leaves data half changed while it holds a lock.
pub(crate) trait LockUnpoisoned<T: ?Sized> {
    /// Takes the lock.
    fn lock_unpoisoned(&self) -> MutexGuard<'_, T>;
}

impl<T: ?Sized> LockUnpoisoned<T> for Mutex<T> {
    fn lock_unpoisoned(&self) -> MutexGuard<'_, T> {
        self.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
