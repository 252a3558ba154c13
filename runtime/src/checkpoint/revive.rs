//! Making the copy, and in it the threads.

use std::ffi::{c_int, c_void};
use std::io;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI32, AtomicU32, AtomicUsize, Ordering};

use rustix::thread::futex;

use super::park::{self, Parked, Slot};
use super::{arch, ending, numbers, tasks};
use crate::process::fork::fork;
use crate::protocol::MOST_LEFT_OUT;

/// A futex: how many threads are back.
static BACK: AtomicU32 = AtomicU32::new(0);
/// A futex: 1 once they may go on.
static MAY_GO: AtomicU32 = AtomicU32::new(0);

/// Threads (by their thread pointers) that do not come back; 0 is none.
static LEFT_OUT: [AtomicUsize; MOST_LEFT_OUT] = [const { AtomicUsize::new(0) }; MOST_LEFT_OUT];

/// Takes note of the threads that are not to come back. Atomics alone.
pub(super) fn leave_out(threads: impl Iterator<Item = u64>) {
    let threads = threads
        .map(|thread| thread as usize)
        .chain(std::iter::repeat(0));
    for (place, thread) in LEFT_OUT.iter().zip(threads) {
        place.store(thread, Ordering::Relaxed);
    }
}

fn is_left_out(slot: &Slot) -> bool {
    let own = slot.thread_pointer.load(Ordering::Relaxed);
    own != 0
        && LEFT_OUT
            .iter()
            .any(|other| other.load(Ordering::Relaxed) == own)
}

/// The restartable sequence that libc has registered for each thread: how far from the thread pointer, and how long.
static RSEQ: LazyLock<Option<(isize, u32)>> = LazyLock::new(|| {
    // SAFETY: libc's symbols, if it has them, are a `ptrdiff_t` and an `unsigned int`.
    unsafe {
        let offset = libc::dlsym(libc::RTLD_DEFAULT, c"__rseq_offset".as_ptr()).cast::<isize>();
        let size = libc::dlsym(libc::RTLD_DEFAULT, c"__rseq_size".as_ptr()).cast::<u32>();
        if offset.is_null() || size.is_null() || *size == 0 {
            return None;
        }
        Some((*offset, (*size).max(32)))
    }
});

/// Looks up what the copy will need: looking takes the loader's lock.
pub(super) fn prepare() {
    LazyLock::force(&RSEQ);
}

/// Forks this process, all of whose other threads are parked. In the copy (0) the current thread alone exists.
pub(super) fn clone_process() -> io::Result<i32> {
    let (mut list, mut length) = (0_usize, 0_usize);
    // SAFETY: the addresses are valid for the answer.
    unsafe { libc::syscall(libc::SYS_get_robust_list, 0, &raw mut list, &raw mut length) };
    // The thread's number stays.
    // SAFETY: what libc's locks protect is left as it is, and so are the threads that hold them, until they are made anew.
    let pid = unsafe { fork(libc::CLONE_CHILD_CLEARTID) }?;
    if pid == 0 {
        // SAFETY: the list is this thread's own; the copy has to say so again.
        unsafe { libc::syscall(libc::SYS_set_robust_list, list, length) };
    }
    Ok(pid)
}

/// Ends the copy. By the system call: what has libc's place in the host could wait for a thread that does not exist.
pub(super) fn exit() -> ! {
    loop {
        // SAFETY: it ends the process, and does not return.
        unsafe { libc::syscall(libc::SYS_exit_group, 0) };
    }
}

/// Makes all threads anew, but for those that are left out, and waits until they have their stacks and thread-locals back. Then they wait for
/// [`let_go`].
pub(super) fn all(parked: &Parked) {
    BACK.store(0, Ordering::SeqCst);
    MAY_GO.store(0, Ordering::SeqCst);
    ending::clear();
    numbers::clear();
    numbers::note(
        arch::own_handle(),
        libc_number(park::clear_tid_address()),
        tasks::own(),
    );
    let mut made = 0;
    for slot in parked.threads() {
        let is_left_out = is_left_out(slot);
        if is_left_out && ending::is_at_rest(slot.context.load(Ordering::Relaxed)) {
            slot.new_tid.store(0, Ordering::Relaxed);
            continue;
        }
        slot.doomed.store(is_left_out, Ordering::Relaxed);
        if !one(slot) {
            // A copy that lacks a thread is worse than none.
            exit();
        }
        made += 1;
        if is_left_out {
            ending::mark_for_exit(slot.new_tid.swap(0, Ordering::Relaxed));
            continue;
        }
        numbers::note(
            slot.handle.load(Ordering::Relaxed),
            libc_number(slot.clear_tid.load(Ordering::Relaxed)),
            slot.new_tid.load(Ordering::Relaxed),
        );
    }
    loop {
        let back = BACK.load(Ordering::SeqCst);
        if back >= made {
            return;
        }
        let _ = futex::wait(&BACK, futex::Flags::PRIVATE, back, None);
    }
}

