//! The threads of this process, each with the cell that started it.
//!
//! The host exports its own `pthread_create`, so threads of std, of other crates and of C code
//! all come by here.

#![expect(
    clippy::disallowed_types,
    reason = "what waits here is the host itself, which no interrupt reaches"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI32, AtomicPtr, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock};
use std::time::Duration;

use rustix::thread::futex;

use super::settle::naps::{SleepHistory, SleepSnapshot};
use crate::checkpoint;
use crate::process::crash::AlternateStack;
use crate::process::thread_ids::Renumbered;
use crate::process::{debugger, output, panics, side_effects};
use crate::sync::lock_std;
use crate::threading::thread::registry;
use crate::timeline;

/// A thread.
#[derive(Debug)]
pub(super) struct Thread {
    /// The cell that started it.
    pub(super) cell: u32,
    /// Where its output goes: to that cell, or to an area in it.
    area: u32,
    /// The system's number for it; 0 until it runs.
    tid: AtomicI32,
    /// A thread-local of its own; null until it runs.
    naps: AtomicPtr<SleepHistory>,
    /// Its `pthread_t`; 0 until it has been started.
    handle: AtomicUsize,
    /// What tells it from others in a report of a crash; 0 until it runs.
    pointer: AtomicUsize,
    /// A futex: 0 while it is alive.
    over: AtomicU32,
    /// How it has crashed, if it has.
    crash: OnceLock<String>,
}

impl Thread {
    pub(super) fn tid(&self) -> i32 {
        self.tid.load(Ordering::Acquire)
    }

    fn end(&self) {
        self.over.store(1, Ordering::SeqCst);
        let _ = futex::wake(&self.over, futex::Flags::PRIVATE, u32::MAX >> 1);
    }
}

static LIVE: Mutex<Vec<Arc<Thread>>> = Mutex::new(Vec::new());
static ENDED: Condvar = Condvar::new();
/// Those that have crashed. libc takes them for live ones, so their handles are not given again.
static CRASHED: Mutex<Vec<Arc<Thread>>> = Mutex::new(Vec::new());

/// A thread about to start; it counts from here on.
#[derive(Clone, Debug)]
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
        area: output::current_target(),
        tid: AtomicI32::new(0),
        naps: AtomicPtr::new(std::ptr::null_mut()),
        handle: AtomicUsize::new(0),
        pointer: AtomicUsize::new(0),
        over: AtomicU32::new(0),
        crash: OnceLock::new(),
    });
    side_effects::note();
    live().push(Arc::clone(&thread));
    Starting(thread)
}

impl Starting {
    /// To be called on the new thread, before anything else there; `base` is where its stack begins.
    #[must_use]
    pub fn started(self, base: usize) -> Started {
        checkpoint::begin_thread();
        output::enter_cell(self.0.area);
        let naps = SleepHistory::own(base).cast_mut();
        self.0.naps.store(naps, Ordering::Release);
        output::set_origin_cell(self.0.cell);
        let pointer = checkpoint::thread_pointer();
        self.0.pointer.store(pointer, Ordering::Release);
        let handle = checkpoint::own_handle();
        self.0.handle.store(handle, Ordering::Release);
        let tid = rustix::thread::gettid().as_raw_nonzero().get();
        self.0.tid.store(tid, Ordering::Release);
        debugger::note_thread(tid, self.0.cell);
        timeline::begins(self.0.cell);
        Started {
            thread: self.0,
            _stack: AlternateStack::new().ok(),
        }
    }

    /// To be called where the thread has been started: who joins it may come before it runs.
    pub fn begun(self, thread: libc::pthread_t) {
        self.0.handle.store(thread as usize, Ordering::Release);
        timeline::starts(thread as usize);
    }

    /// To be called where the thread was to be started, when that failed.
    pub fn failed(self) {
        remove(&self.0);
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        timeline::ends();
        remove(&self.thread);
        self.thread.end();
        ENDED.notify_all();
        checkpoint::end_thread();
    }
}

