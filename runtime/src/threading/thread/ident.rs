//! The identity of the calling thread: a number of our own.
//!
//! Not the system's thread id: that one may be given again to a later thread, and changes when a
//! checkpoint of the process is resumed.

use std::cell::Cell;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::process::{debugger, thread_ids};
use crate::sync::thread_local;

/// The main thread's.
pub(crate) const MAIN: NonZeroU64 = NonZeroU64::MIN;

static LAST: AtomicU64 = AtomicU64::new(MAIN.get());

thread_local! {
    static MINE: Cell<u64> = const { Cell::new(0) };
}

/// A number that no other thread has, had or will have.
pub(crate) fn next() -> NonZeroU64 {
    MAIN.saturating_add(LAST.fetch_add(1, Ordering::Relaxed))
}

/// Gives the calling thread its number, before it asks for one.
pub(crate) fn set(ident: NonZeroU64) {
    MINE.with(|mine| mine.set(ident.get()));
    debugger::note_ident(ident.get(), thread_ids::native());
}

/// The calling thread's number.
#[inline]
pub(crate) fn get() -> NonZeroU64 {
    NonZeroU64::new(MINE.with(Cell::get)).unwrap_or_else(first)
}

#[cold]
fn first() -> NonZeroU64 {
    let ident = if is_main() { MAIN } else { next() };
    set(ident);
    ident
}

/// Whether the calling thread is the one that the process began with.
pub(crate) fn is_main() -> bool {
    thread_ids::is_main()
}

/// The system's id of the calling thread.
pub(crate) fn native() -> u32 {
    thread_ids::native()
}
