//! The pool's state: its workers, the chunks that wait, and who gets which.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

use super::chunk::Chunk;
use super::segments::{Numbered, Segments};
use super::worker_handle::{WorkerHandle, give};
use crate::multiprocessing::pool::error::PoolError;
use crate::multiprocessing::pool::task::Target;
use crate::multiprocessing::pool::wire::{INITIALIZER, ToWorker};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::multiprocessing::pool) enum Phase {
    Running,
    Closed,
    Terminated,
}

/// After a worker could not be had, how long the others do the work before another one is tried.
const PAUSE: Duration = Duration::from_millis(200);

/// No worker could be had.
pub(in crate::multiprocessing::pool) struct Failure {
    at: Instant,
    error: PoolError,
}

pub(in crate::multiprocessing::pool) struct PoolState {
    pub(in crate::multiprocessing::pool) phase: Phase,
    /// The last attempt to have a worker, if that failed.
    failure: Option<Failure>,
    pub(in crate::multiprocessing::pool) workers: Vec<WorkerHandle>,
    /// Workers that are being started.
    starting: usize,
    pub(in crate::multiprocessing::pool) queue: VecDeque<Chunk>,
    pub(in crate::multiprocessing::pool) segments: Segments,
    functions: HashMap<Target, u32>,
    targets: Vec<Target>,
    pub(in crate::multiprocessing::pool) next_chunk: u64,
    pub(in crate::multiprocessing::pool) max_tasks: Option<usize>,
    /// How many workers in a row have ended without having begun anything.
    pub(in crate::multiprocessing::pool) fruitless: usize,
}

impl PoolState {
    pub(in crate::multiprocessing::pool) fn new(max_tasks: Option<usize>) -> Self {
        Self {
            phase: Phase::Running,
            failure: None,
            workers: Vec::new(),
            starting: 0,
            queue: VecDeque::new(),
            segments: Segments::default(),
            functions: HashMap::new(),
            targets: Vec::new(),
            next_chunk: INITIALIZER + 1,
            max_tasks,
            fruitless: 0,
        }
    }

    /// The number of a function, which is the same for each of its tasks.
    pub(in crate::multiprocessing::pool) fn number_of(&mut self, target: Target) -> u32 {
        let next = u32::try_from(self.targets.len()).unwrap_or(u32::MAX);
        *self.functions.entry(target).or_insert_with(|| {
            self.targets.push(target);
            next
        })
    }

    /// Gives waiting chunks to workers. What cannot be sent to any worker comes back, with the
    /// reason.
    pub(in crate::multiprocessing::pool) fn dispatch(&mut self) -> Vec<(Chunk, PoolError)> {
        let mut failed = Vec::new();
        let mut woken = HashSet::new();
        while let Some(chunk) = self.queue.pop_front() {
            let free = |worker: &&mut WorkerHandle| {
                worker.takes_tasks() && worker.flights.len() < worker.limit()
            };
            let workers = self.workers.iter_mut().filter(free);
            let Some(worker) = workers.min_by_key(|worker| worker.flights.len()) else {
                self.queue.push_front(chunk);
                break;
            };
            let given = give(worker, chunk, &self.targets, &mut self.segments);
            match given {
                Ok(()) => {
                    woken.insert(worker.serial);
                    worker.given += 1;
                    if self.max_tasks.is_some_and(|most| worker.given >= most) {
                        worker.retiring = worker.push(&ToWorker::Exit);
                    }
                }
                Err(kept) => match *kept {
                    (chunk, Some(error)) => failed.push((chunk, error)),
                    (chunk, None) => {
                        self.queue.push_front(chunk);
                        break;
                    }
                },
            }
        }
        self.steal(&mut woken);
        for worker in &self.workers {
            if woken.contains(&worker.serial) {
                worker.inbox.wake_reader();
            }
        }
        failed
    }

