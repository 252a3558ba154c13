//! The pool's state on the host's side: workers, tasks that wait, and who gets which.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::error::PoolError;
use super::job::Job;
use super::segments::{Numbered, Segments};
use super::task::Target;
use super::wire::{self, INITIALIZER, INLINE, Letter, Place, ToWorker};
use crate::multiprocessing::children::child::Child;
use crate::multiprocessing::memory::ring::{Reader, Ticket, Writer};
use crate::multiprocessing::memory::segment::Segment;

/// Some items for one function, and where their results go.
pub(super) struct Chunk {
    pub(super) number: u64,
    pub(super) function: u32,
    pub(super) cell: u32,
    pub(super) items: u32,
    pub(super) payload: Payload,
    pub(super) descriptors: Vec<Arc<OwnedFd>>,
    pub(super) job: Arc<dyn Job>,
    pub(super) index: usize,
}

/// The bytes of a chunk's arguments.
pub(super) enum Payload {
    Bytes(Vec<u8>),
    Segment(Numbered, u64),
}

/// A chunk that was given to a worker.
pub(super) struct Flight {
    pub(super) chunk: Chunk,
    ticket: Ticket,
}

pub(super) struct Worker {
    pub(super) serial: u64,
    pub(super) child: Child,
    pub(super) inbox: Writer,
    pub(super) outbox: Reader,
    /// Kept mapped: both rings are in it.
    pub(super) _desk: Segment,
    pub(super) flights: VecDeque<Flight>,
    pub(super) known_functions: HashSet<u32>,
    pub(super) known_segments: HashSet<u32>,
    /// What has come of an event so far.
    pub(super) parts: Vec<u8>,
    /// A segment that was granted for a result.
    pub(super) granted: Vec<Numbered>,
    /// How long its last tasks took, in nanoseconds; none before the first.
    pub(super) pace: Option<f64>,
    pub(super) given: usize,
    pub(super) done: usize,
    /// It has been told to end.
    pub(super) retiring: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Running,
    Closed,
    Terminated,
}

/// After a worker could not be had, how long the others do the work before another one is tried.
const PAUSE: Duration = Duration::from_millis(200);

/// No worker could be had.
pub(super) struct Failure {
    at: Instant,
    error: PoolError,
}

pub(super) struct State {
    pub(super) phase: Phase,
    /// The last attempt to have a worker, if that failed.
    failure: Option<Failure>,
    pub(super) workers: Vec<Worker>,
    /// Workers that are being started.
    starting: usize,
    pub(super) queue: VecDeque<Chunk>,
    pub(super) segments: Segments,
    functions: HashMap<Target, u32>,
    targets: Vec<Target>,
    pub(super) next_chunk: u64,
    pub(super) max_tasks: Option<usize>,
    /// How many workers in a row have ended without having begun anything.
    pub(super) fruitless: usize,
}

impl Worker {
    /// How many chunks it may have: a short task is worth less than the way to the host and back.
    fn limit(&self) -> usize {
        match self.pace {
            Some(pace) if pace < 50_000.0 => 32,
            Some(pace) if pace < 300_000.0 => 4,
            _ => 1,
        }
    }

    /// Whether it may be given tasks.
    fn takes_tasks(&self) -> bool {
        !self.retiring && !self.child.was_left_behind()
    }

    /// Whether there is something to take from it.
    pub(super) fn has_said_something(&self) -> bool {
        self.outbox.has_some() && !self.child.was_left_behind()
    }

