//! What this process is: the cell host, a child process of `multiprocessing`, or any other program that uses the runtime.

use std::ffi::c_int;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether this program's `main` is the cell host's.
static IS_HOST: AtomicBool = AtomicBool::new(false);
/// Whether this process is a child process of `multiprocessing`.
static IS_CHILD: AtomicBool = AtomicBool::new(false);
/// Whether this process is a worker on a cluster, where its session is not.
static IS_REMOTE: AtomicBool = AtomicBool::new(false);

/// This program's `main` is the cell host's.
pub(crate) fn become_host() {
    IS_HOST.store(true, Ordering::Relaxed);
}

/// This process is a child process of `multiprocessing`.
pub(crate) fn become_child() {
    IS_CHILD.store(true, Ordering::Relaxed);
}

/// Whether this program is the cell host's.
pub(crate) fn is_host() -> bool {
    IS_HOST.load(Ordering::Relaxed)
}

/// Whether this process is a child process of `multiprocessing`.
pub(crate) fn is_child() -> bool {
    IS_CHILD.load(Ordering::Relaxed)
}

/// This process is a worker on a cluster.
pub(crate) fn become_remote() {
    IS_REMOTE.store(true, Ordering::Relaxed);
    become_child();
}

/// Whether this process is a worker on a cluster.
pub(crate) fn is_remote() -> bool {
    IS_REMOTE.load(Ordering::Relaxed)
}

/// What this machine is called.
pub(crate) fn host_name() -> String {
    let names = rustix::system::uname();
    names.nodename().to_string_lossy().into_owned()
}

/// Lets a write beyond the limit of a file's size (`ulimit -f`) be an error rather than the end of this process. By a handler:
/// programs that are started would ignore the signal as well if this process did.
pub fn outlive_large_files() {
    extern "C" fn nothing(_: c_int) {}
    let handler: extern "C" fn(c_int) = nothing;
    // SAFETY: the handler does nothing.
    unsafe { libc::signal(libc::SIGXFSZ, handler as libc::sighandler_t) };
}
