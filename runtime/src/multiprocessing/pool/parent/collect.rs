//! Collecting: taking what the workers have said, and handing it to whom it is for.

use std::os::fd::OwnedFd;
use std::sync::Arc;

use rustix::process::Signal;

use super::chunk::{Chunk, Payload, view};
use super::segments::Numbered;
use super::shared::Shared;
use super::state::PoolState;
use crate::multiprocessing::pool::error::PoolError;
use crate::multiprocessing::pool::job::Deferred;
use crate::multiprocessing::pool::wire::{self, FromWorker, INITIALIZER, Outcome, Place};
use crate::multiprocessing::transport::descriptors::{self, CodecError};
use crate::process::output;
use crate::protocol::Event;
use crate::sync::lock_std;
use crate::wait::{Deadline, Wanted};

/// What was taken from the workers' rings.
enum Taken {
    Event(Vec<u8>),
    Done(Chunk, Outcome, Place, Option<Numbered>, bool, Vec<u8>),
}

impl Shared {
    /// Takes what the workers have to say, until they have nothing more.
    pub(in crate::multiprocessing::pool) fn collect(self: &Arc<Self>) {
        loop {
            let mut later = Vec::new();
            let any = {
                let _one = lock_std(&self.collecting);
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

    fn collect_once(self: &Arc<Self>, later: &mut Vec<Deferred>) -> bool {
        let deaths = std::mem::take(&mut *lock_std(&self.deaths));
        let mut taken = Vec::new();
        let mut failed = Vec::new();
        {
            let mut state = lock_std(&self.state);
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
            later.extend(self.handle_death(serial, exit));
        }
        for (chunk, error) in failed {
            later.extend(chunk.job.done(chunk.index, chunk.items, Err(error)));
        }
        if any {
            let failed = self.dispatch_again();
            for (chunk, error) in failed {
                later.extend(chunk.job.done(chunk.index, chunk.items, Err(error)));
            }
        }
        any
    }

    /// Hands a result to its job, or an event to the kernel.
    fn deliver(&self, taken: Taken) -> Option<Deferred> {
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
        let result = match bytes {
            None => Err(PoolError::Result(CodecError::new(
                "the worker gave a wrong place for it",
            ))),
            Some(bytes) => outcome.result(bytes),
        };
        let carried = match descriptors {
            true => self.wait_for_descriptors(chunk.number),
            false => Vec::new(),
        };
        let later =
            descriptors::supplying(carried, || chunk.job.done(chunk.index, chunk.items, result));
        let mut state = lock_std(&self.state);
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
            found = lock_std(&self.arrived).remove(&chunk);
            found.is_some()
        };
        let soon = Deadline::after(std::time::Duration::from_secs(10));
        self.came.wait_until(Wanted::Process, soon, &mut there);
        found.unwrap_or_default()
    }
}

impl PoolState {
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
                        // An estimate.
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
