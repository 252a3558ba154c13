//! The signals that a crash is, and the stack on which they are handled.

use std::ffi::{c_int, c_void};
use std::io;
use std::sync::atomic::Ordering;

use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};

use super::handler::{PROCESS, handle, own};
use super::{page, stack};

const SIGNALS: [c_int; 7] = [
    libc::SIGSEGV,
    libc::SIGBUS,
    libc::SIGILL,
    libc::SIGFPE,
    libc::SIGABRT,
    libc::SIGTRAP,
    libc::SIGSYS,
];

/// Handles all of them. std's own handler, which would print that the stack has overflowed, is replaced.
pub(super) fn install() -> io::Result<()> {
    std::mem::forget(AlternateStack::new()?); // the main thread's
    SIGNALS
        .iter()
        .try_for_each(|signal| handle(*signal, crashed, 0))
}

extern "C" fn crashed(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    crate::checkpoint::end_if_doomed_here();
    let is_host = PROCESS.load(Ordering::SeqCst) == own();
    if is_host && let Some(page) = page::begin() {
        // SAFETY: a process that dies needs no alarm of its own any more.
        unsafe {
            libc::signal(libc::SIGALRM, libc::SIG_DFL);
            libc::alarm(5);
        }
        // SAFETY: the system passed both; which of the fields mean something is for the reader to know.
        let (code, address, sender, (at, stack_pointer)) = unsafe {
            let info = &*info;
            let place = stack::interrupted_at(context);
            (info.si_code, info.si_addr() as u64, info.si_pid(), place)
        };
        page.put_signal(signal, code, address, stack_pointer, sender);
        page.put_thread();
        page.put_maps();
        page.put_frames(at);
        page.put_origin_cell();
        if crate::checkpoint::is_doomed() {
            // A copy was made while the thread was in this handler, and the copy goes on without it.
            page.withdraw();
            // SAFETY: no alarm of the user's outlives a copy.
            unsafe { libc::alarm(0) };
        }
    }
    crate::checkpoint::end_if_doomed_here();
    // SAFETY: the process dies of the signal as soon as this handler has returned.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        libc::syscall(libc::SYS_tgkill, own(), libc::gettid(), signal);
    }
}

/// A stack for signal handlers: that of the thread may be what has overflowed. Freed when dropped, on the same
/// thread.
#[derive(Debug)]
pub(crate) struct AlternateStack(*mut c_void);

/// std's own has 8 KB, little for the unwinder.
const SIZE: usize = 64 << 10;

impl AlternateStack {
    /// One for the current thread. std makes none if there is one.
    pub(crate) fn new() -> io::Result<Self> {
        // SAFETY: a new mapping, which replaces none.
        let address = unsafe {
            mmap_anonymous(
                std::ptr::null_mut(),
                SIZE,
                ProtFlags::READ | ProtFlags::WRITE,
                MapFlags::PRIVATE | MapFlags::NORESERVE,
            )?
        };
        set(address, 0);
        Ok(Self(address))
    }
}

impl Drop for AlternateStack {
    fn drop(&mut self) {
        set(std::ptr::null_mut(), libc::SS_DISABLE);
        // SAFETY: the mapping is this value's own, and no handler runs on it, since this thread is here.
        let _ = unsafe { munmap(self.0, SIZE) };
    }
}

fn set(address: *mut c_void, flags: c_int) {
    let stack = libc::stack_t {
        ss_sp: address,
        ss_flags: flags,
        ss_size: SIZE,
    };
    // SAFETY: the mapping at `address` has this size and lives until the thread has another stack or none.
    unsafe { libc::sigaltstack(&raw const stack, std::ptr::null_mut()) };
}
