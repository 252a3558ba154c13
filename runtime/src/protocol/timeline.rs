//! What threads have done while a cell ran under `%%timeline`.

use serde::{Deserialize, Serialize};

/// What was recorded of a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The process's number.
    pub process: i32,
    /// What `/proc/self/maps` says, if it has not been told before or is not the same any more.
    pub maps: Option<String>,
    /// The threads of which something was recorded.
    pub threads: Vec<RecordedThread>,
    /// How many threads there was no room for.
    pub more_threads: u64,
    /// From when to when it was recorded, in nanoseconds of the system's monotonic clock, which is that of all processes.
    pub time: (u64, u64),
}

/// What was recorded of a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedThread {
    /// The system's number for it.
    pub id: i32,
    /// Its `pthread_t`.
    pub handle: u64,
    /// Its name, empty if it has none of its own; `None` for the first one of the process.
    pub name: Option<String>,
    /// The cell that it belongs to; 0 if that is not known.
    pub cell: u32,
    /// What it did, in order.
    pub events: Vec<ThreadEvent>,
    /// How many events there was no room for.
    pub more_events: u64,
}

/// Something that a thread did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadEvent {
    /// When, in nanoseconds.
    pub time: u64,
    /// How much of a processor's time the thread had had by then, in nanoseconds; 0 if that was not asked.
    pub processor: u64,
    /// What.
    pub action: Action,
    /// The addresses of the calls that it was in, the innermost first.
    pub frames: Vec<u64>,
}

/// What a thread does at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// It begins.
    Begins,
    /// It ends.
    Ends,
    /// It has started the thread of this `pthread_t`.
    Starts(u64),
    /// It begins to wait on a futex at this address.
    WaitsOnFutex(u64),
    /// It begins to wait for this kind of thing of the runtime's: `a Lock`.
    WaitsFor {
        /// The kind.
        kind: String,
        /// Its address.
        object: u64,
    },
    /// It begins to wait for the end of the thread of this `pthread_t`.
    WaitsForThread(u64),
    /// It begins to sleep for this many nanoseconds.
    Sleeps(u64),
    /// It goes on after a wait or a sleep.
    GoesOn,
    /// It wakes threads that wait there.
    Wakes {
        /// The address.
        object: u64,
        /// How many.
        count: u32,
    },
    /// It has taken a lock of the runtime's, at this address.
    Takes(u64),
    /// It lets go of that.
    Releases(u64),
    /// It begins with a task of a pool.
    BeginsTask,
    /// It has done the task.
    EndsTask,
    /// It prints a text, which begins so.
    Prints(String),
}
