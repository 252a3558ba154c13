//! What a timeline shows. All times are nanoseconds from its beginning.

use std::ops::Range;

/// Threads wake each other so fast that one may note that it goes on before the other one has noted that it wakes it.
pub(super) const SLACK: u64 = 50_000;

/// What threads did.
#[derive(Debug, Default)]
pub(crate) struct Picture {
    pub(super) lanes: Vec<Lane>,
    /// Who woke whom, in the order of time.
    pub(super) wakes: Vec<Wake>,
    /// The names of the locks that were held.
    pub(super) locks: Vec<String>,
    /// When the last of it ended.
    pub(super) end: u64,
    /// Threads that there was no room for.
    pub(super) more_threads: u64,
    /// Events that there was no room for.
    pub(super) more_events: u64,
}

/// A thread.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) label: String,
    pub(super) process: i32,
    pub(super) id: i32,
    /// When it lived, as far as is known.
    pub(super) time: Range<u64>,
    /// Where it was started.
    pub(super) started: Option<Place>,
    /// What it did, in order, without overlap.
    pub(super) segments: Vec<Segment>,
    pub(super) tasks: Vec<Range<u64>>,
    pub(super) holds: Vec<Hold>,
    pub(super) prints: Vec<Print>,
}

/// A line of a cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// `line 3`, or `cell [1] line 3` for another cell than that of the timeline.
    pub(super) shown: String,
    /// The user's text there.
    pub(super) line: String,
}

/// A time in which a thread did one thing.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub(super) state: State,
    pub(super) time: Range<u64>,
    /// What it did: `waits for a Lock`.
    pub(super) what: String,
    /// What it waited for, as the user calls it.
    pub(super) object: Option<String>,
    pub(super) place: Option<Place>,
    /// Which part of the time it had a processor, from 0 to 1, if it ran.
    pub(super) processor: f64,
    /// The lanes that held what it waited for, one after another.
    pub(super) held_by: Vec<usize>,
    /// The lane that ended the wait, and where.
    pub(super) woken_by: Option<(usize, Option<Place>)>,
}

/// What kind of thing a thread did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    Runs,
    WaitsForLock,
    WaitsForCondition,
    WaitsForMessage,
    WaitsForEvent,
    WaitsForEnd,
    Waits,
    Sleeps,
}

impl State {
    /// All of them, in the order of the legend.
    pub(super) const ALL: [Self; 8] = [
        Self::Runs,
        Self::WaitsForLock,
        Self::WaitsForCondition,
        Self::WaitsForMessage,
        Self::WaitsForEvent,
        Self::WaitsForEnd,
        Self::Waits,
        Self::Sleeps,
    ];

    /// In the legend.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::WaitsForLock => "waits for a lock",
            Self::WaitsForCondition => "waits on a condition",
            Self::WaitsForMessage => "waits for a message",
            Self::WaitsForEvent => "waits for an event",
            Self::WaitsForEnd => "waits for an end",
            Self::Waits => "waits",
            Self::Sleeps => "sleeps",
        }
    }

    /// As a class of the picture, and a category in Perfetto.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Runs => "run",
            Self::WaitsForLock => "lock",
            Self::WaitsForCondition => "condition",
            Self::WaitsForMessage => "message",
            Self::WaitsForEvent => "event",
            Self::WaitsForEnd => "end",
            Self::Waits => "wait",
            Self::Sleeps => "sleep",
        }
    }

    pub(super) fn is_wait(self) -> bool {
        !matches!(self, Self::Runs | Self::Sleeps)
    }
}

/// A time in which a thread held a lock.
#[derive(Debug, Clone)]
pub(super) struct Hold {
    /// Which one of [`Picture::locks`].
    pub(super) lock: usize,
    pub(super) time: Range<u64>,
}

/// A thread has printed something.
#[derive(Debug)]
pub(super) struct Print {
    pub(super) at: u64,
    pub(super) text: String,
    pub(super) place: Option<Place>,
}

/// A thread has woken another one.
#[derive(Debug)]
pub(super) struct Wake {
    /// The lane of the thread that woke, and when it did.
    pub(super) from: (usize, u64),
    /// The lane of the thread that was woken, and when it went on.
    pub(super) to: (usize, u64),
    /// The state that this ended.
    pub(super) state: State,
    /// The lock, if it was one that is known.
    pub(super) lock: Option<usize>,
}

impl Segment {
    pub(super) fn length(&self) -> u64 {
        self.time.end - self.time.start
    }
}
