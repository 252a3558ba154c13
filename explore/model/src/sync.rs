//! As the runtime's `sync.rs`.

use std::any::Any;
pub(crate) use std::sync::{Mutex, MutexGuard, atomic};
pub(crate) use std::thread_local;

/// As std's, unless the first panic is to end the schedule.
pub(crate) fn catch_unwind<T>(run: impl FnOnce() -> T) -> Result<T, Box<dyn Any + Send>> {
    std::engine::panics::run(run)
}

pub(crate) fn lock_std<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    lock(mutex)
}

pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