/// What libc calls a thread, by where it keeps that.
fn libc_number(address: usize) -> i32 {
    let number = address as *const AtomicI32;
    // SAFETY: null, or a place in the block of a thread of this process.
    unsafe { number.as_ref() }.map_or(0, |number| number.load(Ordering::Relaxed))
}

/// Lets the threads return into what they did.
pub(super) fn let_go() {
    MAY_GO.store(1, Ordering::SeqCst);
    let _ = futex::wake(&MAY_GO, futex::Flags::PRIVATE, u32::MAX >> 1);
}

/// Starts a thread that becomes the one of the slot.
fn one(slot: &'static Slot) -> bool {
    let flags = libc::CLONE_VM
        | libc::CLONE_FS
        | libc::CLONE_FILES
        | libc::CLONE_SYSVSEM
        | libc::CLONE_SIGHAND
        | libc::CLONE_THREAD
        | libc::CLONE_SETTLS;
    let is_doomed = slot.doomed.load(Ordering::Relaxed);
    let flags = match is_doomed {
        // Its end is not to be seen by libc, which would free its stack.
        true => flags,
        false => flags | libc::CLONE_CHILD_CLEARTID,
    };
    let clear_tid = slot.clear_tid.load(Ordering::Relaxed);
    // Below the signal's frame the thread's stack is free: the handler never returns there.
    let stack = (slot.context.load(Ordering::Relaxed) - 1024) & !63;
    // SAFETY: `stack` lies in the stack of a thread that does not exist in this process, below all that is needed of
    // it; `thread_pointer` and `clear_tid` are that thread's own.
    let tid = unsafe {
        libc::clone(
            come_back,
            stack as *mut c_void,
            flags,
            std::ptr::from_ref(slot).cast_mut().cast(),
            // Nowhere: in libc's place for it there stays the number that the thread had.
            std::ptr::null_mut::<libc::pid_t>(),
            slot.thread_pointer.load(Ordering::Relaxed) as *mut c_void,
            clear_tid as *mut libc::pid_t,
        )
    };
    slot.new_tid.store(tid, Ordering::Relaxed);
    tid > 0
}

/// What a new thread does: it becomes an old one.
extern "C" fn come_back(slot: *mut c_void) -> c_int {
    // SAFETY: `one` passed a slot, and slots are never freed.
    let slot = unsafe { &*slot.cast::<Slot>() };
    let list = slot.robust_list.load(Ordering::Relaxed);
    let length = slot.robust_length.load(Ordering::Relaxed);
    let pointer = slot.thread_pointer.load(Ordering::Relaxed);
    // SAFETY: list, name and sequence are the thread's own; the system knows them of the old one only.
    unsafe {
        if list != 0 {
            libc::syscall(libc::SYS_set_robust_list, list, length);
        }
        libc::prctl(libc::PR_SET_NAME, slot.name.0.get());
        if let Some((offset, size)) = *RSEQ {
            let area = pointer.wrapping_add_signed(offset);
            libc::syscall(libc::SYS_rseq, area, size, 0, arch::RSEQ_SIGNATURE);
        }
    }
    let context = slot.context.load(Ordering::Relaxed);
    BACK.fetch_add(1, Ordering::SeqCst);
    let _ = futex::wake(&BACK, futex::Flags::PRIVATE, 1);
    while MAY_GO.load(Ordering::SeqCst) == 0 {
        let _ = futex::wait(&MAY_GO, futex::Flags::PRIVATE, 0, None);
    }
    if slot.doomed.load(Ordering::Relaxed) {
        crate::process::output::silence_thread();
    }
    // SAFETY: the address of the thread's own `errno`.
    unsafe { *libc::__errno_location() = slot.errno.load(Ordering::Relaxed) };
    // SAFETY: the context is of this thread's handler, whose copy in this process waits for nothing and will
    // not return; this thread has its thread pointer; the frame lies above this stack.
    unsafe { arch::return_from_signal(context) }
}
