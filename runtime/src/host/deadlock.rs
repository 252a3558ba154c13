//! A cell that cannot go on, since every thread waits for another one: the user is told while it hangs.
//!
//! The io thread looks now and then while a cell runs: whether all threads wait in a futex without a timeout, and none has
//! had the processor since the last look. A thread that sleeps and looks, and will find the same again (`settle::naps`), waits as well.
//! Threads that hold what the next of them waits for, in a circle, cannot go on whatever the others do. It is told once for each cell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::{report, settle, threads};
use crate::process::{frames, output, question};
use crate::protocol::Event;
use crate::sync::lock_std;
use crate::wait;

/// The time between two looks.
const PAUSE: Duration = Duration::from_millis(500);

/// The cell whose statements run and of which nothing has been told; 0 if there is none.
static WATCHED: AtomicU32 = AtomicU32::new(0);
/// What was seen at the last look.
static SEEN: Mutex<Option<BTreeMap<i32, u64>>> = Mutex::new(None);

/// A cell is about to run.
pub(super) fn begin(cell: u32) {
    WATCHED.store(cell, Ordering::SeqCst);
}

/// Its statements have run.
pub(super) fn end() {
    WATCHED.store(0, Ordering::SeqCst);
}

/// When to look next, if at all.
pub(super) fn patience() -> Option<Duration> {
    (WATCHED.load(Ordering::SeqCst) != 0).then_some(PAUSE)
}

/// Looks, and tells the kernel.
pub(super) fn look() {
    let cell = WATCHED.load(Ordering::SeqCst);
    // A front end may bring what is waited for: a line, or a message to a widget.
    let may_hear = question::is_asking()
        || crate::comm::is_open()
        || crate::multiprocessing::cluster::is_awaited();
    let may_go_on = cell == 0 || may_hear || !settle::main_waits();
    if !may_go_on {
        settle::naps::compare(); // from here on: a wait is rare, and to compare costs something
    }
    let all = (!may_go_on).then(settle::deadlocked).flatten();
    let are_all = all.is_some();
    let circles = || (!may_go_on).then(|| settle::waiting(&circles(cell)));
    let now = all.or_else(|| circles().flatten());
    let mut seen = lock_std(&SEEN);
    let before = std::mem::replace(&mut *seen, now);
    if before.is_none() || before != *seen {
        return;
    }
    let waiting: BTreeSet<i32> = seen.iter().flatten().map(|(tid, _)| *tid).collect();
    let told = WATCHED.compare_exchange(cell, 0, Ordering::SeqCst, Ordering::SeqCst);
    if told.is_ok() {
        output::send(&Event::Deadlock {
            cell,
            all: are_all,
            threads: report::of(cell, &|tid| waiting.contains(&tid)),
            maps: frames::maps(),
        });
    }
}

/// The threads that wait in circles, if one of a circle works for the cell. The others may be of an earlier cell that this one
/// has nothing to do with.
fn circles(cell: u32) -> BTreeSet<i32> {
    let main = report::main_thread();
    let holders: BTreeMap<i32, i32> = wait::holders().into_iter().collect();
    let threads = threads::all();
    let threads = threads.iter().filter(|thread| thread.cell == cell);
    let own = threads.map(|thread| thread.tid()).chain([main]);
    own.flat_map(|tid| circle(tid, &holders)).collect()
}

/// The circle that a thread is in; nothing if it is in none.
fn circle(tid: i32, holders: &BTreeMap<i32, i32>) -> BTreeSet<i32> {
    let mut passed = BTreeSet::new();
    let mut next = tid;
    while let Some(holder) = holders.get(&next) {
        if !passed.insert(next) {
            break;
        }
        next = *holder;
    }
    if next == tid { passed } else { BTreeSet::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_those_who_wait_for_each_other() {
        let holders = BTreeMap::from([(1, 2), (2, 3), (3, 2), (4, 4), (5, 6)]);
        for (tid, expected) in [
            (1, vec![]),
            (2, vec![2, 3]),
            (3, vec![2, 3]),
            (4, vec![4]),
            (5, vec![]),
            (6, vec![]),
        ] {
            let found: Vec<i32> = circle(tid, &holders).into_iter().collect();
            assert_eq!(found, expected, "of {tid}");
        }
    }
}
