//! From what a thread has told to its lane.

use std::collections::BTreeMap;

use woozle::protocol::{Action, RecordedThread, ThreadEvent};

use super::calls::{Explanations, of_primitive};
use super::locks::LockEvent;
use super::picture::{Lane, Picture, Place, Print, Segment, State};
use crate::session::magics::timing::lines::shown;

/// A wait, with where it is found.
#[derive(Clone, Copy)]
pub(super) struct Wait {
    pub(super) lane: usize,
    pub(super) segment: usize,
    pub(super) time: (u64, u64),
}

/// A thread was started.
pub(super) struct Start {
    pub(super) process: i32,
    pub(super) handle: u64,
    pub(super) at: u64,
    pub(super) place: Option<Place>,
}

/// Somebody was woken.
pub(super) struct WakeEvent {
    pub(super) process: i32,
    pub(super) object: u64,
    pub(super) at: u64,
    pub(super) lane: usize,
    pub(super) count: u32,
    pub(super) place: Option<Place>,
}

pub(super) struct Reading<'a> {
    pub(super) began: u64,
    pub(super) stopped: u64,
    pub(super) picture: Picture,
    pub(super) explanations: Explanations<'a>,
    /// The process that runs the cells.
    pub(super) host: Option<i32>,
    /// Of each lane: its process, its handle, its name, and its cell.
    pub(super) threads: Vec<(i32, u64, Option<String>, u32)>,
    /// The waits for each object.
    pub(super) waits: BTreeMap<(i32, u64), Vec<Wait>>,
    pub(super) wakes: Vec<WakeEvent>,
    pub(super) starts: Vec<Start>,
    pub(super) lock_events: Vec<LockEvent>,
    /// What the objects are called.
    pub(super) names: BTreeMap<(i32, u64), String>,
}

/// What a lane's thread does at the moment, while its events are read.
struct Open {
    state: State,
    since: u64,
    processor: u64,
    what: String,
    object: Option<(u64, Option<String>)>,
    place: Option<Place>,
}

