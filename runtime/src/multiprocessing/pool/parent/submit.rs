//! Giving chunks of items to a pool.

use std::sync::Arc;

use super::chunk::{Chunk, Payload, view};
use super::segments::Numbered;
use super::shared::Shared;
use super::state::Phase;
use crate::multiprocessing::pool::error::PoolError;
use crate::multiprocessing::pool::job::Job;
use crate::multiprocessing::pool::task::Target;
use crate::multiprocessing::pool::wire::INLINE;
use crate::multiprocessing::transport::codec::Sink;
use crate::multiprocessing::transport::descriptors::{self, CodecError};
use crate::process::output;
use crate::sync::lock_std;

/// Long arguments go straight into segments while no more than this many are in use.
const DIRECT: usize = 32;

impl Shared {
    /// Gives a chunk of items to the pool, of an index among those of its call; `encode` writes them.
    pub(in crate::multiprocessing::pool) fn submit(
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
        let mut state = lock_std(&self.state);
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
            cell: output::current_target(),
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
            self.fail(self.dispatch_again());
        }
        Ok(())
    }
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
        let mut state = lock_std(&self.pool.state);
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
                    lock_std(&self.pool.state).give_back(numbered);
                }
            }
            None => self.bytes.extend_from_slice(bytes),
        }
    }
}