    fn send(&self, letter: &Letter, descriptors: &[BorrowedFd<'_>]) -> io::Result<()> {
        self.child.send(&wire::head(letter), descriptors)
    }

    /// Makes a segment known to the worker.
    pub(super) fn introduce(&mut self, numbered: &Numbered) -> io::Result<()> {
        if self.known_segments.insert(numbered.number) {
            let letter = Letter::Segment {
                segment: numbered.number,
            };
            self.send(&letter, &[numbered.segment.as_fd()])?;
        }
        Ok(())
    }

    /// Answers [`wire::FromWorker::Need`].
    pub(super) fn grant(&mut self, numbered: Option<Numbered>) -> io::Result<()> {
        if let Some(numbered) = &numbered {
            self.introduce(numbered)?;
        }
        let segment = numbered.as_ref().map(|numbered| numbered.number);
        self.granted.extend(numbered);
        self.send(&Letter::Granted { segment }, &[])
    }

    pub(super) fn push(&mut self, message: &ToWorker) -> bool {
        let pushed = self.inbox.push(&[&wire::head(message)]).is_some();
        self.inbox.wake_reader();
        pushed
    }

    /// Splits what the worker had into the chunk that it ran, and those that it had not begun with.
    pub(super) fn split_flights(&mut self) -> (Vec<Chunk>, Vec<Chunk>) {
        let flights = std::mem::take(&mut self.flights);
        let (mut begun, mut waiting) = (Vec::new(), Vec::new());
        for flight in flights {
            match self.inbox.recall(flight.ticket) {
                true => waiting.push(flight.chunk),
                false => begun.push(flight.chunk),
            }
        }
        (begun, waiting)
    }

    /// Takes back those of these chunks that it has not begun with.
    pub(super) fn recall(&mut self, which: impl Fn(&Chunk) -> bool) -> Vec<Chunk> {
        let mut recalled = Vec::new();
        for flight in std::mem::take(&mut self.flights) {
            match which(&flight.chunk) && self.inbox.recall(flight.ticket) {
                true => recalled.push(flight.chunk),
                false => self.flights.push_back(flight),
            }
        }
        recalled
    }

    /// The chunk that it is busy with, as far as is known here: the last one that it has begun with.
    pub(super) fn running(&self) -> Option<&Chunk> {
        let mut flights = self.flights.iter().rev();
        let begun = flights.find(|flight| self.inbox.has_begun(flight.ticket));
        begun.map(|flight| &flight.chunk)
    }
}

impl State {
    pub(super) fn new(max_tasks: Option<usize>) -> Self {
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
    pub(super) fn number_of(&mut self, target: Target) -> u32 {
        let next = u32::try_from(self.targets.len()).unwrap_or(u32::MAX);
        *self.functions.entry(target).or_insert_with(|| {
            self.targets.push(target);
            next
        })
    }

    /// Gives waiting chunks to workers. What cannot be sent to any worker comes back, with the
    /// reason.
    pub(super) fn dispatch(&mut self) -> Vec<(Chunk, PoolError)> {
        let mut failed = Vec::new();
        let mut woken = HashSet::new();
        while let Some(chunk) = self.queue.pop_front() {
            let free = |worker: &&mut Worker| {
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
    pub(super) fn give_first(&mut self, worker: &mut Worker, chunk: Chunk) {
        // Its ring is empty; if there is no memory to share, tasks will find out.
        let _ = give(worker, chunk, &self.targets, &mut self.segments);
        worker.inbox.wake_reader();
    }

    /// A segment is not used any more.
    pub(super) fn give_back(&mut self, numbered: Numbered) {
        for gone in self.segments.give_back(numbered) {
            for worker in &mut self.workers {
                if worker.known_segments.remove(&gone) {
                    worker.push(&ToWorker::Forget { segment: gone });
                }
            }
        }
    }

    /// How many workers there are, or will be.
    pub(super) fn there(&self) -> usize {
        self.workers.len() + self.starting
    }

    /// Whether a worker is to be started; then it counts as being started.
    ///
    /// That none could be had is no reason not to try again: while others work, after a pause; without any, for the next
    /// task.
    pub(super) fn wants_worker(&mut self, processes: usize) -> bool {
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
    pub(super) fn has_started(&mut self, worker: Result<Worker, &PoolError>) {
        self.starting -= 1;
        match worker {
            Ok(worker) => self.workers.push(worker),
            Err(error) => self.note_failure(error),
        }
    }

    /// No worker can be had just now.
    pub(super) fn note_failure(&mut self, error: &PoolError) {
        self.fruitless = 0;
        self.failure = Some(Failure {
            at: Instant::now(),
            error: error.clone(),
        });
    }

    /// The tasks that wait, with the reason, if no worker could be had and there is no other one.
    pub(super) fn hopeless(&mut self) -> Vec<(Chunk, PoolError)> {
        match &self.failure {
            Some(failure) if self.there() == 0 => {
                let queue = std::mem::take(&mut self.queue).into_iter();
                queue.map(|chunk| (chunk, failure.error.clone())).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Why not even an attempt is worth while: there is no worker, and a moment ago none could be had.
    pub(super) fn is_hopeless(&self) -> Option<PoolError> {
        let failure = self.failure.as_ref()?;
        let just_now = self.there() == 0 && failure.at.elapsed() < PAUSE;
        just_now.then(|| failure.error.clone())
    }

    /// Whether nothing is left to do.
    pub(super) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.workers.iter().all(|worker| worker.flights.is_empty())
    }
}

/// A chunk that a worker could not be given; with the reason, if nobody can have it.
type Kept = (Chunk, Option<PoolError>);

/// Gives a chunk to a worker. It comes back if the worker has no room, or with the reason why nobody
/// can have it.
fn give(
    worker: &mut Worker,
    mut chunk: Chunk,
    targets: &[Target],
    segments: &mut Segments,
) -> Result<(), Box<Kept>> {
    if !worker.known_functions.contains(&chunk.function) {
        let (shim, callee) = match targets[chunk.function as usize].entries() {
            Ok(entries) => entries,
            Err(error) => return Err(Box::new((chunk, Some(PoolError::Function(error))))),
        };
        let function = chunk.function;
        let define = ToWorker::Define {
            function,
            shim,
            callee,
        };
        if worker.inbox.push(&[&wire::head(&define)]).is_none() {
            return Err(Box::new((chunk, None)));
        }
        worker.known_functions.insert(function);
    }
    if let Payload::Bytes(bytes) = &chunk.payload
        && bytes.len() > INLINE
    {
        let numbered = match segments.take(bytes.len()) {
            Ok(numbered) => numbered,
            Err(error) => return Err(Box::new((chunk, Some(PoolError::Start(Arc::new(error)))))),
        };
        // SAFETY: the segment is at least as long, and nobody uses it now.
        unsafe {
            std::ptr::copy_nonoverlapping(
                bytes.as_ptr(),
                numbered.segment.as_mut_ptr(),
                bytes.len(),
            );
        }
        chunk.payload = Payload::Segment(numbered, bytes.len() as u64);
    }
    let (place, bytes) = match &chunk.payload {
        Payload::Bytes(bytes) => (Place::Here, bytes.as_slice()),
        Payload::Segment(numbered, length) => {
            let (segment, length) = (numbered.number, *length);
            (Place::Segment { segment, length }, [].as_slice())
        }
    };
    let task = ToWorker::Task {
        chunk: chunk.number,
        function: chunk.function,
        cell: chunk.cell,
        items: chunk.items,
        place,
        descriptors: !chunk.descriptors.is_empty(),
    };
    let Some(ticket) = worker.inbox.push(&[&wire::head(&task), bytes]) else {
        return Err(Box::new((chunk, None)));
    };
    // The worker waits for what comes over the link. If it is gone, its end is noticed elsewhere.
    if let Payload::Segment(numbered, _) = &chunk.payload {
        let _ = worker.introduce(numbered);
    }
    if !chunk.descriptors.is_empty() {
        let borrowed: Vec<_> = chunk.descriptors.iter().map(|d| d.as_fd()).collect();
        let letter = Letter::Chunk {
            chunk: chunk.number,
        };
        let _ = worker.send(&letter, &borrowed);
    }
    worker.flights.push_back(Flight { chunk, ticket });
    Ok(())
}
