//! The end of threads that are not to come back, since they have crashed.
//!
//! A copy has such a thread in the middle of what it did. Where it waited in the system, or computed in the user's own
//! code, it is just not made anew. But in libc, std or the runtime it may hold what all others need: the allocator's
//! lock, or the loader's. Then it does come back, unheard, and is asked by the signal again and again until it is
//! at a place of the first kind, where it ends. If it crashes before, it ends there.
//!
//! Its stack and its block stay: others may refer to what is on it (a scoped thread does). So libc takes it for one that
//! runs, and the host says how it ended (`host::threads`).

use std::ffi::{c_int, c_void};
use std::io;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustix::time::Timespec;

use super::{arch, tasks};
use crate::protocol::MOST_LEFT_OUT;

/// Threads that have come back to end, as the system calls them; 0 is none.
static DOOMED: [AtomicI32; MOST_LEFT_OUT] = [const { AtomicI32::new(0) }; MOST_LEFT_OUT];
/// Whether they end wherever they are.
static AT_ONCE: AtomicBool = AtomicBool::new(false);

/// How long a thread may take to come to a place where it can end.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long it is left alone between two signals.
const PAUSE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000,
};

/// The code of the process's own libraries: those that are there before any cell's.
static OWN: [[AtomicUsize; 2]; 64] = [const { [const { AtomicUsize::new(0) }; 2] }; 64];

/// Notes the process's own libraries.
pub(super) fn prepare() {
    unsafe extern "C" fn note(
        info: *mut libc::dl_phdr_info,
        _: libc::size_t,
        next: *mut c_void,
    ) -> c_int {
        // SAFETY: the loader passes a valid description of a library, and what `prepare` has given it.
        let (info, next) = unsafe { (&*info, &mut *next.cast::<usize>()) };
        for n in 0..usize::from(info.dlpi_phnum) {
            // SAFETY: there are so many headers.
            let header = unsafe { &*info.dlpi_phdr.add(n) };
            let is_code = header.p_type == libc::PT_LOAD && header.p_flags & libc::PF_X != 0;
            if let (true, Some([from, to])) = (is_code, OWN.get(*next)) {
                let begin = (info.dlpi_addr + header.p_vaddr) as usize;
                from.store(begin, Ordering::Relaxed);
                to.store(begin + header.p_memsz as usize, Ordering::Relaxed);
                *next += 1;
            }
        }
        0
    }
    let mut next = 0_usize;
    // SAFETY: `next` lives during the call, and the callback takes it for what it is.
    unsafe { libc::dl_iterate_phdr(Some(note), (&raw mut next).cast()) };
}

/// Whether a thread that was interrupted there may end: nothing of the process's own is half done.
pub(super) fn is_at_rest(context: usize) -> bool {
    let place = arch::interrupted_at(context);
    let is_own = |[from, to]: &[AtomicUsize; 2]| {
        (from.load(Ordering::Relaxed)..to.load(Ordering::Relaxed)).contains(&place)
    };
    !OWN.iter().any(is_own) || arch::waits_in_system(context)
}

/// For a copy, while it has one thread: none is doomed.
pub(super) fn clear() {
    AT_ONCE.store(false, Ordering::SeqCst);
    DOOMED
        .iter()
        .for_each(|place| place.store(0, Ordering::SeqCst));
}

/// Notes that this thread has come back to end.
pub(super) fn mark_for_exit(tid: i32) {
    let free = |place: &&AtomicI32| place.load(Ordering::SeqCst) == 0;
    if let Some(place) = DOOMED.iter().find(free) {
        place.store(tid, Ordering::SeqCst);
    }
}

/// Whether the current thread has come back to end.
pub(crate) fn is_doomed() -> bool {
    let own = tasks::own();
    DOOMED.iter().any(|tid| tid.load(Ordering::SeqCst) == own)
}

/// Ends the current thread if it is to end and was interrupted at a place for that.
pub(super) fn end_if_doomed(context: usize) {
    if is_doomed() && (AT_ONCE.load(Ordering::SeqCst) || is_at_rest(context)) {
        end();
    }
}

/// Ends the current thread, which has crashed, if it is to end anyhow.
pub(crate) fn end_if_doomed_here() {
    if is_doomed() {
        end();
    }
}

fn end() -> ! {
    loop {
        // SAFETY: it ends the thread, and does not return. Nothing of it is freed.
        unsafe { libc::syscall(libc::SYS_exit, 0) };
    }
}

/// Waits until those have ended, once all threads are back.
pub(super) fn finish(signal: c_int) {
    let begun = Instant::now();
    let is_there = |tid: i32| {
        let process = std::process::id();
        // SAFETY: it sends a signal to a thread of this process, if there is one of that number.
        let sent = unsafe { libc::syscall(libc::SYS_tgkill, process, tid, signal) } == 0;
        // When too many signals wait for it, it is still there.
        let is_gone = || io::Error::last_os_error().raw_os_error() == Some(libc::ESRCH);
        tid != 0 && (sent || !is_gone())
    };
    for doomed in &DOOMED {
        let tid = doomed.load(Ordering::SeqCst);
        while is_there(tid) && begun.elapsed() < 2 * PATIENCE {
            AT_ONCE.store(begun.elapsed() > PATIENCE, Ordering::SeqCst);
            // Between two signals it has to get on, to a place where it can end.
            let _ = rustix::thread::nanosleep(&PAUSE);
        }
        doomed.store(0, Ordering::SeqCst);
    }
}
