//! The last words of a process that dies: of what, and where it was.
//!
//! They go into a page of memory that the kernel holds, too (`protocol::crash`), written in a signal
//! handler: with system calls, atomics and libgcc's unwinder, which on glibc 2.35 and newer takes no lock and does
//! not allocate. Should it hang all the same, an alarm ends the process. Which lines the addresses belong to
//! is for the kernel to find out.

mod handler;
mod page;
mod signals;
mod stack;

use std::os::fd::OwnedFd;
use std::sync::atomic::Ordering;

use crate::protocol::{Panic, Place};
use handler::{PROCESS, own};
pub(crate) use signals::AlternateStack;
pub(crate) use stack::{Call, Stacks, asked, walk};

/// From now on the end of this process is reported there.
///
/// # Errors
/// When the page cannot be mapped, or a handler not be installed.
pub(crate) fn prepare(page: &OwnedFd) -> std::io::Result<()> {
    page::map(page)?;
    stack::prepare()?;
    page::note_process_name();
    note_process();
    signals::install()
}

/// Notes that this process is the one to report of: it is the host, or a copy in its place.
pub(crate) fn note_process() {
    PROCESS.store(own(), Ordering::SeqCst);
}

/// Notes a panic: if it cannot unwind, it ends the process.
pub(crate) fn note_panic(panic: &Panic) {
    // std's own, of a panic that cannot unwind: that one has been noted.
    let is_consequence = |place: &Place| place.file.ends_with("core/src/panicking.rs");
    if panic.place.as_ref().is_some_and(is_consequence) {
        return;
    }
    let place = panic.place.as_ref().map_or_else(String::new, |place| {
        format!("{}:{}:{}", place.file, place.line, place.column)
    });
    page::put_panic(format!("{place}\0{}", panic.message).as_bytes());
}

/// Notes that the user's code ends the process by `exit`; false if this is not the process to report of.
pub fn note_exit(code: i32) -> bool {
    crate::checkpoint::end_if_doomed_here();
    let is_host = PROCESS.load(Ordering::SeqCst) == own();
    if is_host && let Some(page) = page::begin() {
        page.put_exit(code);
        page.put_thread();
        page.put_frames(0);
        page.put_maps();
        page.put_origin_cell();
    }
    is_host
}
