//! What the parent knows of a worker, and what it says to it.

use std::collections::{HashSet, VecDeque};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

use super::chunk::{Chunk, DispatchedChunk, Payload};
use super::segments::{Numbered, Segments};
use crate::multiprocessing::children::child::Child;
use crate::multiprocessing::memory::ring::{Reader, Writer};
use crate::multiprocessing::memory::segment::Segment;
use crate::multiprocessing::pool::error::PoolError;
use crate::multiprocessing::pool::task::Target;
use crate::multiprocessing::pool::wire::{self, INLINE, Letter, Place, ToWorker};
use crate::timeline;

/// A worker.
pub(in crate::multiprocessing::pool) struct WorkerHandle {
    pub(in crate::multiprocessing::pool) serial: u64,
    pub(in crate::multiprocessing::pool) child: Child,
    pub(in crate::multiprocessing::pool) inbox: Writer,
    pub(in crate::multiprocessing::pool) outbox: Reader,
    /// Kept mapped: both rings are in it.
    pub(in crate::multiprocessing::pool) _rings: Segment,
    pub(in crate::multiprocessing::pool) flights: VecDeque<DispatchedChunk>,
    pub(in crate::multiprocessing::pool) known_functions: HashSet<u32>,
    pub(in crate::multiprocessing::pool) known_segments: HashSet<u32>,
    /// What has come of an event so far.
    pub(in crate::multiprocessing::pool) parts: Vec<u8>,
    /// A segment that was granted for a result.
    pub(in crate::multiprocessing::pool) granted: Vec<Numbered>,
    /// How long its last tasks took, in nanoseconds; none before the first.
    pub(in crate::multiprocessing::pool) pace: Option<f64>,
    pub(in crate::multiprocessing::pool) given: usize,
    pub(in crate::multiprocessing::pool) done: usize,
    /// It has been told to end.
    pub(in crate::multiprocessing::pool) retiring: bool,
}

impl WorkerHandle {
    /// How many chunks it may have: a short task is worth less than the way to the host and back.
    pub(in crate::multiprocessing::pool) fn limit(&self) -> usize {
        match self.pace {
            Some(pace) if pace < 50_000.0 => 32,
            Some(pace) if pace < 300_000.0 => 4,
            _ => 1,
        }
    }

    /// Whether it may be given tasks.
    pub(in crate::multiprocessing::pool) fn takes_tasks(&self) -> bool {
        !self.retiring && !self.child.was_left_behind()
    }

    /// Whether there is something to take from it.
    pub(in crate::multiprocessing::pool) fn has_said_something(&self) -> bool {
        self.outbox.has_some() && !self.child.was_left_behind()
    }

    fn send(&self, letter: &Letter, descriptors: &[BorrowedFd<'_>]) -> io::Result<()> {
        self.child.send(&wire::head(letter), descriptors)
    }

    /// Makes a segment known to the worker.
    pub(in crate::multiprocessing::pool) fn introduce(
        &mut self,
        numbered: &Numbered,
    ) -> io::Result<()> {
        if self.known_segments.insert(numbered.number) {
            let letter = Letter::Segment {
                segment: numbered.number,
            };
            self.send(&letter, &[numbered.segment.as_fd()])?;
        }
        Ok(())
    }

    /// Answers [`wire::FromWorker::Need`].
    pub(in crate::multiprocessing::pool) fn grant(
        &mut self,
        numbered: Option<Numbered>,
    ) -> io::Result<()> {
        if let Some(numbered) = &numbered {
            self.introduce(numbered)?;
        }
        let segment = numbered.as_ref().map(|numbered| numbered.number);
        self.granted.extend(numbered);
        self.send(&Letter::Granted { segment }, &[])
    }

    pub(in crate::multiprocessing::pool) fn push(&mut self, message: &ToWorker) -> bool {
        let pushed = self.inbox.push(&[&wire::head(message)]).is_some();
        self.inbox.wake_reader();
        pushed
    }

    /// Splits what the worker had into the chunk that it ran, and those that it had not begun with.
    pub(in crate::multiprocessing::pool) fn split_dispatched(
        &mut self,
    ) -> (Vec<Chunk>, Vec<Chunk>) {
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
    pub(in crate::multiprocessing::pool) fn recall(
        &mut self,
        which: impl Fn(&Chunk) -> bool,
    ) -> Vec<Chunk> {
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
    pub(in crate::multiprocessing::pool) fn running(&self) -> Option<&Chunk> {
        let mut flights = self.flights.iter().rev();
        let begun = flights.find(|flight| self.inbox.has_begun(flight.ticket));
        begun.map(|flight| &flight.chunk)
    }
}

/// A chunk that a worker could not be given; with the reason, if nobody can have it.
pub(in crate::multiprocessing::pool) type Kept = (Chunk, Option<PoolError>);

/// Gives a chunk to a worker. It comes back if the worker has no room, or with the reason why nobody
/// can have it.
pub(in crate::multiprocessing::pool) fn give(
    worker: &mut WorkerHandle,
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
        recorded: timeline::is_on(),
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
    worker.flights.push_back(DispatchedChunk { chunk, ticket });
    Ok(())
}
