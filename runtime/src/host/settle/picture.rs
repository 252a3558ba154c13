//! What all threads that matter for a cell do, at one moment.

use std::collections::{BTreeMap, BTreeSet};

use super::super::threads;
use super::baseline::Baseline;
use super::naps::SleepSnapshot;
use super::system::{call, is_daemon, is_running, tids, waits_forever};
use crate::process::service_thread;
use crate::process::task_origin;

/// The number of time slices of threads that all wait.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Picture {
    /// The cell's own threads, and those of child processes.
    pub(super) own: BTreeMap<i32, u64>,
    /// The threads of other cells.
    pub(super) others: BTreeMap<i32, u64>,
    /// Whether there are more, which wait for time to pass.
    pub(super) ignores: bool,
    /// Of those: the ones that do not wait just now.
    pub(super) computing: BTreeSet<i32>,
    /// The threads that sleep and look, again and again.
    pub(super) sleepers: BTreeSet<i32>,
    /// Whether one of them is at work for the cell.
    pub(super) own_sleep: bool,
}

impl Picture {
    /// Whether nothing has moved since. Then all have waited at one and the same moment, and nobody had been woken.
    pub(super) fn is_still(&self, cell: u32, baseline: &Baseline) -> bool {
        picture(cell, baseline).is_some_and(|now| now.own == self.own && now.others == self.others)
    }

    /// Whether those that look often at something have done so since: they are woken by themselves, if at all.
    pub(super) fn have_looked_since(&self, before: &BTreeMap<i32, SleepSnapshot>) -> bool {
        let now = threads::naps();
        self.sleepers.iter().all(|tid| {
            let before = before.get(tid).map_or(0, |look| look.count);
            // The first sleep may have begun before what there is to see was there.
            now.get(tid).is_some_and(|now| now.count >= before + 2)
        })
    }
}

/// The time slices of each non-daemon thread that matters for the cell; `None` if one of them is busy, or the
/// system does not tell.
pub(super) fn picture(cell: u32, baseline: &Baseline) -> Option<Picture> {
    let own = service_thread::all();
    // A task of the cell may run on any thread, or wait behind another one: then all of them matter.
    let has_tasks = task_origin::count(cell) > 0;
    if has_tasks && crate::multiprocessing::cluster::is_awaited() {
        return None; // somebody who is busy elsewhere
    }
    let (mut others, mut ignored) = (BTreeSet::new(), BTreeSet::new());
    let (mut computing, mut sleepers) = (BTreeSet::new(), BTreeSet::new());
    let (naps, mut own_sleep) = (threads::naps(), false);
    for thread in threads::all() {
        if own.contains(&thread.tid()) {
            continue;
        }
        let are_alike = naps.get(&thread.tid()).is_some_and(|look| look.are_alike);
        if thread.cell != cell && !has_tasks && !baseline.may_help(&thread) {
            ignored.insert(thread.tid());
            if call("self", thread.tid())
                .is_ok_and(|call| call.is_some_and(|call| is_running(&call)))
            {
                computing.insert(thread.tid());
            }
        } else if thread.tid() == 0 {
            return None; // about to start
        } else if are_alike && !is_daemon(thread.tid()) {
            sleepers.insert(thread.tid());
            own_sleep |= thread.cell == cell || has_tasks;
        } else if thread.cell != cell {
            others.insert(thread.tid());
        }
    }
    let skip = |tid| {
        own.contains(&tid) || ignored.contains(&tid) || sleepers.contains(&tid) || is_daemon(tid)
    };
    let mut picture = Picture {
        own: BTreeMap::new(),
        others: BTreeMap::new(),
        ignores: !ignored.is_empty(),
        computing,
        sleepers: sleepers.clone(),
        own_sleep,
    };
    let skip_here = |tid| skip(tid) || others.contains(&tid);
    add_process("self", &skip_here, &waits_forever, &mut picture.own)?;
    let skip_here = |tid| skip(tid) || !others.contains(&tid);
    add_process("self", &skip_here, &waits_forever, &mut picture.others)?;
    for pid in crate::multiprocessing::live_pids() {
        let skip_there = |tid| !has_tasks && baseline.restless.contains(&tid);
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
pub(super) fn add_process(
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
