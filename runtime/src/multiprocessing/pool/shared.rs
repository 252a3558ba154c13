//! What all handles of a pool share: giving tasks, collecting results, replacing workers.

use std::collections::HashMap;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex, TryLockError, Weak};
use std::time::Instant;

use rustix::process::Signal;

use super::bell::{Bell, Sleeper};
use super::error::PoolError;
use super::job::{Job, Later};
use super::segments::Numbered;
use super::state::{Chunk, Payload, Phase, State, Worker};
use super::task::Target;
use super::wire::{
    self, DESK, FromWorker, INBOX, INITIALIZER, INLINE, Letter, OUTBOX, Outcome, Place, ToWorker,
};
use crate::multiprocessing::children::child::{Attempt, Watch};
use crate::multiprocessing::children::exit::Exit;
use crate::multiprocessing::lock;
use crate::multiprocessing::memory::ring::{Reader, Writer, size_of_ring};
use crate::multiprocessing::memory::segment::Segment;
use crate::multiprocessing::transport::codec::Sink;
use crate::multiprocessing::transport::descriptors;
use crate::multiprocessing::transport::descriptors::{CodecError, Parcel};
use crate::multiprocessing::transport::packet::Packet;
use crate::process::output;
use crate::protocol::Event;
use crate::wait::{Deadline, WaitSet, Wanted};

/// Long arguments go straight into segments while no more than this many are in use.
const DIRECT: usize = 32;

/// How a pool was made.
pub(super) struct Settings {
    pub(super) processes: usize,
    pub(super) initializer: Option<Initializer>,
    pub(super) max_tasks: Option<usize>,
}

/// What each worker does first.
pub(super) struct Initializer {
    pub(super) target: Target,
    pub(super) bytes: Vec<u8>,
    pub(super) descriptors: Vec<Arc<OwnedFd>>,
}

pub(super) struct Shared {
    pub(super) settings: Settings,
    bell: Bell,
    pub(super) state: Mutex<State>,
    /// Held by whoever takes records from the workers.
    collecting: Mutex<()>,
    /// Held by the one thread of the user's that sleeps on the bell.
    helping: Mutex<()>,
    deaths: Mutex<Vec<(u64, Exit)>>,
    /// Descriptors of results, which come over the link.
    arrived: Mutex<HashMap<u64, Vec<OwnedFd>>>,
    came: WaitSet,
    /// All workers have ended, after `close` or `terminate`.
    finished: Mutex<bool>,
    finish: WaitSet,
    spin: u8,
}

/// Watches one worker.
struct Watcher {
    pool: Weak<Shared>,
    serial: u64,
}

impl Watch for Watcher {
    fn message(&self, packet: Packet) {
        let Some(pool) = self.pool.upgrade() else {
            return;
        };
        if let Ok(Letter::Chunk { chunk }) = postcard::from_bytes(&packet.bytes) {
            lock(&pool.arrived).insert(chunk, packet.descriptors);
            pool.came.wake_all();
        }
    }

    fn ended(&self, exit: Exit) {
        if let Some(pool) = self.pool.upgrade() {
            lock(&pool.deaths).push((self.serial, exit));
            // All workers die at once when this process is a copy that goes on.
            pool.bell.ring_all();
        }
    }
}

/// The initializer's result.
struct Initialized(Weak<Shared>);

impl Job for Initialized {
    fn done(&self, _: usize, _: u32, result: Result<&[u8], PoolError>) -> Option<Later> {
        let (pool, error) = (self.0.upgrade()?, result.err()?);
        if !matches!(error, PoolError::Terminated) {
            pool.break_with(&PoolError::Initializer(Arc::new(error)));
        }
        None
    }
}

/// What was taken from the workers' rings.
enum Taken {
    Event(Vec<u8>),
    Done(Chunk, Outcome, Place, Option<Numbered>, bool, Vec<u8>),
}

