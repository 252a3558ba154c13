//! The cell that a thread belongs to.
//!
//! Each thread carries a cell's number. The main thread gets it with each cell; a new thread has its creator's, because the
//! host exports its own `pthread_create`, by which threads of std, of other crates and of C code all come by. A thread of a
//! rayon pool, or of the tokio runtime in which cells run, works for whoever runs. A task carries the number of the cell
//! that submitted it, whichever cell made the pool, and while a pool's thread runs the task, the thread is that cell's.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

thread_local! {
    static CELL: Cell<u32> = const { Cell::new(0) };
    static TASK: Cell<Option<u32>> = const { Cell::new(None) };
    /// The cell that started the thread.
    static ORIGIN: Cell<u32> = const { Cell::new(0) };
}

/// What a thread carries whose output goes to the cell that runs.
pub(crate) use crate::protocol::crash::CURRENT_CELL;

static RUNNING: AtomicU32 = AtomicU32::new(0);

/// The least number of an [area](super::area::OutputTarget); those below are cells'.
pub(super) const FIRST_AREA: u32 = 1 << 31;

/// Whether a number is an area's.
pub(super) fn is_area(number: u32) -> bool {
    number >= FIRST_AREA
}

/// Where the current thread's output goes: to its cell, or to an [area](super::area::OutputTarget) in it. A thread of a rayon pool
/// works for whoever runs, and so does one that carries [`CURRENT_CELL`].
pub(crate) fn current_target() -> u32 {
    if let Ok(Some(cell)) = TASK.try_with(Cell::get) {
        return cell;
    }
    let own = CELL.try_with(Cell::get).unwrap_or(0);
    let running = RUNNING.load(Ordering::Relaxed);
    if own == CURRENT_CELL || own != running && rayon::current_thread_index().is_some() {
        return running;
    }
    own
}

/// Makes the current thread one of `cell`, which may be an area.
#[doc(hidden)]
pub fn enter_cell(cell: u32) {
    let _ = CELL.try_with(|own| own.set(cell));
}

/// Notes which cell has started the current thread.
pub(crate) fn set_origin_cell(cell: u32) {
    let _ = ORIGIN.try_with(|origin| origin.set(cell));
}

/// The cell that has started the current thread, or the task that it runs; [`CURRENT_CELL`] for one of a pool that works
/// for whoever runs. It takes no lock.
pub(crate) fn origin_cell() -> u32 {
    let works_for_all = CELL.try_with(Cell::get) == Ok(CURRENT_CELL);
    if works_for_all || rayon::current_thread_index().is_some() {
        return CURRENT_CELL;
    }
    if let Ok(Some(task)) = TASK.try_with(Cell::get)
        && !is_area(task)
    {
        return task;
    }
    ORIGIN.try_with(Cell::get).unwrap_or(0)
}

/// Says for which cell, or area, the current thread runs a task, if it does; gives what it was before.
pub(crate) fn enter_task(cell: Option<u32>) -> Option<u32> {
    TASK.try_with(|task| task.replace(cell)).unwrap_or(None)
}

/// Runs something whose output goes to a cell, or to an area, and so does that of the threads that it starts.
pub(crate) fn within<R>(area: u32, body: impl FnOnce() -> R) -> R {
    /// Brings back what the thread did before.
    struct Back(Option<u32>);
    impl Drop for Back {
        fn drop(&mut self) {
            enter_task(self.0);
        }
    }
    // Nested, when a task that waits in rayon takes another one meanwhile.
    let _back = Back(enter_task(Some(area)));
    body()
}

/// Makes `cell` the one that runs, on the current thread.
pub(crate) fn run_cell(cell: u32) {
    RUNNING.store(cell, Ordering::Relaxed);
    enter_cell(cell);
}

/// The cell that runs, or ran last.
pub(crate) fn running_cell() -> u32 {
    RUNNING.load(Ordering::Relaxed)
}