impl Reading<'_> {
    pub(super) fn thread(&mut self, process: i32, thread: &RecordedThread) {
        let Some(first) = thread.events.first() else {
            return;
        };
        let began = self.began;
        let at = |event: &ThreadEvent| event.time.saturating_sub(began);
        let begins = match thread.name {
            // The cell's own thread was there before the first thing that it did.
            None => 0,
            Some(_) => at(first),
        };
        self.picture.more_events += thread.more_events;
        self.picture.lanes.push(Lane {
            label: String::new(),
            process,
            id: thread.id,
            time: begins..begins,
            started: None,
            segments: Vec::new(),
            tasks: Vec::new(),
            holds: Vec::new(),
            prints: Vec::new(),
        });
        let name = thread.name.clone();
        self.threads
            .push((process, thread.handle, name, thread.cell));
        let mut open = Some(running(begins, first.processor));
        let mut task = None;
        // What comes after its end is the host's: the cell's own thread waits for the others.
        let end = thread
            .events
            .iter()
            .position(|event| event.action == Action::Ends);
        let events = &thread.events[..end.map_or(thread.events.len(), |end| end + 1)];
        for event in events {
            self.event(process, event, &mut open, &mut task);
        }
        let last = events.last().map_or(0, at);
        let stopped = self.stopped;
        match open {
            // It waits, or runs, for longer than was recorded.
            Some(open) => self.close(process, open, stopped.max(last), 0),
            None => self.lane().time.end = last,
        }
    }

    fn lane(&mut self) -> &mut Lane {
        self.picture.lanes.last_mut().expect("one was added")
    }

    fn event(
        &mut self,
        process: i32,
        event: &ThreadEvent,
        open: &mut Option<Open>,
        task: &mut Option<u64>,
    ) {
        let at = event.time.saturating_sub(self.began);
        let lane = self.picture.lanes.len() - 1;
        let mut begin = |own: &mut Self, next: Option<Open>| {
            if let Some(before) = std::mem::replace(open, next) {
                own.close(process, before, at, event.processor);
            }
        };
        match &event.action {
            Action::Begins | Action::GoesOn => begin(self, Some(running(at, event.processor))),
            Action::Ends => begin(self, None),
            Action::WaitsOnFutex(_)
            | Action::WaitsFor { .. }
            | Action::WaitsForThread(_)
            | Action::Sleeps(_) => {
                let next = self.waiting(process, event, at);
                begin(self, Some(next));
            }
            Action::Starts(handle) => {
                let place = self.explanations.of(&event.frames).place.clone();
                self.starts.push(Start {
                    process,
                    handle: *handle,
                    at,
                    place,
                });
            }
            Action::Wakes { object, count } => {
                let place = self.explanations.of(&event.frames).place.clone();
                self.wakes.push(WakeEvent {
                    process,
                    object: *object,
                    at,
                    lane,
                    count: *count,
                    place,
                });
                self.lock_events
                    .push(LockEvent::wakes(process, *object, lane, at));
            }
            Action::Takes(object) => {
                self.name_static(process, *object);
                self.lock_events
                    .push(LockEvent::takes(process, *object, lane, at));
            }
            Action::Releases(object) => {
                self.lock_events
                    .push(LockEvent::releases(process, *object, lane, at));
            }
            Action::BeginsTask => {
                *task = Some(at);
                if open.is_none() {
                    *open = Some(running(at, event.processor));
                }
            }
            Action::EndsTask => {
                let begun = task.take().unwrap_or(0);
                self.lane().tasks.push(begun..at);
                // A worker waits for the next one in a way of its own.
                if self.host.is_some_and(|host| host != process) {
                    begin(self, None);
                }
            }
            Action::Prints(text) => {
                let place = self.explanations.of(&event.frames).place.clone();
                let text = text.clone();
                self.lane().prints.push(Print { at, text, place });
            }
        }
    }

    /// What a thread begins to wait for.
    fn waiting(&mut self, process: i32, event: &ThreadEvent, at: u64) -> Open {
        let explained = self.explanations.of(&event.frames);
        let (state, what, object) = match &event.action {
            Action::Sleeps(time) => (State::Sleeps, format!("sleeps {}", round(*time)), None),
            Action::WaitsForThread(handle) => {
                let what = "waits for the end of a thread";
                (State::WaitsForEnd, what.to_owned(), Some(*handle))
            }
            Action::WaitsFor { kind, object } => {
                let state = of_primitive(kind);
                (state, format!("waits for {kind}"), Some(*object))
            }
            Action::WaitsOnFutex(object) => {
                let (state, what) = explained.wait();
                (state, what.to_owned(), Some(*object))
            }
            _ => (State::Waits, "waits".to_owned(), None),
        };
        let object = object.map(|object| {
            self.name_static(process, object);
            let name = self.names.get(&(process, object)).cloned();
            let name = name.or_else(|| explained.receiver.clone());
            if let (Some(name), State::WaitsForLock) = (&name, state) {
                let known = self.names.entry((process, object));
                known.or_insert_with(|| name.clone());
            }
            (object, name)
        });
        Open {
            state,
            since: at,
            processor: event.processor,
            what,
            object,
            place: explained.place.clone(),
        }
    }

    fn name_static(&mut self, process: i32, object: u64) {
        if !self.names.contains_key(&(process, object))
            && let Some(name) = self.explanations.static_name(object)
        {
            self.names.insert((process, object), name);
        }
    }

    /// Adds to the last lane what its thread has done until now.
    fn close(&mut self, process: i32, open: Open, end: u64, processor: u64) {
        let lane = self.picture.lanes.len() - 1;
        let end = end.max(open.since);
        let time = open.since..end;
        let had = processor.saturating_sub(open.processor) as f64;
        if let Some((object, _)) = open.object {
            let segment = self.lane().segments.len();
            let waits = self.waits.entry((process, object)).or_default();
            waits.push(Wait {
                lane,
                segment,
                time: (open.since, end),
            });
            if open.state == State::WaitsForLock {
                self.lock_events
                    .push(LockEvent::waited(process, object, lane, time.clone()));
            }
        }
        if open.state == State::Runs && time.is_empty() {
            return;
        }
        let length = (end - open.since).max(1) as f64;
        let share = match processor {
            // Of what runs on when the recording ends it is not known.
            0 => 1.0,
            _ => (had / length).min(1.0),
        };
        self.lane().segments.push(Segment {
            state: open.state,
            time,
            what: open.what,
            object: open.object.and_then(|(_, name)| name),
            place: open.place,
            processor: share,
            held_by: Vec::new(),
            woken_by: None,
        });
        self.lane().time.end = end;
    }
}

/// A time as somebody would write it: `20 ms`.
fn round(nanoseconds: u64) -> String {
    let shown = shown(nanoseconds as f64);
    match shown.split_once(' ') {
        Some((value, unit)) if value.contains('.') => {
            let value = value.trim_end_matches('0').trim_end_matches('.');
            format!("{value} {unit}")
        }
        _ => shown,
    }
}

fn running(since: u64, processor: u64) -> Open {
    Open {
        state: State::Runs,
        since,
        processor,
        what: "runs".to_owned(),
        object: None,
        place: None,
    }
}
