//! From what the processes have recorded to a picture.

use std::collections::BTreeMap;

use woozle::protocol::{Action, Recorded, RecordedThread};

use super::calls::Explanations;
use super::lanes::Reading;
use super::locks;
use super::picture::{Picture, SLACK, Segment, State};
use crate::compiler::driver::Compiler;
use crate::compiler::syntax::source::cell_name;
use crate::session::report::backtrace::CellIndex;

/// The picture of a cell, which has this number for the user.
pub(crate) fn picture(
    recorded: &[Recorded],
    number: u32,
    compiler: &Compiler,
    index: &dyn CellIndex,
) -> Picture {
    let Some(began) = recorded.iter().map(|recorded| recorded.time.0).min() else {
        return Picture::default();
    };
    let stopped = recorded.iter().map(|recorded| recorded.time.1).max();
    let mut reading = Reading {
        began,
        stopped: stopped.unwrap_or(began) - began,
        picture: Picture::default(),
        explanations: Explanations::new(compiler, number),
        host: None,
        threads: Vec::new(),
        waits: BTreeMap::new(),
        wakes: Vec::new(),
        starts: Vec::new(),
        lock_events: Vec::new(),
        names: BTreeMap::new(),
    };
    for (process, threads, maps) in by_process(recorded) {
        reading.host.get_or_insert(process);
        reading.explanations.enter_process(maps);
        for thread in threads {
            reading.thread(process, &thread);
        }
    }
    let picture = &mut reading.picture;
    picture.more_threads = recorded.iter().map(|recorded| recorded.more_threads).sum();
    reading.label(number, index);
    reading.finish()
}

/// The threads of each process, the first process first, and what its maps say. A process may have told of a thread in several
/// pieces.
fn by_process(recorded: &[Recorded]) -> Vec<(i32, Vec<RecordedThread>, &str)> {
    let mut processes: Vec<(i32, Vec<RecordedThread>, &str)> = Vec::new();
    let mut pieces: Vec<&Recorded> = recorded.iter().collect();
    pieces.sort_by_key(|piece| piece.time.0);
    // The host began first, and tells last.
    for piece in pieces {
        let known = processes
            .iter()
            .position(|(process, ..)| *process == piece.process);
        let at = known.unwrap_or_else(|| {
            processes.push((piece.process, Vec::new(), ""));
            processes.len() - 1
        });
        let (_, threads, maps) = &mut processes[at];
        if let Some(now) = &piece.maps {
            *maps = now;
        }
        for thread in &piece.threads {
            let is_it = |other: &&mut RecordedThread| {
                (other.id, other.handle) == (thread.id, thread.handle)
            };
            let is_begun = thread
                .events
                .first()
                .is_some_and(|event| event.action == Action::Begins);
            match threads.iter_mut().find(is_it).filter(|_| !is_begun) {
                Some(same) => {
                    same.events.extend(thread.events.iter().cloned());
                    same.more_events += thread.more_events;
                }
                None => threads.push(thread.clone()),
            }
        }
    }
    for (_, threads, _) in &mut processes {
        let began = |thread: &RecordedThread| thread.events.first().map(|event| event.time);
        threads.sort_by_key(|thread| (thread.name.is_some(), began(thread)));
    }
    processes
}

impl Reading<'_> {
    /// Says what the lanes are called, and brings them into order: the cell's own thread, its others as they began, those
    /// of earlier cells, other processes.
    fn label(&mut self, number: u32, index: &dyn CellIndex) {
        let host = self.host;
        let several: Vec<usize> = (0..self.threads.len())
            .filter(|n| matches!(&self.threads[*n], (process, _, Some(name), _) if name.is_empty() && Some(*process) == host))
            .collect();
        let mut workers: Vec<i32> = Vec::new();
        for n in 0..self.threads.len() {
            let (process, _, name, cell) = &self.threads[n];
            let label = match name.as_deref() {
                _ if Some(*process) != host => {
                    let known = workers.iter().position(|worker| worker == process);
                    let worker = known.unwrap_or_else(|| {
                        workers.push(*process);
                        workers.len() - 1
                    });
                    let name = name.as_deref().filter(|name| !name.is_empty());
                    let name = name.filter(|name| !name.starts_with("woozle"));
                    let name = name.map(|name| format!(" {name}")).unwrap_or_default();
                    format!("process {}{name}", worker + 1)
                }
                None => "the cell".to_owned(),
                Some("") => {
                    let place = several.iter().position(|other| *other == n).unwrap_or(0);
                    format!("thread {}", place + 1)
                }
                Some(name) => name.to_owned(),
            };
            let of = index.cell(*cell, None).filter(|of| *of != number);
            let of = of.map(|of| format!(" of {}", cell_name(of)));
            self.picture.lanes[n].label = format!("{label}{}", of.unwrap_or_default());
        }
    }

    /// Who woke whom, who held what, and the end.
    fn finish(mut self) -> Picture {
        self.note_starts();
        self.note_wakes();
        let mut picture = self.picture;
        locks::note_holds(&mut picture, &self.lock_events, &self.names);
        for wake in &mut picture.wakes {
            let lane = &picture.lanes[wake.to.0];
            let holds = lane.holds.iter();
            let mut holds = holds.filter(|hold| hold.time.start.abs_diff(wake.to.1) <= SLACK);
            wake.lock = (wake.state == State::WaitsForLock)
                .then(|| holds.next().map(|hold| hold.lock))
                .flatten();
        }
        cut(&mut picture, self.stopped);
        picture
    }
}

/// Leaves out the end of the recording, in which nothing happens any more: threads wait for what does not come.
fn cut(picture: &mut Picture, stopped: u64) {
    let is_open = |segment: &Segment| segment.state.is_wait() && segment.time.end >= stopped;
    let last = picture.lanes.iter().map(|lane| match lane.segments.last() {
        Some(segment) if is_open(segment) => segment.time.start,
        _ => lane.time.end,
    });
    let end = last.max().unwrap_or(0);
    // As much that such a wait is seen.
    let end = end + (end / 50).max(1);
    for lane in &mut picture.lanes {
        lane.time.end = lane.time.end.min(end);
        if let Some(segment) = lane.segments.last_mut() {
            segment.time.end = segment.time.end.min(end);
        }
        for hold in &mut lane.holds {
            hold.time.end = hold.time.end.min(end);
        }
    }
    let ends = picture.lanes.iter().map(|lane| lane.time.end);
    picture.end = ends.max().unwrap_or(0).max(1);
}
