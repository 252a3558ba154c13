//! What host and workers say to each other through the rings: a head in postcard, and bytes.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::multiprocessing::children::entry::Entry;
use crate::multiprocessing::memory::ring::{Broken, size_of_ring};

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
pub(super) enum Outcome {
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
pub(super) fn head<T: Serialize>(head: &T) -> Vec<u8> {
    // Writing plain data into a vector does not fail.
    postcard::to_stdvec(head).unwrap_or_default()
}

/// A record's head, and the rest.
pub(super) fn split<T: DeserializeOwned>(record: &[u8]) -> Result<(T, &[u8]), Broken> {
    postcard::take_from_bytes(record).map_err(|_| Broken)
}