impl Shared {
    pub(super) fn new(settings: Settings) -> io::Result<Arc<Self>> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let spin = if settings.processes <= cores && cores > 1 {
            40
        } else {
            0
        };
        Ok(Arc::new(Self {
            state: Mutex::new(State::new(settings.max_tasks)),
            settings,
            bell: Bell::new()?,
            collecting: Mutex::default(),
            helping: Mutex::default(),
            deaths: Mutex::default(),
            arrived: Mutex::default(),
            came: WaitSet::new(),
            finished: Mutex::default(),
            finish: WaitSet::new(),
            spin,
        }))
    }

    /// Starts a worker that the [`State`] wants.
    pub(super) fn start_worker(self: &Arc<Self>) -> Result<(), PoolError> {
        // With a desk of its own each time: one that another process's worker has used is not as it was.
        let made = Attempt::repeat(|attempt| self.make_worker(attempt));
        let mut state = lock(&self.state);
        let mut worker = match made {
            Ok(worker) => worker,
            Err(error) => {
                let error = PoolError::Start(Arc::new(error));
                state.has_started(Err(&error));
                return Err(error);
            }
        };
        if state.phase == Phase::Terminated {
            worker.child.kill(Signal::KILL);
        } else if let Some(initializer) = &self.settings.initializer {
            // The first that the new worker gets: nothing else is in its ring.
            let chunk = Chunk {
                number: INITIALIZER,
                function: state.number_of(initializer.target),
                cell: output::current_area(),
                items: 1,
                payload: Payload::Bytes(initializer.bytes.clone()),
                descriptors: initializer.descriptors.clone(),
                job: Arc::new(Initialized(Arc::downgrade(self))),
                index: 0,
            };
            state.give_first(&mut worker, chunk);
        }
        let (serial, child) = (worker.serial, worker.child.clone());
        state.has_started(Ok(worker));
        drop(state);
        // It may have ended before it was known here, and nobody have been found to bury.
        if let Some(exit) = child.exit() {
            lock(&self.deaths).push((serial, exit));
            self.bell.ring_all();
        }
        Ok(())
    }

    fn make_worker(self: &Arc<Self>, attempt: Attempt) -> io::Result<Worker> {
        let desk = Segment::new(DESK)?;
        let serial = {
            let mut state = lock(&self.state);
            state.next_chunk += 1;
            state.next_chunk
        };
        let parcel = Parcel {
            bytes: vec![self.spin],
            descriptors: vec![
                Arc::new(desk.as_fd().try_clone_to_owned()?),
                Arc::new(self.bell.segment().as_fd().try_clone_to_owned()?),
            ],
        };
        // SAFETY: the desk is made for these two rings, whose other sides the worker uses.
        let (inbox, outbox) = unsafe {
            let second = desk.as_mut_ptr().add(size_of_ring(INBOX));
            (
                Writer::new(desk.as_mut_ptr(), INBOX),
                Reader::new(second, OUTBOX),
            )
        };
        let pool = Arc::downgrade(self);
        let watch = Arc::new(Watcher { pool, serial });
        Ok(Worker {
            serial,
            child: attempt.spawn(super::worker::main, &parcel, watch)?,
            inbox,
            outbox,
            _desk: desk,
            flights: Default::default(),
            known_functions: Default::default(),
            known_segments: Default::default(),
            parts: Vec::new(),
            granted: Vec::new(),
            pace: None,
            given: 0,
            done: 0,
            retiring: false,
        })
    }

    /// Gives a chunk of items to the pool, of an index among those of its call; `encode` writes them.
    pub(super) fn submit(
        self: &Arc<Self>,
        target: Target,
        items: u32,
        job: &Arc<dyn Job>,
        index: usize,
        encode: impl FnOnce(&mut dyn Sink) -> Result<(), CodecError>,
    ) -> Result<(), PoolError> {
        let mut writing = Writing {
            pool: self,
            bytes: Vec::new(),
            segment: None,
        };
        let (encoded, descriptors) = descriptors::collecting(|| encode(&mut writing));
        let payload = writing.finish();
        let mut state = lock(&self.state);
        let refused = match (&encoded, state.phase) {
            (Err(error), _) => Some(PoolError::Arguments(error.clone())),
            // Each call is an occasion to start workers, which not each of its chunks is.
            (_, Phase::Running) => state.is_hopeless().filter(|_| index > 0),
            _ => Some(PoolError::NotRunning),
        };
        if let Some(error) = refused {
            if let Payload::Segment(numbered, _) = payload {
                state.give_back(numbered);
            }
            return Err(error);
        }
        state.next_chunk += 1;
        let chunk = Chunk {
            number: state.next_chunk,
            function: state.number_of(target),
            cell: output::current_area(),
            items,
            payload,
            descriptors,
            job: job.clone(),
            index,
        };
        state.queue.push_back(chunk);
        let lacks_workers = state.there() < self.settings.processes;
        // A long list is given out by those who collect.
        let failed = match state.queue.len() {
            1 if !lacks_workers => state.dispatch(),
            _ => Vec::new(),
        };
        drop(state);
        self.fail(failed);
        if lacks_workers {
            self.fail(self.go_on());
        }
        Ok(())
    }

    /// Whether tasks are taken.
    pub(super) fn check_running(&self) -> Result<(), PoolError> {
        match self.phase() {
            Phase::Running => Ok(()),
            _ => Err(PoolError::NotRunning),
        }
    }

    /// Takes what the workers have to say, until they have nothing more.
    pub(super) fn collect(self: &Arc<Self>) {
        loop {
            let mut later = Vec::new();
            let any = {
                let _one = lock(&self.collecting);
                self.collect_once(&mut later)
            };
            for later in later {
                later();
            }
            if !any {
                return;
            }
        }
    }

    fn collect_once(self: &Arc<Self>, later: &mut Vec<Later>) -> bool {
        let deaths = std::mem::take(&mut *lock(&self.deaths));
        let mut taken = Vec::new();
        let mut failed = Vec::new();
        {
            let mut state = lock(&self.state);
            for at in 0..state.workers.len() {
                state.take_from(at, &mut taken);
            }
            failed.extend(state.dispatch());
        }
        let any = !taken.is_empty() || !deaths.is_empty();
        for taken in taken {
            later.extend(self.deliver(taken));
        }
        for (serial, exit) in deaths {
            later.extend(self.bury(serial, exit));
        }
        for (chunk, error) in failed {
            later.extend(chunk.job.done(chunk.index, chunk.items, Err(error)));
        }
        if any {
            let failed = self.go_on();
            for (chunk, error) in failed {
                later.extend(chunk.job.done(chunk.index, chunk.items, Err(error)));
            }
        }
        any
    }

    /// Hands a result to its job, or an event to the kernel.
    fn deliver(&self, taken: Taken) -> Option<Later> {
        let (chunk, outcome, place, granted, descriptors, bytes) = match taken {
            Taken::Event(bytes) => {
                if let Ok(event) = postcard::from_bytes::<Event>(&bytes) {
                    output::send(&event);
                }
                return None;
            }
            Taken::Done(chunk, outcome, place, granted, descriptors, bytes) => {
                (chunk, outcome, place, granted, descriptors, bytes)
            }
        };
        let own = match &chunk.payload {
            Payload::Segment(numbered, _) => Some(numbered),
            Payload::Bytes(_) => None,
        };
        let bytes = match place {
            Place::Here => Some(bytes.as_slice()),
            Place::Segment { segment, length } => [own, granted.as_ref()]
                .into_iter()
                .flatten()
                .find(|numbered| numbered.number == segment)
                .and_then(|numbered| view(&numbered.segment, length)),
        };
        let text = |bytes: &[u8]| CodecError::new(String::from_utf8_lossy(bytes));
        let result = match (bytes, outcome) {
            (None, _) => Err(PoolError::Result(CodecError::new(
                "the worker gave a wrong place for it",
            ))),
            (Some(bytes), Outcome::Completed) => Ok(bytes),
            (Some(bytes), Outcome::BadFunction) => Err(PoolError::Function(text(bytes))),
            (Some(bytes), Outcome::BadArguments) => Err(PoolError::Arguments(text(bytes))),
            (Some(bytes), Outcome::BadResult) => Err(PoolError::Result(text(bytes))),
            (Some(bytes), Outcome::Panicked) => Err(match postcard::from_bytes(bytes) {
                Ok(panic) => PoolError::Panicked(Arc::new(panic)),
                Err(error) => PoolError::Result(CodecError::new(error)),
            }),
        };
        let carried = match descriptors {
            true => self.wait_for_descriptors(chunk.number),
            false => Vec::new(),
        };
        let later =
            descriptors::supplying(carried, || chunk.job.done(chunk.index, chunk.items, result));
        let mut state = lock(&self.state);
        if let Payload::Segment(numbered, _) = chunk.payload {
            state.give_back(numbered);
        }
        if let Some(numbered) = granted {
            state.give_back(numbered);
        }
        later
    }

    /// The descriptors of a result were sent before the result.
    fn wait_for_descriptors(&self, chunk: u64) -> Vec<OwnedFd> {
        let mut found = None;
        let mut there = || {
            found = lock(&self.arrived).remove(&chunk);
            found.is_some()
        };
        let soon = Deadline::after(std::time::Duration::from_secs(10));
        self.came.wait_until(Wanted::Process, soon, &mut there);
        found.unwrap_or_default()
    }

    /// A worker has ended: its task fails, the tasks behind go to others, another one takes its place.
    fn bury(self: &Arc<Self>, serial: u64, exit: Exit) -> Vec<Later> {
        let mut state = lock(&self.state);
        let Some(at) = state.workers.iter().position(|w| w.serial == serial) else {
            return Vec::new();
        };
        let mut worker = state.workers.swap_remove(at);
        for numbered in std::mem::take(&mut worker.granted) {
            state.give_back(numbered);
        }
        let (mut begun, waiting) = worker.split_flights();
        for chunk in waiting.into_iter().rev() {
            match chunk.number {
                INITIALIZER => {}
                _ => state.queue.push_front(chunk),
            }
        }
        let pid = worker.child.pid();
        let mut hopeless = Vec::new();
        if worker.child.was_left_behind() {
            // Its end says nothing of the workers of this process.
            begun.retain(|chunk| chunk.number != INITIALIZER);
        } else if worker.done == 0 && begun.is_empty() && !worker.retiring {
            state.fruitless += 1;
            if state.fruitless > 2 * self.settings.processes + 10 {
                let text =
                    format!("workers end before they have begun anything, the last by {exit}");
                state.note_failure(&PoolError::Start(Arc::new(io::Error::other(text))));
            }
            hopeless = state.hopeless();
        }
        let error = match state.phase {
            Phase::Terminated => PoolError::Terminated,
            _ => PoolError::WorkerDied { pid, exit },
        };
        let mut later = Vec::new();
        for chunk in begun {
            if let Payload::Segment(numbered, _) = &chunk.payload {
                state.give_back(numbered.clone());
            }
            drop(state);
            later.extend(chunk.job.done(chunk.index, chunk.items, Err(error.clone())));
            state = lock(&self.state);
        }
        drop(state);
        for (chunk, error) in hopeless {
            later.extend(chunk.job.done(chunk.index, chunk.items, Err(error)));
        }
        later
    }

    /// Starts workers for those that have ended, ends the pool when all is done, and gives out tasks.
    pub(super) fn go_on(self: &Arc<Self>) -> Vec<(Chunk, PoolError)> {
        let mut failed = Vec::new();
        loop {
            let mut state = lock(&self.state);
            if state.phase == Phase::Closed && state.is_idle() {
                for worker in &mut state.workers {
                    if !worker.retiring {
                        worker.retiring = worker.push(&ToWorker::Exit);
                    }
                }
            }
            if !state.wants_worker(self.settings.processes) {
                failed.extend(state.dispatch());
                let finished = state.phase != Phase::Running && state.there() == 0;
                drop(state);
                if finished {
                    *lock(&self.finished) = true;
                    self.finish.wake_all();
                    self.bell.ring();
                }
                return failed;
            }
            drop(state);
            if self.start_worker().is_err() {
                failed.extend(lock(&self.state).hopeless());
            }
        }
    }

    /// Tells the jobs of chunks that these are not done.
    pub(super) fn fail(&self, failed: Vec<(Chunk, PoolError)>) {
        for (chunk, error) in failed {
            if let Some(later) = chunk.job.done(chunk.index, chunk.items, Err(error)) {
                later();
            }
        }
        self.bell.wake_helper();
    }

    /// The workers are no good: they end, and all that waits fails with this. The next task is for others.
    fn break_with(&self, error: &PoolError) {
        let mut state = lock(&self.state);
        state.note_failure(error);
        let mut chunks: Vec<_> = std::mem::take(&mut state.queue).into();
        for worker in &mut state.workers {
            let (begun, waiting) = worker.split_flights();
            chunks.extend(begun.into_iter().chain(waiting));
            worker.retiring = true;
            worker.child.kill(Signal::KILL);
        }
        drop(state);
        chunks.retain(|chunk| chunk.number != INITIALIZER);
        let failed = chunks.into_iter().map(|chunk| (chunk, error.clone()));
        self.fail(failed.collect());
    }

    /// No more tasks; the workers end when all are done.
    pub(super) fn close(self: &Arc<Self>) {
        let mut state = lock(&self.state);
        if state.phase == Phase::Running {
            state.phase = Phase::Closed;
        }
        drop(state);
        self.fail(self.go_on());
    }

    /// Ends all workers now.
    pub(super) fn terminate(self: &Arc<Self>) {
        let mut state = lock(&self.state);
        state.phase = Phase::Terminated;
        let mut chunks: Vec<_> = std::mem::take(&mut state.queue).into();
        for worker in &mut state.workers {
            worker.child.kill(Signal::KILL);
            let (begun, waiting) = worker.split_flights();
            chunks.extend(begun.into_iter().chain(waiting));
        }
        drop(state);
        let ended = |chunk: Chunk| (chunk, PoolError::Terminated);
        self.fail(chunks.into_iter().map(ended).collect());
        self.fail(self.go_on());
    }

    /// Waits until all workers have ended.
    pub(super) fn join(&self) -> Result<(), PoolError> {
        if lock(&self.state).phase == Phase::Running {
            return Err(PoolError::StillRunning);
        }
        let mut finished = || self.is_finished();
        self.finish
            .wait_until(Wanted::Process, Deadline::NEVER, &mut finished);
        Ok(())
    }

    fn is_finished(&self) -> bool {
        *lock(&self.finished)
    }

    pub(super) fn phase(&self) -> Phase {
        lock(&self.state).phase
    }

    /// The process ids of the workers.
    pub(super) fn pids(&self) -> Vec<u32> {
        let state = lock(&self.state);
        state
            .workers
            .iter()
            .map(|worker| worker.child.pid())
            .collect()
    }

    /// Whether there is something to collect.
    fn is_something(&self) -> bool {
        !lock(&self.deaths).is_empty() || {
            let state = lock(&self.state);
            state
                .workers
                .iter()
                .any(|worker| worker.has_said_something())
        }
    }

    /// The life of the pool's own thread.
    pub(super) fn handle(self: &Arc<Self>) {
        while !self.is_finished() {
            self.collect();
            self.bell.wake_helper();
            if !self.is_finished() {
                let something = || self.is_something() || self.is_finished();
                self.bell.sleep(Sleeper::Handler, None, something);
            }
        }
    }

    /// Waits until `ready`, and collects meanwhile if nobody else of the user's threads does; `sleep`
    /// waits for `ready` alone.
    pub(super) fn wait(
        self: &Arc<Self>,
        deadline: Deadline,
        ready: &dyn Fn() -> bool,
        sleep: &dyn Fn(Deadline) -> bool,
    ) -> bool {
        if ready() {
            return true;
        }
        let helping = match self.helping.try_lock() {
            Ok(helping) => helping,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return sleep(deadline),
        };
        let helper = Helper::enter(self);
        let in_time = loop {
            crate::process::interrupt::check();
            self.collect();
            if ready() {
                break true;
            }
            if self.is_finished() {
                break sleep(deadline);
            }
            let left = deadline
                .instant()
                .map(|instant| instant.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                break false;
            }
            let something = || self.is_something() || ready();
            for _ in 0..u32::from(self.spin) * 8 {
                if something() {
                    break;
                }
                std::hint::spin_loop();
            }
            self.bell.sleep(Sleeper::Helper, left, something);
        };
        // The next helper comes only when this one has said that it is gone.
        drop(helper);
        drop(helping);
        in_time
    }
}

