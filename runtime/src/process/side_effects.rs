//! How often a thread has done something that shows, or has learnt what time it is: printed, started a thread, given a task
//! to a pool, read the clock. A thread that sleeps again and again without any of it between two sleeps only looks at
//! something (`host::settle`).

use std::cell::Cell;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// The current thread does something of that kind.
#[inline]
pub fn note() {
    let _ = COUNT.try_with(|count| count.set(count.get().wrapping_add(1)));
}

/// How often the current thread has done so.
pub(crate) fn count() -> u64 {
    COUNT.try_with(Cell::get).unwrap_or_default()
}
