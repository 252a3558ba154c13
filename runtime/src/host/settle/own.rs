//! The threads of the host itself, which no cell waits for.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::checkpoint::Renumbered;

static OWN: Mutex<Vec<i32>> = Mutex::new(Vec::new());

fn lock() -> MutexGuard<'static, Vec<i32>> {
    OWN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn current() -> i32 {
    rustix::thread::gettid().as_raw_nonzero().get()
}

/// Notes that the current thread runs the cells.
pub(in crate::host) fn note_main_thread() {
    note_own_thread();
}

/// Notes that the current thread is the host's own.
pub(in crate::host) fn note_own_thread() {
    lock().push(current());
}

/// The current thread, which was the host's own, is about to end.
pub(in crate::host) fn forget_own_thread() {
    let tid = current();
    lock().retain(|other| *other != tid);
}

/// The threads of the host itself.
pub(in crate::host) fn own() -> Vec<i32> {
    lock().clone()
}

/// The threads have other numbers now.
pub(in crate::host) fn renumber(renumbered: &Renumbered) {
    for tid in lock().iter_mut() {
        *tid = renumbered.new_tid(*tid).unwrap_or(*tid);
    }
}
