//! Forking by the system call itself, without what libc's `fork` does besides.

use std::io;

/// Copies this process; in the copy (0) the current thread alone exists. `flags` are added to `SIGCHLD`.
///
/// The copy is a child of this process's parent, and `flags` say what becomes of the thread's number there, which libc keeps at
/// an address of its own: `CLONE_CHILD_SETTID`, `CLONE_CHILD_CLEARTID`. Where the system does not tell that address, these are
/// left out.
///
/// # Safety
///
/// Locks of libc's and of others that another thread holds are never released in the copy: the caller sees to it
/// that the copy needs none of them.
///
/// # Errors
///
/// When the system makes no process.
pub(crate) unsafe fn fork(flags: i32) -> io::Result<i32> {
    let mut tid = 0_usize;
    // SAFETY: the address is valid for the answer; if the system does not say, it stays 0.
    unsafe { libc::prctl(libc::PR_GET_TID_ADDRESS, &raw mut tid, 0, 0, 0) };
    let flags = match tid {
        0 => 0,
        _ => flags,
    };
    // A debugger is not told: see `process::debugger`.
    let flags = flags | libc::CLONE_PARENT | libc::CLONE_UNTRACED | libc::SIGCHLD;
    // SAFETY: without CLONE_VM this is a fork; `tid` is where libc keeps this thread's number. Locks are the
    // caller's business.
    let pid = unsafe {
        #[cfg(target_arch = "x86_64")]
        let pid = libc::syscall(libc::SYS_clone, flags, 0, 0, tid, 0);
        #[cfg(not(target_arch = "x86_64"))]
        let pid = libc::syscall(libc::SYS_clone, flags, 0, 0, 0, tid);
        pid
    };
    match pid {
        -1 => Err(io::Error::last_os_error()),
        pid => i32::try_from(pid).map_err(io::Error::other),
    }
}
