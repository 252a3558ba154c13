//! The bounded buffer before the iopub socket: which message goes out next, and when.
//!
//! Invariants: what belongs to one parent leaves in the order in which it came; nothing is dropped.
//! Between parents the order is kept too, but text that has to wait lets the others pass.

use std::time::{Duration, Instant};

use super::lane::{Item, Lane};
use super::pacing::Pacing;
use crate::server::Parent;
use crate::wire::content::StreamName;

/// When this much waits, whoever prints has to wait too.
pub(super) const LIMIT: usize = 4_000_000;
/// The same when somebody has interrupted: a cell that waits to print cannot end.
pub(super) const LIMIT_IN_A_HURRY: usize = 32_000_000;

/// How long a client for whom no more can be queued may take nothing. The longest that output waits for it.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same when somebody has interrupted, or the kernel ends.
const LITTLE_PATIENCE: Duration = Duration::from_millis(200);
/// For how long an interrupt makes impatient.
const HURRY: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Buffer {
    /// One for each parent that has something waiting; few.
    lanes: Vec<Lane>,
    /// Counts the changes, so that items of different lanes have an order.
    time: u64,
    size: usize,
    pacing: Pacing,
    /// What is there goes out without waiting.
    hasty: bool,
    /// When the running cell was last interrupted.
    interrupted: Option<Instant>,
    /// Nothing more comes.
    closed: bool,
}

#[derive(Debug)]
pub(super) enum Step {
    Send(Parent, Item),
    /// Nothing is due before this time.
    WaitUntil(Instant),
    /// Nothing is there.
    Wait,
    /// Nothing is there, and nothing will come.
    End,
}

impl Buffer {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            lanes: Vec::new(),
            time: 0,
            size: 0,
            pacing: Pacing::new(now),
            hasty: false,
            interrupted: None,
            closed: false,
        }
    }

    pub(super) fn is_full(&self, now: Instant) -> bool {
        let limit = if self.is_in_a_hurry(now) {
            LIMIT_IN_A_HURRY
        } else {
            LIMIT
        };
        self.size >= limit
    }

    #[cfg(test)]
    pub(super) fn pending(&self) -> usize {
        self.size
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    pub(super) fn interrupt(&mut self, now: Instant) {
        self.interrupted = Some(now);
    }

    fn is_in_a_hurry(&self, now: Instant) -> bool {
        self.interrupted
            .is_some_and(|at| now.saturating_duration_since(at) < HURRY)
    }

    /// How long a client may take nothing before it is disconnected.
    pub(super) fn patience(&self, now: Instant) -> Duration {
        if self.hasty || self.is_in_a_hurry(now) {
            LITTLE_PATIENCE
        } else {
            PATIENCE
        }
    }

    pub(super) fn stop_pacing(&mut self) {
        self.hasty = true;
    }

    pub(super) fn close(&mut self) {
        self.hasty = true;
        self.closed = true;
    }

    /// Changes the parent's lane by an operation that returns how much larger it made the lane.
    /// Returns whether there are more items now, so that the next step can have changed.
    pub(super) fn change(
        &mut self,
        parent: &Parent,
        now: Instant,
        operation: impl FnOnce(&mut Lane, u64) -> usize,
    ) -> bool {
        let found = self.lanes.iter().position(|lane| lane.parent == *parent);
        let at = found.unwrap_or_else(|| {
            self.lanes.push(Lane::new(parent.clone(), now));
            self.lanes.len() - 1
        });
        let lane = &mut self.lanes[at];
        let before = lane.len();
        self.time += 1;
        self.size += operation(lane, self.time);
        lane.len() > before
    }

    /// Lets what is there for all parents go out now.
    pub(super) fn hurry(&mut self) {
        self.lanes.iter_mut().for_each(Lane::hurry);
    }

    /// Appends what was printed; see [`Buffer::change`].
    pub(super) fn print(
        &mut self,
        parent: &Parent,
        now: Instant,
        name: StreamName,
        bytes: &[u8],
    ) -> bool {
        self.change(parent, now, |lane, time| lane.push_bytes(time, name, bytes))
    }

    /// What is to be done next. A message that is to be sent has left the buffer.
    pub(super) fn step(&mut self, now: Instant) -> Step {
        self.lanes.retain(|lane| !lane.is_finished(now));
        let mut next: Option<(u64, &mut Lane)> = None;
        let mut earliest: Option<Instant> = None;
        for lane in &mut self.lanes {
            let (Some(time), Some(mut due)) = (lane.first_time(), lane.due(now)) else {
                continue;
            };
            if lane.starts_with_text() && lane.parent.is_interactive() {
                due = due.max(self.pacing.free_at(now));
            }
            if due > now && !self.hasty {
                earliest = Some(earliest.map_or(due, |earliest| earliest.min(due)));
            } else if next.as_ref().is_none_or(|(first, _)| time < *first) {
                next = Some((time, lane));
            }
        }
        if let Some((_, lane)) = next
            && let Some(item) = lane.pop(now)
        {
            self.size -= item.size();
            if lane.parent.is_interactive() {
                self.pacing.spend(now, item.encoded_size());
            }
            return Step::Send(lane.parent.clone(), item);
        }
        match earliest {
            Some(due) => Step::WaitUntil(due),
            None if self.closed => Step::End,
            None => Step::Wait,
        }
    }
}

#[cfg(test)]
mod tests;