/// A thread of the user's that collects while it waits.
struct Helper<'a>(&'a Shared);

impl<'a> Helper<'a> {
    fn enter(shared: &'a Shared) -> Self {
        shared.bell.set_helper(true);
        Self(shared)
    }
}

impl Drop for Helper<'_> {
    fn drop(&mut self) {
        self.0.bell.set_helper(false);
        if self.0.is_something() {
            // What came while nobody was to be woken for it.
            self.0.bell.ring();
        }
    }
}

impl State {
    /// Takes all records of a worker.
    fn take_from(&mut self, at: usize, taken: &mut Vec<Taken>) {
        let mut record = Vec::new();
        if self.workers[at].child.was_left_behind() {
            // It answered another process, whose tasks may have had the numbers that ours have now.
            return;
        }
        loop {
            let worker = &mut self.workers[at];
            match worker.outbox.pop(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(_) => return worker.child.kill(Signal::KILL),
            }
            let Ok((message, bytes)) = wire::split::<FromWorker>(&record) else {
                return worker.child.kill(Signal::KILL);
            };
            match message {
                FromWorker::Part => worker.parts.extend_from_slice(bytes),
                FromWorker::Event => {
                    let mut event = std::mem::take(&mut worker.parts);
                    event.extend_from_slice(bytes);
                    taken.push(Taken::Event(event));
                }
                FromWorker::Need { length } => {
                    let length = usize::try_from(length).unwrap_or(usize::MAX);
                    let numbered = self.segments.take(length).ok();
                    let worker = &mut self.workers[at];
                    if worker.grant(numbered).is_err() {
                        worker.child.kill(Signal::KILL);
                    }
                }
                FromWorker::Done {
                    chunk,
                    nanoseconds,
                    outcome,
                    place,
                    descriptors,
                } => {
                    let found = worker.flights.iter().position(|f| f.chunk.number == chunk);
                    let flight = found.and_then(|found| worker.flights.remove(found));
                    let Some(flight) = flight else { continue };
                    worker.done += 1;
                    self.fruitless = 0;
                    if chunk != INITIALIZER {
                        #[allow(clippy::cast_precision_loss)] // an estimate
                        let took = nanoseconds as f64;
                        let pace = worker.pace.unwrap_or(took);
                        worker.pace = Some(pace.mul_add(0.75, took * 0.25).max(took * 0.5));
                    }
                    let mut granted = std::mem::take(&mut worker.granted);
                    let used = match place {
                        Place::Segment { segment, .. } => granted
                            .iter()
                            .position(|numbered| numbered.number == segment),
                        Place::Here => None,
                    };
                    let used = used.map(|used| granted.swap_remove(used));
                    for numbered in granted {
                        self.give_back(numbered);
                    }
                    let bytes = bytes.to_vec();
                    taken.push(Taken::Done(
                        flight.chunk,
                        outcome,
                        place,
                        used,
                        descriptors,
                        bytes,
                    ));
                }
            }
        }
        self.workers[at].outbox.wake_writer();
    }
}

