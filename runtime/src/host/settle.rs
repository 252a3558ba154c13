//! When a cell's threads have settled: the end of a cell for a client that drops late output.
//!
//! The cell's non-daemon threads, and the tasks that it gave to pools, have ended, or every
//! non-daemon thread of the process, and every thread of its child processes, waits for something that only a later cell can bring: a futex,
//! a connection or an event, without a timeout. The system tells: `/proc/self/task/TID/syscall`
//! names the call that a thread waits in, and the count of its time slices shows that it has not
//! run between two looks, so that the picture is of one moment.
//!
//! Threads of earlier cells belong to the picture, since this cell's may wait for what they do, or have woken them: a
//! pool's workers, say. But one that woke up by itself from time to time when the cell began (`Before`), or that is woken
//! now and then, does not hold it up for long.

mod before;
mod looks;
mod system;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::threads;
use crate::checkpoint::Renumbered;
use crate::errand;
use crate::threading::registry;
pub(super) use before::Before;
use looks::{Computing, Still};
use system::{call, is_running, tids, waits_for_thread, waits_forever};

/// For how long nothing may have moved: what is sent over a connection may still be on its way.
const STILL: Duration = Duration::from_millis(40);

/// For how long the cell's own threads may not have moved while those of other cells wake up, and wait again: what they
/// do could be for the cell, such as looking into a queue now and then.
const OTHERS_WOKEN: Duration = Duration::from_secs(2);

/// Threads of the host itself.
static OWN: Mutex<Vec<i32>> = Mutex::new(Vec::new());

/// Notes that the current thread runs the cells.
pub(super) fn note_main_thread() {
    note_own_thread();
}

/// Notes that the current thread is the host's own.
pub(super) fn note_own_thread() {
    let tid = rustix::thread::gettid().as_raw_nonzero().get();
    OWN.lock().unwrap_or_else(PoisonError::into_inner).push(tid);
}

/// The current thread, which was the host's own, is about to end.
pub(super) fn forget_own_thread() {
    let tid = rustix::thread::gettid().as_raw_nonzero().get();
    let mut own = OWN.lock().unwrap_or_else(PoisonError::into_inner);
    own.retain(|other| *other != tid);
}

