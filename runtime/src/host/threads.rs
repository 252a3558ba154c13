//! The threads of this process, each with the cell that started it.
//!
//! The host exports its own `pthread_create`, so threads of std, of other crates and of C code
//! all come by here.

use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::checkpoint::Renumbered;
use crate::crash::AlternateStack;
use crate::output;

/// A live thread.
#[derive(Debug)]
pub(super) struct Thread {
    /// The cell that started it.
    pub(super) cell: u32,
    /// Where its output goes: to that cell, or to an area in it.
    area: u32,
    /// The system's number for it; 0 until it runs.
    tid: AtomicI32,
}

impl Thread {
    pub(super) fn tid(&self) -> i32 {
        self.tid.load(Ordering::Acquire)
    }
}

static LIVE: Mutex<Vec<Arc<Thread>>> = Mutex::new(Vec::new());
static ENDED: Condvar = Condvar::new();

/// A thread about to start; it counts from here on.
#[derive(Debug)]
pub struct Starting(Arc<Thread>);

/// A thread that runs; dropped at its end, on itself.
#[derive(Debug)]
pub struct Started {
    thread: Arc<Thread>,
    /// Without it, a stack that overflows ends the process without a report.
    _stack: Option<AlternateStack>,
}

/// Notes that the current thread starts another one.
#[must_use]
pub fn starting() -> Starting {
    let thread = Arc::new(Thread {
        cell: output::current_cell(),
        area: output::current_area(),
        tid: AtomicI32::new(0),
    });
    live().push(Arc::clone(&thread));
    Starting(thread)
}

impl Starting {
    /// To be called on the new thread, before anything else there.
    #[must_use]
    pub fn started(self) -> Started {
        output::enter_cell(self.0.area);
        let tid = rustix::thread::gettid().as_raw_nonzero().get();
        self.0.tid.store(tid, Ordering::Release);
        Started {
            thread: self.0,
            _stack: AlternateStack::new().ok(),
        }
    }

    /// To be called where the thread was to be started, when that failed.
    pub fn failed(self) {
        remove(&self.0);
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        remove(&self.thread);
        ENDED.notify_all();
    }
}

fn remove(thread: &Arc<Thread>) {
    live().retain(|other| !Arc::ptr_eq(other, thread));
}

fn live() -> std::sync::MutexGuard<'static, Vec<Arc<Thread>>> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The threads have other numbers now.
pub(super) fn renumber(renumbered: &Renumbered) {
    for thread in live().iter() {
        if let Some(new) = renumbered.new_tid(thread.tid()) {
            thread.tid.store(new, Ordering::Release);
        }
    }
}

/// The threads that are alive.
pub(super) fn all() -> Vec<Arc<Thread>> {
    live().clone()
}

/// Waits until a thread ends, or the time is over.
pub(super) fn wait_for_an_end(time: Duration) {
    let _ = ENDED.wait_timeout(live(), time);
}