fn view(segment: &Segment, length: u64) -> Option<&[u8]> {
    let length = usize::try_from(length)
        .ok()
        .filter(|length| *length <= segment.len())?;
    // SAFETY: the segment is as long; the worker has written the bytes and does not touch them after
    // it has said so.
    Some(unsafe { std::slice::from_raw_parts(segment.as_mut_ptr(), length) })
}

/// The arguments of a chunk while they are written: in a vector, or, if they are long, in a segment.
struct Writing<'a> {
    pool: &'a Shared,
    bytes: Vec<u8>,
    segment: Option<(Numbered, usize)>,
}

impl Writing<'_> {
    fn finish(self) -> Payload {
        match self.segment {
            Some((numbered, filled)) => Payload::Segment(numbered, filled as u64),
            None => Payload::Bytes(self.bytes),
        }
    }
}

impl Sink for Writing<'_> {
    fn expect(&mut self, length: usize) {
        let wanted = self.bytes.len() + length;
        if self.segment.is_some() || wanted <= INLINE {
            return;
        }
        let mut state = lock(&self.pool.state);
        if state.segments.in_use() < DIRECT
            && let Ok(numbered) = state.segments.take(wanted)
        {
            drop(state);
            let bytes = std::mem::take(&mut self.bytes);
            self.segment = Some((numbered, 0));
            self.put(&bytes);
        }
    }

    fn put(&mut self, bytes: &[u8]) {
        match &mut self.segment {
            Some((numbered, filled)) if numbered.segment.len() - *filled >= bytes.len() => {
                // SAFETY: there is room, and nobody else uses the segment now.
                unsafe {
                    std::ptr::copy_nonoverlapping(
                        bytes.as_ptr(),
                        numbered.segment.as_mut_ptr().add(*filled),
                        bytes.len(),
                    );
                }
                *filled += bytes.len();
            }
            Some((numbered, filled)) => {
                // It has turned out longer than was said: on in a vector.
                let written = view(&numbered.segment, *filled as u64).unwrap_or_default();
                self.bytes = [written, bytes].concat();
                if let Some((numbered, _)) = self.segment.take() {
                    lock(&self.pool.state).give_back(numbered);
                }
            }
            None => self.bytes.extend_from_slice(bytes),
        }
    }
}