/// The threads of the host itself.
pub(super) fn own() -> Vec<i32> {
    OWN.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The threads have other numbers now.
pub(super) fn renumber(renumbered: &Renumbered) {
    for tid in OWN
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .iter_mut()
    {
        *tid = renumbered.new_tid(*tid).unwrap_or(*tid);
    }
}

/// Waits until the threads of `cell`, and those that it has woken, have settled, at most for `limit`; gives the number
/// of threads that had not.
pub(super) fn wait(cell: u32, limit: Duration, before: &Before) -> usize {
    let deadline = Instant::now() + limit;
    let mut pause = Duration::from_millis(1);
    let (mut everything, mut own) = (Still::default(), Still::default());
    let mut computing = Computing::default();
    loop {
        let busy = count(cell);
        let picture = picture(cell, before);
        // The cell has asked nobody for anything, or all have done it.
        if busy == 0
            && picture
                .as_ref()
                .is_some_and(|seen| seen.is_still(cell, before))
        {
            return 0;
        }
        let computes = computing.again(picture.as_ref());
        // A task may run on a thread of another cell.
        let moved = picture.as_ref();
        let moved = moved.filter(|_| errand::count(cell) == 0 && !computes);
        let moved = moved.map(|picture| picture.own.clone());
        let ignores = picture.as_ref().is_some_and(|picture| picture.ignores);
        let still = everything.since(picture) >= Some(STILL) && !ignores;
        if still || own.since(moved) >= Some(OTHERS_WOKEN) {
            return 0;
        }
        if Instant::now() >= deadline || crate::interrupt::is_pending() {
            return busy + woken(cell, before);
        }
        threads::wait_for_an_end(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// The threads of the user's that live.
pub(super) fn users_threads() -> usize {
    let own = OWN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let threads = threads::all();
    let threads = threads.iter().filter(|thread| !own.contains(&thread.tid()));
    threads.count()
}

/// The live non-daemon threads of the cell, and its tasks in pools.
fn count(cell: u32) -> usize {
    let own = OWN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let threads = threads::all();
    let threads = threads.iter().filter(|thread| {
        thread.cell == cell && !own.contains(&thread.tid()) && !is_daemon(thread.tid())
    });
    threads.count() + errand::count(cell)
}

/// The threads of earlier cells, and the child processes, that are at work for this cell.
fn woken(cell: u32, before: &Before) -> usize {
    let own = own();
    let at_work = |thread: &threads::Thread| {
        let tid = thread.tid();
        let may_help = thread.cell != cell && before.may_help(thread);
        let call = call("self", tid);
        may_help
            && !own.contains(&tid)
            && !is_daemon(tid)
            && !call.is_ok_and(|call| call.is_none_or(|call| waits_forever(&call)))
    };
    let threads = threads::all();
    let threads = threads.iter().filter(|thread| at_work(thread)).count();
    let processes = crate::multiprocessing::live_pids();
    let processes = processes.iter().map(i32::to_string).filter(|pid| {
        let skip = |tid| before.restless.contains(&tid);
        add_process(pid, &skip, &waits_forever, &mut BTreeMap::new()).is_none()
    });
    threads + processes.count()
}

fn is_daemon(tid: i32) -> bool {
    let threads = registry::live_threads();
    threads
        .iter()
        .any(|thread| thread.daemon && thread.native_id == u32::try_from(tid).ok())
}

/// As [`picture`], of a cell that runs: every thread of the user's counts, also the one that runs the cell and
/// the daemons, and has to wait for another thread: what waits for a connection may have to wait for the world.
pub(super) fn deadlocked() -> Option<BTreeMap<i32, u64>> {
    let main = rustix::process::getpid().as_raw_pid();
    let own = OWN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut picture = BTreeMap::new();
    add_process(
        "self",
        &|tid| tid != main && own.contains(&tid),
        &waits_for_thread,
        &mut picture,
    )?;
    for pid in crate::multiprocessing::live_pids() {
        add_process(&pid.to_string(), &|_| false, &waits_forever, &mut picture)?;
    }
    Some(picture)
}

/// Whether the thread that runs the cells waits for another thread, without end.
pub(super) fn main_waits() -> bool {
    let call = std::fs::read_to_string("/proc/self/syscall"); // of the process's first thread
    call.is_ok_and(|call| waits_for_thread(&call))
}

/// The number of time slices of threads that all wait.
#[derive(Debug, PartialEq, Eq)]
struct Picture {
    /// The cell's own threads, and those of child processes.
    own: BTreeMap<i32, u64>,
    /// The threads of other cells.
    others: BTreeMap<i32, u64>,
    /// Whether there are more, which wait for time to pass.
    ignores: bool,
    /// Of those: the ones that do not wait just now.
    computing: BTreeSet<i32>,
}

impl Picture {
    /// Whether nothing has moved since. Then all have waited at one and the same moment, and nobody had been woken.
    fn is_still(&self, cell: u32, before: &Before) -> bool {
        picture(cell, before).is_some_and(|now| now.own == self.own && now.others == self.others)
    }
}

/// The time slices of each non-daemon thread that matters for the cell; `None` if one of them is busy, or the
/// system does not tell.
fn picture(cell: u32, before: &Before) -> Option<Picture> {
    let own = OWN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    // A task of the cell may run on any thread, or wait behind another one: then all of them matter.
    let has_tasks = errand::count(cell) > 0;
    let (mut others, mut ignored) = (BTreeSet::new(), BTreeSet::new());
    let mut computing = BTreeSet::new();
    for thread in threads::all() {
        if own.contains(&thread.tid()) {
            continue;
        }
        if thread.cell != cell && !has_tasks && !before.may_help(&thread) {
            ignored.insert(thread.tid());
            if call("self", thread.tid())
                .is_ok_and(|call| call.is_some_and(|call| is_running(&call)))
            {
                computing.insert(thread.tid());
            }
        } else if thread.tid() == 0 {
            return None; // about to start
        } else if thread.cell != cell {
            others.insert(thread.tid());
        }
    }
    let skip = |tid| own.contains(&tid) || ignored.contains(&tid) || is_daemon(tid);
    let mut picture = Picture {
        own: BTreeMap::new(),
        others: BTreeMap::new(),
        ignores: !ignored.is_empty(),
        computing,
    };
    let skip_here = |tid| skip(tid) || others.contains(&tid);
    add_process("self", &skip_here, &waits_forever, &mut picture.own)?;
    let skip_here = |tid| skip(tid) || !others.contains(&tid);
    add_process("self", &skip_here, &waits_forever, &mut picture.others)?;
    for pid in crate::multiprocessing::live_pids() {
        let skip_there = |tid| !has_tasks && before.restless.contains(&tid);
        // `None` if it has ended meanwhile: then there is more to do.
        add_process(
            &pid.to_string(),
            &skip_there,
            &waits_forever,
            &mut picture.own,
        )?;
    }
    Some(picture)
}

/// Adds the threads of a process but those to skip.
fn add_process(
    process: &str,
    skip: &dyn Fn(i32) -> bool,
    waits: &dyn Fn(&str) -> bool,
    picture: &mut BTreeMap<i32, u64>,
) -> Option<()> {
    for tid in tids(process)? {
        if skip(tid) {
            continue;
        }
        match call(process, tid) {
            Ok(Some(call)) if waits(&call) => {}
            Ok(None) => continue,
            _ => return None, // it does not wait, or nobody knows
        }
        let slices =
            std::fs::read_to_string(format!("/proc/{process}/task/{tid}/schedstat")).ok()?;
        picture.insert(tid, slices.split_whitespace().nth(2)?.parse().ok()?);
    }
    Some(())
}

#[cfg(test)]
mod tests;
