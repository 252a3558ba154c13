//! When a cell's threads have settled: the end of a cell for a client that drops late output.
//!
//! `README.md` says when that is, and why a thread that sleeps and looks again and again can be known to wait.
//!
//! | file | what it is |
//! |---|---|
//! | `baseline` | what there was before the cell: whose work can be for it |
//! | `picture` | what all threads that matter do, at one moment |
//! | `stability` | what several looks in a row tell |
//! | `system` | what the system says of threads |
//! | `naps` | threads that sleep and look: their sleeps are compared |
//! | `memory` | whether memory is the same at two moments |

mod baseline;
mod memory;
pub(in crate::host) mod naps;
mod picture;
mod stability;
mod system;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::threads;
use crate::process::service_thread;
use crate::process::task_origin;
pub(super) use baseline::Baseline;
use picture::{add_process, picture};
use stability::{Computing, UnchangedSince};
pub(super) use system::{CallKind, CallsAfterCheckpoint, kind};
use system::{call, has_other_programs, is_daemon, waits_for_thread, waits_forever};

/// For how long nothing may have moved: what is sent over a connection may still be on its way.
const STILL: Duration = Duration::from_millis(40);

/// For how long the cell's own threads may not have moved while those of other cells wake up, and wait again: what they
/// do could be for the cell, such as looking into a queue now and then.
const OTHERS_WOKEN: Duration = Duration::from_secs(2);

/// Waits until the threads of `cell`, and those that it has woken, have settled, at most for `limit`; gives the number
/// of threads that had not.
pub(super) fn wait(cell: u32, limit: Duration, baseline: &Baseline) -> usize {
    naps::compare();
    let deadline = Instant::now() + limit;
    let looked = threads::naps();
    let mut next_proof = Instant::now();
    let mut pause = Duration::from_millis(1);
    let (mut everything, mut own) = (UnchangedSince::default(), UnchangedSince::default());
    let mut computing = Computing::default();
    loop {
        let busy = count(cell);
        let picture = picture(cell, baseline);
        // The cell has asked nobody for anything, or all have done it.
        if busy == 0
            && picture.as_ref().is_some_and(|seen| {
                seen.is_still(cell, baseline) && seen.have_looked_since(&looked)
            })
        {
            return 0;
        }
        let computes = computing.again(picture.as_ref());
        // A task may run on a thread of another cell.
        let moved = picture.as_ref();
        let moved = moved.filter(|_| task_origin::count(cell) == 0 && !computes);
        let moved = moved.map(|picture| picture.own.clone());
        let ignores = picture.as_ref().is_some_and(|picture| picture.ignores);
        let sleepers = picture.as_ref().map(|picture| picture.sleepers.clone());
        let own_sleep = picture.as_ref().is_some_and(|picture| picture.own_sleep);
        let have_looked = picture
            .as_ref()
            .is_some_and(|picture| picture.have_looked_since(&looked));
        let still = everything.since(picture) >= Some(STILL) && !ignores;
        let rests = still || own.since(moved) >= Some(OTHERS_WOKEN);
        if rests && have_looked && Instant::now() >= next_proof {
            let begun = Instant::now();
            let repeats =
                || !has_other_programs() && memory::repeats(&sleepers.unwrap_or_default());
            if !own_sleep || repeats() {
                return 0;
            }
            // It takes some of the processor's time.
            next_proof = Instant::now() + begun.elapsed() * 4;
        }
        if Instant::now() >= deadline || crate::process::interrupt::is_pending() {
            return busy + woken(cell, baseline);
        }
        threads::wait_for_an_end(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// The threads of the user's that live.
pub(super) fn users_threads() -> usize {
    let own = service_thread::all();
    let threads = threads::all();
    let threads = threads.iter().filter(|thread| !own.contains(&thread.tid()));
    threads.count()
}

/// The live non-daemon threads of the cell, and its tasks in pools.
fn count(cell: u32) -> usize {
    let own = service_thread::all();
    let threads = threads::all();
    let threads = threads.iter().filter(|thread| {
        thread.cell == cell && !own.contains(&thread.tid()) && !is_daemon(thread.tid())
    });
    threads.count() + task_origin::count(cell)
}

/// The threads of earlier cells, and the child processes, that are at work for this cell.
fn woken(cell: u32, baseline: &Baseline) -> usize {
    let (own, naps) = (service_thread::all(), threads::naps());
    let at_work = |thread: &threads::Thread| {
        let tid = thread.tid();
        let may_help = thread.cell != cell && baseline.may_help(thread);
        let call = call("self", tid);
        may_help
            && !own.contains(&tid)
            && !is_daemon(tid)
            && !naps.get(&tid).is_some_and(|look| look.are_alike)
            && !call.is_ok_and(|call| call.is_none_or(|call| waits_forever(&call)))
    };
    let threads = threads::all();
    let threads = threads.iter().filter(|thread| at_work(thread)).count();
    let processes = crate::multiprocessing::live_pids();
    let processes = processes.iter().map(i32::to_string).filter(|pid| {
        let skip = |tid| baseline.restless.contains(&tid);
        add_process(pid, &skip, &waits_forever, &mut BTreeMap::new()).is_none()
    });
    threads + processes.count()
}

/// As [`picture`], of a cell that runs: every thread of the user's counts, also the one that runs the cell and
/// the daemons, and has to wait for another thread: what waits for a connection may have to wait for the world. One that sleeps
/// and looks waits, too, as none of the others changes what it looks at.
pub(super) fn deadlocked() -> Option<BTreeMap<i32, u64>> {
    let main = rustix::process::getpid().as_raw_pid();
    let own = service_thread::all();
    let naps = threads::naps();
    let looks = |tid| naps.get(&tid).is_some_and(|look| look.are_alike);
    let mut picture = BTreeMap::new();
    add_process(
        "self",
        &|tid| tid != main && (own.contains(&tid) || looks(tid)),
        &waits_for_thread,
        &mut picture,
    )?;
    for pid in crate::multiprocessing::live_pids() {
        add_process(&pid.to_string(), &|_| false, &waits_forever, &mut picture)?;
    }
    Some(picture)
}

/// The same of some threads alone, with the one that runs the cells; `None` if there are none.
pub(super) fn waiting(tids: &BTreeSet<i32>) -> Option<BTreeMap<i32, u64>> {
    if tids.is_empty() {
        return None;
    }
    let main = rustix::process::getpid().as_raw_pid();
    let mut picture = BTreeMap::new();
    let skip = |tid| tid != main && !tids.contains(&tid);
    add_process("self", &skip, &waits_for_thread, &mut picture)?;
    Some(picture)
}

/// Whether the thread that runs the cells waits for another thread, without end.
pub(super) fn main_waits() -> bool {
    let call = std::fs::read_to_string("/proc/self/syscall"); // of the process's first thread
    call.is_ok_and(|call| waits_for_thread(&call))
}

#[cfg(test)]
mod tests;
