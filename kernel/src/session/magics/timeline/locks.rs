//! Who held which lock, and when.
//!
//! The runtime's locks say when they are taken and released. Of others only a wait, and a wake, is seen: such a lock was
//! taken when a thread's wait for it ended, and released when it woke the next one. A thread that took it without waiting had
//! it at least from when another one began to wait.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::picture::{Hold, Picture, SLACK, State};

/// Something that a thread did with a lock.
#[derive(Debug)]
pub(super) struct LockEvent {
    process: i32,
    object: u64,
    lane: usize,
    at: u64,
    what: What,
}

#[derive(Debug)]
enum What {
    Takes,
    Releases,
    Wakes,
    /// It has waited for it since this time.
    Waited(u64),
}

impl LockEvent {
    pub(super) fn takes(process: i32, object: u64, lane: usize, at: u64) -> Self {
        Self {
            process,
            object,
            lane,
            at,
            what: What::Takes,
        }
    }

    pub(super) fn releases(process: i32, object: u64, lane: usize, at: u64) -> Self {
        Self {
            process,
            object,
            lane,
            at,
            what: What::Releases,
        }
    }

    pub(super) fn wakes(process: i32, object: u64, lane: usize, at: u64) -> Self {
        Self {
            process,
            object,
            lane,
            at,
            what: What::Wakes,
        }
    }

    pub(super) fn waited(process: i32, object: u64, lane: usize, time: Range<u64>) -> Self {
        Self {
            process,
            object,
            lane,
            at: time.end,
            what: What::Waited(time.start),
        }
    }
}

/// So far apart lie two words of one lock, as std's `RwLock` has them.
const WORD: u64 = 4;

/// Notes which lanes held which locks, and, of each wait for a lock, who held it meanwhile.
pub(super) fn note_holds(
    picture: &mut Picture,
    events: &[LockEvent],
    names: &BTreeMap<(i32, u64), String>,
) {
    let is_lock = |event: &&LockEvent| !matches!(event.what, What::Wakes);
    let objects: BTreeSet<(i32, u64)> = events
        .iter()
        .filter(is_lock)
        .map(|event| (event.process, event.object))
        .collect();
    let mut last: Option<(i32, u64)> = None;
    for object in objects {
        let mut own: Vec<&LockEvent> = events
            .iter()
            .filter(|event| (event.process, event.object) == object)
            .collect();
        own.sort_by_key(|event| event.at);
        let holds = match own.iter().any(|event| matches!(event.what, What::Takes)) {
            true => told(&own, picture.end_so_far()),
            false => inferred(&own, picture),
        };
        if holds.is_empty() {
            continue;
        }
        let is_part = last.is_some_and(|(process, other)| {
            process == object.0 && object.1.abs_diff(other) <= WORD
        });
        last = Some(object);
        if !is_part {
            let name = names.get(&object).cloned();
            picture
                .locks
                .push(name.unwrap_or_else(|| "a lock".to_owned()));
        }
        let lock = picture.locks.len() - 1;
        note_holders(picture, &own, &holds);
        for (lane, time) in holds {
            picture.lanes[lane].holds.push(Hold { lock, time });
        }
    }
}

/// The holds of a lock of the runtime's: the lane, and the time.
fn told(events: &[&LockEvent], end: u64) -> Vec<(usize, Range<u64>)> {
    let mut holds = Vec::new();
    let mut held: Option<(usize, u64)> = None;
    for event in events {
        match event.what {
            What::Takes => held = Some((event.lane, event.at)),
            // Any thread may release it.
            What::Releases => {
                holds.extend(held.take().map(|(lane, since)| (lane, since..event.at)))
            }
            What::Wakes | What::Waited(_) => {}
        }
    }
    holds.extend(held.map(|(lane, since)| (lane, since..end.max(since))));
    holds
}

/// The holds of another lock.
fn inferred(events: &[&LockEvent], picture: &Picture) -> Vec<(usize, Range<u64>)> {
    let waits = |lane: usize, at: u64| {
        let since = events.iter().filter_map(move |event| match event.what {
            What::Waited(since) if event.lane != lane && since < at && event.at + SLACK >= at => {
                Some(since)
            }
            _ => None,
        });
        since.min()
    };
    let mut holds: Vec<(usize, Range<u64>)> = Vec::new();
    let mut held: Option<(usize, u64)> = None;
    for event in events {
        match event.what {
            What::Waited(_) => held = Some((event.lane, event.at)),
            What::Wakes => {
                let since = match held.take_if(|(lane, _)| *lane == event.lane) {
                    Some((_, since)) => Some(since),
                    None => waits(event.lane, event.at),
                };
                let begun = picture.lanes[event.lane].time.start;
                let last = holds.iter().filter(|(lane, _)| *lane == event.lane);
                let last = last.map(|(_, time)| time.end).max().unwrap_or(0);
                if let Some(since) = since {
                    let since = since.max(begun).max(last);
                    holds.push((event.lane, since.min(event.at)..event.at));
                }
            }
            What::Takes | What::Releases => {}
        }
    }
    holds
}

/// Notes who held a lock while others waited for it.
fn note_holders(picture: &mut Picture, events: &[&LockEvent], holds: &[(usize, Range<u64>)]) {
    for event in events {
        let What::Waited(since) = event.what else {
            continue;
        };
        let mut holders: Vec<usize> = Vec::new();
        let first = holds.partition_point(|(_, time)| time.end <= since);
        let during = holds[first..]
            .iter()
            .take_while(|(_, time)| time.start < event.at);
        for (lane, _) in during {
            if *lane != event.lane && !holders.contains(lane) {
                holders.push(*lane);
            }
        }
        let segments = &mut picture.lanes[event.lane].segments;
        let at = segments.partition_point(|segment| segment.time.start < since);
        let waits = segments[at..]
            .iter_mut()
            .find(|segment| segment.state == State::WaitsForLock);
        if let Some(waits) = waits.filter(|waits| waits.time.start == since) {
            waits.held_by = holders;
        }
    }
}

impl Picture {
    /// When the last lane ends.
    fn end_so_far(&self) -> u64 {
        let ends = self.lanes.iter().map(|lane| lane.time.end);
        ends.max().unwrap_or(0)
    }
}
