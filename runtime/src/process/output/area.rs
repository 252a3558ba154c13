//! Output that does not go to a cell, but to something that the cell shows.
//!
//! What a thread carries is the number of a cell or of such an area. Threads and tasks hand it on to those that they
//! start, so output finds its way as it does to cells.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use super::thread_cell::{FIRST_AREA, current_target, is_area, running_cell};
use crate::protocol::Event;
use crate::sync::lock_std;

/// Takes output.
pub(crate) trait OutputTarget: Send + Sync {
    /// Takes something that was printed or displayed, or that changes what was.
    fn take(&self, event: &Event);
}

struct Known {
    /// The cell that it belongs to.
    cell: u32,
    area: Arc<dyn OutputTarget>,
}

static AREAS: Mutex<BTreeMap<u32, Known>> = Mutex::new(BTreeMap::new());

fn areas() -> MutexGuard<'static, BTreeMap<u32, Known>> {
    lock_std(&AREAS)
}

/// Gives an area of the current thread's cell a number. Threads may use it for ever after, so it is never taken away.
pub(crate) fn open(area: Arc<dyn OutputTarget>) -> u32 {
    let cell = cell_of(current_target());
    let mut areas = areas();
    let number = areas
        .last_key_value()
        .map_or(FIRST_AREA, |(last, _)| last + 1);
    areas.insert(number, Known { cell, area });
    number
}

/// The cell that a number stands for.
pub(super) fn cell_of(number: u32) -> u32 {
    match number {
        FIRST_AREA.. => areas()
            .get(&number)
            .map_or_else(running_cell, |known| known.cell),
        cell => cell,
    }
}

/// Whether an event has gone to an area. In a child process there is none, and the parent looks.
pub(super) fn take(event: &Event) -> bool {
    let number = match event {
        // It may have been displayed in several.
        Event::Display { update: true, .. } => {
            let all: Vec<_> = areas()
                .values()
                .map(|known| Arc::clone(&known.area))
                .collect();
            all.iter().for_each(|area| area.take(event));
            return false;
        }
        Event::Output { cell, .. }
        | Event::Display { cell, .. }
        | Event::ClearOutput { cell, .. }
        | Event::Panic { cell, .. } => *cell,
        _ => return false,
    };
    if !is_area(number) {
        return false;
    }
    let area = areas().get(&number).map(|known| Arc::clone(&known.area));
    // Not while the areas are locked: it sends events of its own.
    area.map(|area| area.take(event)).is_some()
}