fn remove(thread: &Arc<Thread>) {
    live().retain(|other| !Arc::ptr_eq(other, thread));
}

fn live() -> std::sync::MutexGuard<'static, Vec<Arc<Thread>>> {
    lock_std(&LIVE)
}

/// The threads have other numbers now.
pub(super) fn renumber(renumbered: &Renumbered) {
    for thread in live().iter() {
        if let Some(new) = renumbered.new_tid(thread.tid()) {
            thread.tid.store(new, Ordering::Release);
        }
    }
}

/// A thread, told by its thread pointer, has crashed and did not come back with this copy: it has ended, for those who
/// wait for it, too.
pub(super) fn note_crashed(pointer: usize, how: &str) {
    let is_it = |thread: &&Arc<Thread>| thread.pointer.load(Ordering::Acquire) == pointer;
    let Some(thread) = live().iter().find(is_it).cloned() else {
        return;
    };
    remove(&thread);
    registry::note_crashed(thread.tid(), how);
    let _ = thread.crash.set(how.to_owned());
    let mut crashed = lock_std(&CRASHED);
    crashed.push(Arc::clone(&thread));
    drop(crashed);
    thread.end();
    ENDED.notify_all();
}

/// Baseline libc's `pthread_join`: waits until the thread is about to end; false if it has crashed.
#[must_use]
pub fn join(thread: libc::pthread_t) -> bool {
    let handle = thread as usize;
    if handle == checkpoint::own_handle() {
        return true; // which libc refuses
    }
    let is_it = |thread: &&Arc<Thread>| thread.handle.load(Ordering::Acquire) == handle;
    let found = live().iter().find(is_it).cloned();
    let found = found.or_else(|| {
        let crashed = lock_std(&CRASHED);
        crashed.iter().find(is_it).cloned()
    });
    // Otherwise it has ended, or not begun yet: libc knows.
    let Some(thread) = found else { return true };
    let is_over = || thread.over.load(Ordering::SeqCst) != 0;
    let _noted = match is_over() {
        true => None,
        false => timeline::waits_for_thread(handle),
    };
    while !is_over() {
        let _ = futex::wait(&thread.over, futex::Flags::PRIVATE, 0, None);
    }
    match thread.crash.get() {
        None => true,
        Some(how) => {
            panics::hook::note_joined_crashed(how);
            false
        }
    }
}

/// The threads that are alive.
pub(super) fn all() -> Vec<Arc<Thread>> {
    live().clone()
}

/// The sleeps of all threads, by their numbers.
pub(super) fn naps() -> BTreeMap<i32, SleepSnapshot> {
    let threads = live();
    let looks = threads
        .iter()
        .filter_map(|thread| Some((thread.tid(), look(thread)?)));
    looks.collect()
}

/// Looks at the sleeps of these threads, and takes no memory for it; gives their number, if all of them live and there is
/// room.
pub(super) fn look_at_naps(tids: &BTreeSet<i32>, looks: &mut [SleepSnapshot]) -> Option<usize> {
    let threads = live();
    for (n, tid) in tids.iter().enumerate() {
        let thread = threads.iter().find(|thread| thread.tid() == *tid)?;
        *looks.get_mut(n)? = look(thread)?;
    }
    Some(tids.len())
}

/// Of a thread that is among the live ones, which are locked.
fn look(thread: &Thread) -> Option<SleepSnapshot> {
    let naps = thread.naps.load(Ordering::Acquire);
    // SAFETY: null, or a thread-local of a thread that has yet to take itself off the list, which is locked.
    let naps = unsafe { naps.as_ref() };
    naps.map(SleepHistory::look)
}

/// Waits until a thread ends, or the time is over.
pub(super) fn wait_for_an_end(time: Duration) {
    let _ = ENDED.wait_timeout(live(), time);
}
