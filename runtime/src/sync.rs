//! The seam: what the raw algorithms take from the standard library, and what is said of their panics. Where they are explored
//! (`explore/model`), what stands in std's place is all around them, and this file alone differs.

pub(crate) use std::panic::catch_unwind;
pub(crate) use std::{
    sync::{Mutex, MutexGuard, atomic},
    thread_local,
};

use std::sync::PoisonError;

/// Locks a mutex of std's. Every change that the runtime makes under one is made in one go, so it is whole after a panic.
pub(crate) fn lock_std<T: ?Sized>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Locks a mutex of ours. None of them is held while a user's code runs, so a poisoned one still
/// holds a whole state.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
