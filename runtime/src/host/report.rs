//! What the user's threads do at this moment, for the kernel to put into words.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{settle, threads};
use crate::process::crash::Stacks;
use crate::process::{frames, service_thread};
use crate::protocol::{Activity, Event, ProcessReport, ThreadReport};
use crate::threading::thread::registry;
use crate::wait;

/// So many threads are asked for the calls that they are in, at most: each takes a moment.
const MOST_STACKS: usize = 128;

/// The cell whose statements run; 0 if there is none.
static RUNNING: AtomicU32 = AtomicU32::new(0);

/// The thread that runs the cells runs this one from now on; 0 if none.
pub(super) fn note_cell(cell: u32) {
    RUNNING.store(cell, Ordering::SeqCst);
}

/// The answer to the kernel's question.
pub(super) fn answer(number: Option<u64>) -> Event {
    let report = ProcessReport {
        threads: of(RUNNING.load(Ordering::SeqCst), &|_| true),
        locks: wait::contention(),
        maps: frames::maps(),
    };
    Event::Threads { number, report }
}

/// The system's number of the thread that runs the cells.
pub(super) fn main_thread() -> i32 {
    rustix::process::getpid().as_raw_pid()
}

/// The thread that runs the cell, if there is one, and those of the user's other threads that are meant.
pub(super) fn of(cell: u32, is_meant: &dyn Fn(i32) -> bool) -> Vec<ThreadReport> {
    let look = Look::now();
    let mut all = Vec::new();
    all.extend(
        (cell != 0)
            .then(|| look.describe(main_thread(), cell, true))
            .flatten(),
    );
    let own = service_thread::all();
    for thread in threads::all() {
        let tid = thread.tid();
        if tid != 0 && !own.contains(&tid) && is_meant(tid) {
            all.extend(look.describe(tid, thread.cell, all.len() < MOST_STACKS));
        }
    }
    all
}

/// What the runtime knows of all threads.
struct Look {
    main: i32,
    calls: settle::CallsAfterCheckpoint,
    /// Who holds what a thread waits for.
    holders: BTreeMap<i32, i32>,
    waiting: BTreeMap<i32, wait::Waiting>,
    known: BTreeMap<i32, registry::ThreadInfo>,
}

impl Look {
    fn now() -> Self {
        let known = registry::live_threads().into_iter();
        let known = known.filter_map(|thread| Some((thread.native_id?.cast_signed(), thread)));
        Self {
            main: main_thread(),
            calls: settle::CallsAfterCheckpoint::begin(),
            holders: wait::holders().into_iter().collect(),
            waiting: wait::waiting().into_iter().collect(),
            known: known.collect(),
        }
    }

    /// What a thread does; nothing if it has ended.
    fn describe(&self, tid: i32, cell: u32, with_calls: bool) -> Option<ThreadReport> {
        let call = self.calls.of("self", tid).ok()?;
        let activity = self.activity(tid, &call?);
        Some(ThreadReport {
            id: tid,
            name: (tid != self.main).then(|| self.name(tid)),
            cell,
            is_daemon: self.known.get(&tid).is_some_and(|thread| thread.daemon),
            activity,
            frames: if with_calls {
                Stacks::of(tid)
            } else {
                Vec::new()
            },
        })
    }

    fn activity(&self, tid: i32, call: &str) -> Activity {
        match settle::kind(call) {
            settle::CallKind::None => Activity::Computes,
            settle::CallKind::Sleep => Activity::Sleeps,
            settle::CallKind::Futex(word) => {
                let waiting = self.waiting.get(&tid);
                Activity::Waits {
                    wanted: waiting.map(|waiting| waiting.wanted.name().to_owned()),
                    object: waiting.map_or(word, |waiting| waiting.object as u64),
                    holder: self.holders.get(&tid).copied(),
                }
            }
            settle::CallKind::Other => Activity::InSystemCall,
        }
    }

    /// What a thread is called; empty if it has no name of its own, but the process's.
    fn name(&self, tid: i32) -> String {
        if let Some(thread) = self.known.get(&tid) {
            return thread.name.clone();
        }
        let name = name_of(tid);
        match name == name_of(self.main) {
            true => String::new(),
            false => name,
        }
    }
}

/// What the system calls a thread; all have the process's name at first.
pub(super) fn name_of(tid: i32) -> String {
    let name = std::fs::read_to_string(format!("/proc/self/task/{tid}/comm"));
    name.unwrap_or_default().trim().to_owned()
}
