//! What the system calls the threads of a copy that has gone on.
//!
//! libc keeps a thread's number in the thread's own block. It writes that number into what the thread holds (recursive
//! and error-checking mutexes, robust ones, locks for reading and writing; its loader's locks are of the first kind), and
//! compares it when the thread lets go. So a thread of a copy keeps its number in libc, and only the system has a new
//! one for it. This table is for the functions that pass the number to the system (`bin/woozle-host/threads.rs`), and
//! for new threads, which must not be called as an older one is.

use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};

use super::arch::own_handle;
use super::park::CAPACITY;

/// Numbers from here on are not given by the system (its limit is 2^22), and fit in the words of locks.
static NEXT: AtomicI32 = AtomicI32::new(1 << 24);

struct Called {
    /// Its `pthread_t`; 0 for none.
    thread: AtomicUsize,
    by_libc: AtomicI32,
    by_system: AtomicI32,
}

/// The threads that came back, and the one that made the copy.
static CALLED: [Called; CAPACITY + 1] = [const {
    Called {
        thread: AtomicUsize::new(0),
        by_libc: AtomicI32::new(0),
        by_system: AtomicI32::new(0),
    }
}; CAPACITY + 1];
/// How many entries may be in use.
static USED: AtomicUsize = AtomicUsize::new(0);

fn called() -> &'static [Called] {
    &CALLED[..USED.load(Ordering::Acquire)]
}

fn entry(thread: usize) -> Option<&'static Called> {
    let is_its = |called: &&Called| called.thread.load(Ordering::Acquire) == thread;
    called().iter().find(is_its)
}

/// Forgets all; for a copy, while it has one thread.
pub(super) fn clear() {
    USED.store(0, Ordering::Release);
}

/// Notes what a thread is called now; for a copy, while it has one thread.
pub(super) fn note(thread: usize, by_libc: i32, by_system: i32) {
    let used = USED.load(Ordering::Relaxed);
    if let Some(called) = CALLED.get(used) {
        called.by_libc.store(by_libc, Ordering::Relaxed);
        called.by_system.store(by_system, Ordering::Relaxed);
        called.thread.store(thread, Ordering::Relaxed);
        USED.store(used + 1, Ordering::Release);
    }
}

/// What the system calls a thread (by its `pthread_t`), if libc calls it something else.
pub fn system_number(thread: libc::pthread_t) -> Option<i32> {
    let called = entry(thread as usize)?;
    Some(called.by_system.load(Ordering::Relaxed))
}

/// To be called first on each new thread: if libc calls another one by this number, which the system has given a second
/// time, this thread gets a number that the system never gives.
pub(crate) fn begin_thread() {
    if called().is_empty() {
        return;
    }
    let number = super::park::clear_tid_address() as *const AtomicI32;
    // SAFETY: it is where libc keeps this thread's number, for as long as the thread lives.
    let Some(number) = (unsafe { number.as_ref() }) else {
        return;
    };
    let own = number.load(Ordering::Relaxed);
    let is_taken = |called: &Called| {
        called.thread.load(Ordering::Acquire) != 0 && called.by_libc.load(Ordering::Relaxed) == own
    };
    if called().iter().any(is_taken) {
        number.store(NEXT.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
    }
}

/// To be called last on each thread: its block becomes another one's.
pub(crate) fn end_thread() {
    if let Some(called) = entry(own_handle()) {
        called.thread.store(0, Ordering::Release);
    }
}
