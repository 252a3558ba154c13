//! What there was before a cell: whose work can be for the cell, and whose is their own.

use std::collections::BTreeSet;

use super::super::threads::{self, Thread};
use super::naps::SleepSnapshot;
use super::system::{CallsAfterCheckpoint, tids, waits_forever};
use crate::process::service_thread;

/// The threads that there were when a cell began, here and in child processes.
#[derive(Debug, Default)]
pub(in crate::host) struct Baseline {
    all: BTreeSet<i32>,
    /// Those that were busy, or waited for time to pass: by themselves, as the cell had asked for nothing yet.
    pub(super) restless: BTreeSet<i32>,
    /// The cells whose threads these are, which may start others.
    restless_cells: BTreeSet<u32>,
}

impl Baseline {
    /// Looks at the threads now. A cell is about to begin.
    pub(in crate::host) fn take() -> Self {
        let mut baseline = Self::default();
        let naps = threads::naps();
        let calls = CallsAfterCheckpoint::begin();
        let children = crate::multiprocessing::live_pids();
        let children = children.iter().map(i32::to_string);
        for process in std::iter::once("self".to_owned()).chain(children) {
            for tid in tids(&process).unwrap_or_default() {
                baseline.all.insert(tid);
                // One that sleeps and looks at something waits for that.
                if process == "self" && naps.get(&tid).is_some_and(SleepSnapshot::is_often) {
                    continue;
                }
                let call = calls.of(&process, tid);
                if !call.is_ok_and(|call| call.is_some_and(|call| waits_forever(&call))) {
                    baseline.restless.insert(tid);
                }
            }
        }
        let (threads, own) = (threads::all(), service_thread::all());
        let restless = threads.iter().filter(|thread| {
            baseline.restless.contains(&thread.tid()) && !own.contains(&thread.tid())
        });
        baseline.restless_cells = restless.map(|thread| thread.cell).collect();
        baseline
    }

    /// Whether what this thread of an earlier cell does may be for the cell that has begun.
    pub(super) fn may_help(&self, thread: &Thread) -> bool {
        let is_new = !self.all.contains(&thread.tid());
        !(self.restless.contains(&thread.tid())
            || is_new && self.restless_cells.contains(&thread.cell))
    }
}
