//! The threads of this process, each with the cell that started it.
//!
//! The host exports its own `pthread_create`, so threads of std, of other crates and of C code
//! all come by here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI32, AtomicPtr, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::settle::naps::{self, Look, Naps};
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
    /// A thread-local of its own; null until it runs.
    naps: AtomicPtr<Naps>,
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
        naps: AtomicPtr::new(std::ptr::null_mut()),
    });
    naps::note_deed();
    live().push(Arc::clone(&thread));
    Starting(thread)
}

impl Starting {
    /// To be called on the new thread, before anything else there; `base` is where its stack begins.
    #[must_use]
    pub fn started(self, base: usize) -> Started {
        output::enter_cell(self.0.area);
        let naps = Naps::own(base).cast_mut();
        self.0.naps.store(naps, Ordering::Release);
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

/// The sleeps of all threads, by their numbers.
pub(super) fn naps() -> BTreeMap<i32, Look> {
    let threads = live();
    let looks = threads
        .iter()
        .filter_map(|thread| Some((thread.tid(), look(thread)?)));
    looks.collect()
}

/// Looks at the sleeps of these threads, and takes no memory for it; gives their number, if all of them live and there is
/// room.
pub(super) fn look_at_naps(tids: &BTreeSet<i32>, looks: &mut [Look]) -> Option<usize> {
    let threads = live();
    for (n, tid) in tids.iter().enumerate() {
        let thread = threads.iter().find(|thread| thread.tid() == *tid)?;
        *looks.get_mut(n)? = look(thread)?;
    }
    Some(tids.len())
}

/// Of a thread that is among the live ones, which are locked.
fn look(thread: &Thread) -> Option<Look> {
    let naps = thread.naps.load(Ordering::Acquire);
    // SAFETY: null, or a thread-local of a thread that has yet to take itself off the list, which is locked.
    let naps = unsafe { naps.as_ref() };
    naps.map(Naps::look)
}

/// Waits until a thread ends, or the time is over.
pub(super) fn wait_for_an_end(time: Duration) {
    let _ = ENDED.wait_timeout(live(), time);
}
