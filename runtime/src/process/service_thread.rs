//! The threads that the runtime keeps for itself: no cell waits for them, and no report of a deadlock names them.

use std::io;
use std::sync::{Mutex, MutexGuard};
use std::thread::{Builder, JoinHandle};

use crate::process::thread_ids::Renumbered;
use crate::sync::lock_std;

/// The system's numbers of these threads, and of the one that runs the cells.
static SERVICE_THREADS: Mutex<Vec<i32>> = Mutex::new(Vec::new());

fn lock() -> MutexGuard<'static, Vec<i32>> {
    lock_std(&SERVICE_THREADS)
}

fn current() -> i32 {
    rustix::thread::gettid().as_raw_nonzero().get()
}

/// Starts one.
pub(crate) fn spawn(
    name: &str,
    body: impl FnOnce() + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    Builder::new().name(name.to_owned()).spawn(move || {
        register_current();
        body();
        unregister_current();
    })
}

/// Makes the current thread one of them.
pub(crate) fn register_current() {
    lock().push(current());
}

/// The current thread, one of them, is about to end.
fn unregister_current() {
    let tid = current();
    lock().retain(|other| *other != tid);
}

/// All of them.
pub(crate) fn all() -> Vec<i32> {
    lock().clone()
}

/// The threads have other numbers now.
pub(crate) fn renumber(renumbered: &Renumbered) {
    for tid in lock().iter_mut() {
        *tid = renumbered.new_tid(*tid).unwrap_or(*tid);
    }
}
