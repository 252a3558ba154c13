//! The seam: whatever the raw algorithms take from the standard library comes from here, so that
//! a model checker (shuttle, `--cfg shuttle`) can be put in its place.

#[cfg(not(shuttle))]
pub(crate) use std::{
    sync::{Mutex, MutexGuard, atomic},
    thread_local,
};

#[cfg(shuttle)]
pub(crate) use shuttle::{
    sync::{Mutex, MutexGuard, atomic},
    thread_local,
};

use std::sync::PoisonError;

/// Locks a mutex of ours. None of them is held while a user's code runs, so a poisoned one still
/// holds a whole state.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