    /// Lets workers that have nothing to do take what others have not begun with.
    fn steal(&mut self, woken: &mut HashSet<u64>) {
        if !self.queue.is_empty() || self.max_tasks.is_some() {
            return;
        }
        for idle in 0..self.workers.len() {
            if !self.workers[idle].flights.is_empty() || !self.workers[idle].takes_tasks() {
                continue;
            }
            let loaded = (0..self.workers.len()).max_by_key(|at| self.workers[*at].flights.len());
            let Some(loaded) = loaded.filter(|at| self.workers[*at].flights.len() > 1) else {
                return;
            };
            let from = &mut self.workers[loaded];
            let Some(flight) = from.flights.pop_back() else {
                return;
            };
            if !from.inbox.recall(flight.ticket) {
                from.flights.push_back(flight);
                return;
            }
            let to = &mut self.workers[idle];
            match give(to, flight.chunk, &self.targets, &mut self.segments) {
                Ok(()) => {
                    woken.insert(to.serial);
                }
                Err(kept) => {
                    self.queue.push_front(kept.0);
                    return;
                }
            }
        }
    }

    /// Gives a new worker its initializer.
    pub(in crate::multiprocessing::pool) fn give_first(
        &mut self,
        worker: &mut WorkerHandle,
        chunk: Chunk,
    ) {
        // Its ring is empty; if there is no memory to share, tasks will find out.
        let _ = give(worker, chunk, &self.targets, &mut self.segments);
        worker.inbox.wake_reader();
    }

    /// A segment is not used any more.
    pub(in crate::multiprocessing::pool) fn give_back(&mut self, numbered: Numbered) {
        for gone in self.segments.give_back(numbered) {
            for worker in &mut self.workers {
                if worker.known_segments.remove(&gone) {
                    worker.push(&ToWorker::Forget { segment: gone });
                }
            }
        }
    }

    /// How many workers there are, or will be.
    pub(in crate::multiprocessing::pool) fn there(&self) -> usize {
        self.workers.len() + self.starting
    }

    /// Whether a worker is to be started; then it counts as being started.
    ///
    /// That none could be had is no reason not to try again: while others work, after a pause; without any, for the next
    /// task.
    pub(in crate::multiprocessing::pool) fn wants_worker(&mut self, processes: usize) -> bool {
        let wanted = match self.phase {
            Phase::Running => processes,
            Phase::Closed => processes.min(self.queue.len()),
            Phase::Terminated => 0,
        };
        let there = self.there();
        let may_be_tried = self.failure.as_ref().is_none_or(|failure| match there {
            0 => !self.queue.is_empty(),
            _ => failure.at.elapsed() >= PAUSE,
        });
        let wants = there < wanted && may_be_tried;
        if wants {
            self.starting += 1;
            self.failure = None;
        }
        wants
    }

    /// The worker that was being started is there, or is not.
    pub(in crate::multiprocessing::pool) fn has_started(
        &mut self,
        worker: Result<WorkerHandle, &PoolError>,
    ) {
        self.starting -= 1;
        match worker {
            Ok(worker) => self.workers.push(worker),
            Err(error) => self.note_failure(error),
        }
    }

    /// No worker can be had just now.
    pub(in crate::multiprocessing::pool) fn note_failure(&mut self, error: &PoolError) {
        self.fruitless = 0;
        self.failure = Some(Failure {
            at: Instant::now(),
            error: error.clone(),
        });
    }

    /// The tasks that wait, with the reason, if no worker could be had and there is no other one.
    pub(in crate::multiprocessing::pool) fn hopeless(&mut self) -> Vec<(Chunk, PoolError)> {
        match &self.failure {
            Some(failure) if self.there() == 0 => {
                let queue = std::mem::take(&mut self.queue).into_iter();
                queue.map(|chunk| (chunk, failure.error.clone())).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Why not even an attempt is worth while: there is no worker, and a moment ago none could be had.
    pub(in crate::multiprocessing::pool) fn is_hopeless(&self) -> Option<PoolError> {
        let failure = self.failure.as_ref()?;
        let just_now = self.there() == 0 && failure.at.elapsed() < PAUSE;
        just_now.then(|| failure.error.clone())
    }

    /// Whether nothing is left to do.
    pub(in crate::multiprocessing::pool) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.workers.iter().all(|worker| worker.flights.is_empty())
    }
}
