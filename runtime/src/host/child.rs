//! What child processes of `multiprocessing` need of the host, and its service threads.

use std::io;

use super::{children, settle};
use crate::process::{output, panic_hook};

/// Makes this process, a child, one that runs for `cell`.
pub(crate) fn enter_child(cell: u32) {
    // Without them, what is written past the macros goes to the streams of the host, as from any
    // child process.
    let _ = children::open();
    children::unbuffer_c();
    output::run_cell(cell);
    panic_hook::install_in_child();
}

/// Starts a thread of the runtime's own, which no cell waits for.
pub(crate) fn own_thread(
    name: &str,
    body: impl FnOnce() + Send + 'static,
) -> io::Result<std::thread::JoinHandle<()>> {
    let thread = std::thread::Builder::new().name(name.to_owned());
    thread.spawn(move || {
        settle::note_own_thread();
        body();
        settle::forget_own_thread();
    })
}
