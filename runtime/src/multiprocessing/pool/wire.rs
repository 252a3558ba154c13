//! What host and workers say to each other through the rings: a head in postcard, and bytes.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::PoolError;
use crate::multiprocessing::children::entry::Entry;
use crate::multiprocessing::memory::ring::{Broken, size_of_ring};
use crate::multiprocessing::transport::descriptors::CodecError;

/// The bytes of the ring to the worker, and of the one back.
pub(super) const INBOX: usize = 64 << 10;
pub(super) const OUTBOX: usize = 256 << 10;
/// How much memory both take.
pub(super) const RINGS: usize = size_of_ring(INBOX) + size_of_ring(OUTBOX);
/// Bytes above this go in a segment.
pub(super) const INLINE: usize = 12 << 10;
/// Output above this is cut into several records.
pub(super) const PIECE: usize = 48 << 10;

/// The number of the task that is the pool's initializer.
pub(super) const INITIALIZER: u64 = 0;

/// To a worker.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ToWorker {
    /// What a function's number means.
    Define {
        function: u32,
        shim: Entry,
        callee: Option<Entry>,
    },
    /// Call the function with each item.
    Task {
        chunk: u64,
        function: u32,
        cell: u32,
        items: u32,
        place: Place,
        /// Whether descriptors come with it, over the link.
        descriptors: bool,
        /// Whether it is recorded what the worker's threads do meanwhile.
        recorded: bool,
    },
    /// The segment is not used again.
    Forget { segment: u32 },
    /// End, after all that came before.
    Exit,
}

/// To the host.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum FromWorker {
    /// A chunk is done; the bytes are its results, or what went wrong.
    Done {
        chunk: u64,
        nanoseconds: u64,
        outcome: Outcome,
        place: Place,
        descriptors: bool,
    },
    /// The bytes are an event for the kernel, or the last part of one.
    Event,
    /// The bytes are a part of an event, of which more follows at once.
    Part,
    /// The worker waits for a segment for a result of this length.
    Need { length: u64 },
}

/// Where bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Place {
    /// Behind the head.
    Here,
    /// At the beginning of a segment.
    Segment { segment: u32, length: u64 },
}

/// How a chunk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::multiprocessing) enum Outcome {
    /// With results.
    Completed,
    /// In a panic: the bytes are a `TaskPanic`.
    Panicked,
    /// The function could not be loaded: the bytes are text.
    BadFunction,
    /// The arguments could not be read: the bytes are text.
    BadArguments,
    /// The results could not be written: the bytes are text.
    BadResult,
}

impl Outcome {
    /// A number for it.
    pub(in crate::multiprocessing) fn code(self) -> u8 {
        self as u8
    }

    /// The one of this number.
    pub(in crate::multiprocessing) fn of_code(code: u8) -> Option<Self> {
        let all = [
            Self::Completed,
            Self::Panicked,
            Self::BadFunction,
            Self::BadArguments,
            Self::BadResult,
        ];
        all.into_iter().find(|outcome| outcome.code() == code)
    }

    /// What came with it: the bytes of results, or why there are none.
    pub(in crate::multiprocessing) fn result(self, bytes: &[u8]) -> Result<&[u8], PoolError> {
        let text = || CodecError::new(String::from_utf8_lossy(bytes));
        match self {
            Self::Completed => Ok(bytes),
            Self::BadFunction => Err(PoolError::Function(text())),
            Self::BadArguments => Err(PoolError::Arguments(text())),
            Self::BadResult => Err(PoolError::Result(text())),
            Self::Panicked => Err(match postcard::from_bytes(bytes) {
                Ok(panic) => PoolError::Panicked(Arc::new(panic)),
                Err(error) => PoolError::Result(CodecError::new(error)),
            }),
        }
    }
}

/// What comes over the link, beside descriptors.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Letter {
    /// The descriptor of a segment.
    Segment { segment: u32 },
    /// The descriptors of a chunk's arguments, or of its results.
    Chunk { chunk: u64 },
    /// The answer to `Need`, after the segment's descriptor if that was new; none if there is none.
    Granted { segment: Option<u32> },
}

/// A head's bytes.
pub(in crate::multiprocessing) fn head<T: Serialize>(head: &T) -> Vec<u8> {
    // Writing plain data into a vector does not fail.
    postcard::to_stdvec(head).unwrap_or_default()
}

/// A record's head, and the rest.
pub(super) fn split<T: DeserializeOwned>(record: &[u8]) -> Result<(T, &[u8]), Broken> {
    postcard::take_from_bytes(record).map_err(|_| Broken)
}
