//! Tasks that run on threads of a pool: each belongs to the cell that gave it to the pool, not to
//! the cell that made the thread.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::process::output;
use crate::sync::lock_std;
use crate::timeline;

/// How many tasks of each cell are not done yet.
static PENDING: Mutex<BTreeMap<u32, usize>> = Mutex::new(BTreeMap::new());

fn pending() -> MutexGuard<'static, BTreeMap<u32, usize>> {
    lock_std(&PENDING)
}

/// How many tasks that the cell gave to pools are not done yet.
pub(crate) fn count(cell: u32) -> usize {
    pending().get(&cell).copied().unwrap_or(0)
}

/// A task's tie to the cell that gave it; it counts until this is dropped.
#[derive(Debug)]
pub(crate) struct TaskOrigin {
    cell: u32,
    /// Where its output goes: to that cell, or to an area in it.
    area: u32,
    counted: bool,
}

impl TaskOrigin {
    /// For a task that the current thread gives to a pool. Outside of a cell host nobody asks, and
    /// nothing is counted.
    pub(crate) fn new() -> Self {
        let (cell, counted) = (output::current_cell(), output::is_connected());
        crate::process::side_effects::note();
        if counted {
            *pending().entry(cell).or_default() += 1;
        }
        Self {
            cell,
            area: output::current_target(),
            counted,
        }
    }

    /// Runs the task: what it prints goes to its cell, and so do the threads that it starts.
    pub(crate) fn run<R>(&self, body: impl FnOnce() -> R) -> R {
        let _noted = timeline::task();
        output::within(self.area, body)
    }
}

impl TaskOrigin {
    /// Ends it in its place, which is gone together with a thread that has crashed.
    pub(crate) fn lost(&self) -> impl FnOnce() + Send + use<> {
        let cell = self.counted.then_some(self.cell);
        move || cell.into_iter().for_each(end)
    }
}

fn end(cell: u32) {
    let mut pending = pending();
    if let Some(n) = pending.get_mut(&cell) {
        *n -= 1;
        if *n == 0 {
            pending.remove(&cell);
        }
    }
}

impl Drop for TaskOrigin {
    fn drop(&mut self) {
        if self.counted {
            end(self.cell);
        }
    }
}
