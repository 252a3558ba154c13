//! Locking a mutex of std's, which is whole also after a panic.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks it. Every change that we make under a lock is made in one go, so a panic leaves it whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
