//! Starting workers, and what happens when one has ended.

use std::io;
use std::os::fd::AsFd;
use std::sync::{Arc, Weak};

use rustix::process::Signal;

use super::chunk::{Chunk, Payload};
use super::shared::Shared;
use super::state::Phase;
use super::worker_handle::WorkerHandle;
use crate::multiprocessing::children::child::Attempt;
use crate::multiprocessing::children::exit::Exit;
use crate::multiprocessing::children::watched::Watch;
use crate::multiprocessing::memory::ring::{Reader, Writer, size_of_ring};
use crate::multiprocessing::memory::segment::Segment;
use crate::multiprocessing::pool::error::PoolError;
use crate::multiprocessing::pool::job::{Deferred, Job};
use crate::multiprocessing::pool::wire::{INBOX, INITIALIZER, Letter, OUTBOX, RINGS, ToWorker};
use crate::multiprocessing::pool::worker;
use crate::multiprocessing::transport::descriptors::Parcel;
use crate::multiprocessing::transport::packet::Packet;
use crate::process::output;
use crate::sync::lock_std;

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
            lock_std(&pool.arrived).insert(chunk, packet.descriptors);
            pool.came.wake_all();
        }
    }

    fn ended(&self, exit: Exit) {
        if let Some(pool) = self.pool.upgrade() {
            lock_std(&pool.deaths).push((self.serial, exit));
            // All workers die at once when this process is a copy that goes on.
            pool.doorbell.ring_all();
        }
    }
}

/// The initializer's result.
struct Initialized(Weak<Shared>);

impl Job for Initialized {
    fn done(&self, _: usize, _: u32, result: Result<&[u8], PoolError>) -> Option<Deferred> {
        let (pool, error) = (self.0.upgrade()?, result.err()?);
        if !matches!(error, PoolError::Terminated) {
            pool.break_with(&PoolError::Initializer(Arc::new(error)));
        }
        None
    }
}

impl Shared {
    /// Starts a worker that the [`PoolState`](super::state::PoolState) wants.
    pub(in crate::multiprocessing::pool) fn start_worker(
        self: &Arc<Self>,
    ) -> Result<(), PoolError> {
        // With memory of its own each time: what another process's worker has used is not as it was.
        let made = Attempt::repeat(|attempt| self.make_worker(attempt));
        let mut state = lock_std(&self.state);
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
                cell: output::current_target(),
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
            lock_std(&self.deaths).push((serial, exit));
            self.doorbell.ring_all();
        }
        Ok(())
    }

    fn make_worker(self: &Arc<Self>, attempt: Attempt) -> io::Result<WorkerHandle> {
        let rings = Segment::new(RINGS)?;
        let serial = {
            let mut state = lock_std(&self.state);
            state.next_chunk += 1;
            state.next_chunk
        };
        let parcel = Parcel {
            bytes: vec![self.spin],
            descriptors: vec![
                Arc::new(rings.as_fd().try_clone_to_owned()?),
                Arc::new(self.doorbell.segment().as_fd().try_clone_to_owned()?),
            ],
        };
        // SAFETY: this memory is made for the two rings, whose other sides the worker uses.
        let (inbox, outbox) = unsafe {
            let second = rings.as_mut_ptr().add(size_of_ring(INBOX));
            (
                Writer::new(rings.as_mut_ptr(), INBOX),
                Reader::new(second, OUTBOX),
            )
        };
        let pool = Arc::downgrade(self);
        let watch = Arc::new(Watcher { pool, serial });
        Ok(WorkerHandle {
            serial,
            child: attempt.spawn(worker::main, &parcel, watch)?,
            inbox,
            outbox,
            _rings: rings,
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

    /// A worker has ended: its task fails, the tasks behind go to others, another one takes its place.
    pub(in crate::multiprocessing::pool) fn handle_death(
        self: &Arc<Self>,
        serial: u64,
        exit: Exit,
    ) -> Vec<Deferred> {
        let mut state = lock_std(&self.state);
        let Some(at) = state.workers.iter().position(|w| w.serial == serial) else {
            return Vec::new();
        };
        let mut worker = state.workers.swap_remove(at);
        for numbered in std::mem::take(&mut worker.granted) {
            state.give_back(numbered);
        }
        let (mut begun, waiting) = worker.split_dispatched();
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
            state = lock_std(&self.state);
        }
        drop(state);
        for (chunk, error) in hopeless {
            later.extend(chunk.job.done(chunk.index, chunk.items, Err(error)));
        }
        later
    }

    /// Starts workers for those that have ended, ends the pool when all is done, and gives out tasks.
    pub(in crate::multiprocessing::pool) fn dispatch_again(
        self: &Arc<Self>,
    ) -> Vec<(Chunk, PoolError)> {
        let mut failed = Vec::new();
        loop {
            let mut state = lock_std(&self.state);
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
                    *lock_std(&self.finished) = true;
                    self.finish.wake_all();
                    self.doorbell.ring();
                }
                return failed;
            }
            drop(state);
            if self.start_worker().is_err() {
                failed.extend(lock_std(&self.state).hopeless());
            }
        }
    }

    /// The workers are no good: they end, and all that waits fails with this. The next task is for others.
    fn break_with(&self, error: &PoolError) {
        let mut state = lock_std(&self.state);
        state.note_failure(error);
        let mut chunks: Vec<_> = std::mem::take(&mut state.queue).into();
        for worker in &mut state.workers {
            let (begun, waiting) = worker.split_dispatched();
            chunks.extend(begun.into_iter().chain(waiting));
            worker.retiring = true;
            worker.child.kill(Signal::KILL);
        }
        drop(state);
        chunks.retain(|chunk| chunk.number != INITIALIZER);
        let failed = chunks.into_iter().map(|chunk| (chunk, error.clone()));
        self.fail(failed.collect());
    }
}
