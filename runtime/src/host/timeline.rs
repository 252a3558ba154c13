//! Recording what the threads do while a cell runs.

use std::collections::BTreeMap;

use super::{report, threads};
use crate::process::{frames, output, service_thread};
use crate::protocol::{Event, RecordedThread};
use crate::timeline::Recording;

/// Ends a recording of a cell, and tells the kernel.
pub(super) fn finish(recording: Recording, cell: u32) {
    let mut recorded = recording.end(Some(frames::maps()));
    let live = threads::all();
    let cells: BTreeMap<i32, u32> = live.iter().map(|live| (live.tid(), live.cell)).collect();
    let own = service_thread::all();
    let main = report::main_thread();
    recorded
        .threads
        .retain(|thread| thread.id == main || !own.contains(&thread.id));
    let process = report::name_of(main);
    for thread in &mut recorded.threads {
        if thread.id == main {
            thread.name = None;
            thread.cell = cell;
        } else {
            describe(thread, &process, &cells);
        }
    }
    output::send(&Event::Recorded { cell, recorded });
}

/// Says what a thread is called, and which cell it belongs to, where it has not said so itself.
fn describe(thread: &mut RecordedThread, process: &str, cells: &BTreeMap<i32, u32>) {
    if thread.cell == 0 {
        thread.cell = cells.get(&thread.id).copied().unwrap_or_default();
    }
    let name = thread.name.get_or_insert_default();
    if name.is_empty() {
        *name = report::name_of(thread.id);
    }
    if name == process {
        name.clear();
    }
}
