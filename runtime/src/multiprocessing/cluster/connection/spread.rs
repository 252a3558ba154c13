//! A call whose items go to the cluster in chunks of a size that is found out on the way.
//!
//! The first chunks have one item. From then on a chunk is to take a tenth of a second, by what items have taken so far: the
//! scheduler has a cost for each task, and who waits wants to see results. Towards the end there are at least four for each thread, so that
//! all end at about the same time; but chunks are not so short that the workers, or with many threads the scheduler, are what holds them up.

use std::ops::Range;
use std::sync::Arc;

use super::task::{Sent, Task};
use crate::multiprocessing::pool::job::Job;

/// How long a chunk is to take, in nanoseconds.
const AIM: f64 = 100e6;
/// What the scheduler needs for a task, in nanoseconds.
const SCHEDULING: f64 = 1.5e6;
/// How long a chunk is to take at least, in nanoseconds: each costs a worker some of its time.
const LEAST: f64 = 20e6;
/// How many chunks are sent for each thread.
const AHEAD: usize = 3;

/// A call whose items have not all been sent.
pub(super) struct Spread {
    pub(super) task: Task,
    pub(super) job: Arc<dyn Job>,
    bytes: Vec<u8>,
    /// Where each item ends.
    ends: Vec<usize>,
    next: usize,
    pub(super) in_flight: usize,
}

impl Spread {
    pub(super) fn new(task: Task, job: Arc<dyn Job>, bytes: Vec<u8>, ends: Vec<usize>) -> Self {
        Self {
            task,
            job,
            bytes,
            ends,
            next: 0,
            in_flight: 0,
        }
    }

    /// The next chunk for so many threads, if it is time for one.
    pub(super) fn next(
        &mut self,
        threads: usize,
        pace: Option<f64>,
    ) -> Option<(Range<usize>, Vec<u8>)> {
        let threads = threads.max(1);
        let left = self.ends.len() - self.next;
        let enough = match pace {
            Some(_) => threads * AHEAD,
            None => threads,
        };
        if left == 0 || self.in_flight >= enough {
            return None;
        }
        let items = self.next..self.next + pace.map_or(1, |pace| size(pace, left, threads));
        let start = items
            .start
            .checked_sub(1)
            .map_or(0, |before| self.ends[before]);
        let bytes = self.bytes[start..self.ends[items.end - 1]].to_vec();
        self.next = items.end;
        self.in_flight += 1;
        Some((items, bytes))
    }

    pub(super) fn is_over(&self) -> bool {
        self.next == self.ends.len()
    }

    /// What has not been sent.
    pub(super) fn rest(self) -> Sent {
        self.task.sent(self.next..self.ends.len(), self.job)
    }
}

/// How many of the items that are left go together.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers of items, which a float to an integer saturates"
)]
fn size(pace: f64, left: usize, threads: usize) -> usize {
    let pace = pace.max(1.0);
    let aim = (AIM / pace) as usize;
    let least = (LEAST.max(SCHEDULING * threads as f64) / pace).ceil() as usize;
    let fair = left.div_ceil(4 * threads);
    aim.min(fair).max(least).clamp(1, left)
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn chunks_take_a_tenth_of_a_second_and_less_towards_the_end() {
        assert_eq!(size(1e6, 100_000, 4), 100); // items of 1 ms
        assert_eq!(size(1e6, 640, 4), 40); // of which few are left
        assert_eq!(size(1e6, 160, 4), 20); // but not so short that they cost more than they do
        assert_eq!(size(1e6, 1000, 40), 60); // or that the scheduler cannot give them out
        assert_eq!(size(1e9, 100, 4), 1);
        assert_eq!(size(0.0, 10, 4), 10);
    }
}
