//! What a thread does, for reports.

use serde::{Deserialize, Serialize};

use super::place::Frame;

/// What the threads of the process do at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessReport {
    /// All threads of the user's, that which runs the cells first.
    pub threads: Vec<ThreadReport>,
    /// The locks that they have waited for.
    pub locks: Vec<LockReport>,
    /// What `/proc/self/maps` says.
    pub maps: String,
}

/// A thread, and what it does at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadReport {
    /// The system's number for it.
    pub id: i32,
    /// Its name, empty if it has none of its own; `None` for the one that runs the cells.
    pub name: Option<String>,
    /// The cell that it belongs to.
    pub cell: u32,
    /// Whether the end of the process does not wait for it.
    pub is_daemon: bool,
    /// What it does.
    pub activity: Activity,
    /// The addresses of the calls that it is in, the innermost first.
    pub frames: Vec<u64>,
}

/// What a thread does at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Activity {
    /// It computes, or is about to.
    Computes,
    /// It sleeps for a time.
    Sleeps,
    /// It waits for other threads.
    Waits {
        /// For what, if that is the runtime's: `a Lock`.
        wanted: Option<String>,
        /// The address of what it waits for.
        object: u64,
        /// The thread that holds that, if it is known.
        holder: Option<i32>,
    },
    /// It is in another call of the system's: it reads, say, or waits for a connection.
    InSystemCall,
}

/// A lock that threads have waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockReport {
    /// What it is: `a Lock`.
    pub kind: String,
    /// Where it was waited for first: the calls of functions of cells, the innermost first.
    pub frames: Vec<Frame>,
    /// How often it was taken since.
    pub taken: u64,
    /// How often a thread has waited for it.
    pub waits: u64,
    /// How long all have waited together, in nanoseconds.
    pub total: u64,
    /// The longest of these waits.
    pub longest: u64,
}
