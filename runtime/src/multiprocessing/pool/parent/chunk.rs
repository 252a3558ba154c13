//! A chunk: some items for one function, which go to a worker together.

use std::os::fd::OwnedFd;
use std::sync::Arc;

use super::segments::Numbered;
use crate::multiprocessing::memory::ring::Ticket;
use crate::multiprocessing::memory::segment::Segment;
use crate::multiprocessing::pool::job::Job;

/// Some items for one function, and where their results go.
pub(in crate::multiprocessing::pool) struct Chunk {
    pub(in crate::multiprocessing::pool) number: u64,
    pub(in crate::multiprocessing::pool) function: u32,
    pub(in crate::multiprocessing::pool) cell: u32,
    pub(in crate::multiprocessing::pool) items: u32,
    pub(in crate::multiprocessing::pool) payload: Payload,
    pub(in crate::multiprocessing::pool) descriptors: Vec<Arc<OwnedFd>>,
    pub(in crate::multiprocessing::pool) job: Arc<dyn Job>,
    pub(in crate::multiprocessing::pool) index: usize,
}

/// The bytes of a chunk's arguments.
pub(in crate::multiprocessing::pool) enum Payload {
    Bytes(Vec<u8>),
    Segment(Numbered, u64),
}

/// A chunk that was given to a worker.
pub(in crate::multiprocessing::pool) struct DispatchedChunk {
    pub(in crate::multiprocessing::pool) chunk: Chunk,
    pub(in crate::multiprocessing::pool) ticket: Ticket,
}

/// The first bytes of a segment, if it has so many.
pub(in crate::multiprocessing::pool) fn view(segment: &Segment, length: u64) -> Option<&[u8]> {
    let length = usize::try_from(length)
        .ok()
        .filter(|length| *length <= segment.len())?;
    // SAFETY: the segment is as long; the worker has written the bytes and does not touch them after
    // it has said so.
    Some(unsafe { std::slice::from_raw_parts(segment.as_mut_ptr(), length) })
}
