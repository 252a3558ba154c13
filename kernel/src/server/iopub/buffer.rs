//! The bounded buffer before the iopub socket: which message goes out next, and when.
//!
//! Invariants: what belongs to one parent leaves in the order in which it came; nothing is dropped.

use std::time::Instant;

use super::lane::{Item, Lane};
use super::pacing::Pacing;
use crate::server::Parent;
use crate::wire::content::StreamName;

/// When this much waits, whoever prints has to wait too.
pub(super) const LIMIT: usize = 4_000_000;

#[derive(Debug)]
pub(super) struct Buffer {
    /// One for each parent that has something waiting; few.
    lanes: Vec<Lane>,
    /// The lane to look at first, so that all get their turn.
    turn: usize,
    size: usize,
    pacing: Pacing,
    /// What is there goes out without waiting.
    hasty: bool,
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
            turn: 0,
            size: 0,
            pacing: Pacing::new(now),
            hasty: false,
            closed: false,
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.size >= LIMIT
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    pub(super) fn hasten(&mut self) {
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
        operation: impl FnOnce(&mut Lane) -> usize,
    ) -> bool {
        let found = self.lanes.iter().position(|lane| lane.parent == *parent);
        let at = found.unwrap_or_else(|| {
            self.lanes.push(Lane::new(parent.clone(), now));
            self.lanes.len() - 1
        });
        let lane = &mut self.lanes[at];
        let before = lane.len();
        self.size += operation(lane);
        lane.len() > before
    }

    /// Appends what was printed; see [`Buffer::change`].
    pub(super) fn print(
        &mut self,
        parent: &Parent,
        now: Instant,
        name: StreamName,
        bytes: &[u8],
    ) -> bool {
        self.change(parent, now, |lane| lane.push_bytes(name, bytes))
    }

    /// What is to be done next. A message that is to be sent has left the buffer.
    pub(super) fn step(&mut self, now: Instant) -> Step {
        self.lanes.retain(|lane| !lane.is_finished(now));
        let mut earliest: Option<Instant> = None;
        for offset in 0..self.lanes.len() {
            let at = (self.turn + offset) % self.lanes.len();
            let lane = &mut self.lanes[at];
            let Some(mut due) = lane.due(now) else {
                continue;
            };
            if lane.starts_with_text() && lane.parent.is_interactive() {
                due = due.max(self.pacing.free_at(now));
            }
            if due <= now || self.hasty {
                let Some(item) = lane.pop(now) else { continue };
                self.turn = at + 1;
                self.size -= item.size();
                if lane.parent.is_interactive() {
                    self.pacing.spend(now, item.encoded_size());
                }
                return Step::Send(lane.parent.clone(), item);
            }
            earliest = Some(earliest.map_or(due, |earliest| earliest.min(due)));
        }
        match earliest {
            Some(due) => Step::WaitUntil(due),
            None if self.closed => Step::End,
            None => Step::Wait,
        }
    }
}

#[cfg(test)]
#[path = "buffer_tests.rs"]
mod tests;
