//! Handlers of signals, and which process is reported.

use std::ffi::{c_int, c_void};
use std::io;
use std::sync::atomic::AtomicI32;

/// The process whose end is reported: not one that was forked off.
pub(super) static PROCESS: AtomicI32 = AtomicI32::new(0);

pub(super) fn own() -> i32 {
    rustix::process::getpid().as_raw_pid()
}

type Handler = extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void);

/// Installs a handler, which runs on the thread's alternate stack.
pub(super) fn handle(signal: c_int, handler: Handler, flags: c_int) -> io::Result<()> {
    // SAFETY: all zeroes is a valid `sigaction`; the handler has the signature that SA_SIGINFO asks for.
    let result = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | flags;
        libc::sigaction(signal, &raw const action, std::ptr::null_mut())
    };
    if result == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}
