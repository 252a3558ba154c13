//! What the session and the Python process say to each other, as heads of frames.

use miniserde::{Deserialize, Serialize};

/// The first one: where the cluster is.
#[derive(Serialize)]
pub(super) struct Connect {
    pub(super) op: &'static str,
    pub(super) address: String,
    /// How many workers to start on this machine; 0 for a cluster that is there.
    pub(super) local: usize,
    /// The files of the authority, of the certificate and of the key; empty without TLS.
    pub(super) tls: Vec<String>,
    /// What a worker's process needs to start.
    pub(super) libraries: Vec<String>,
}

/// What a function's number means; the bytes are its entries.
#[derive(Serialize)]
pub(super) struct Function {
    pub(super) op: &'static str,
    pub(super) function: u32,
    /// How Dask's dashboard calls its tasks.
    pub(super) name: String,
    pub(super) libraries: Vec<String>,
}

/// Some items for a function; the bytes are their arguments.
#[derive(Serialize)]
pub(super) struct Task {
    pub(super) op: &'static str,
    pub(super) id: u64,
    pub(super) function: u32,
    pub(super) shared: Vec<u64>,
    pub(super) priority: i32,
    pub(super) head: TaskHead,
    pub(super) initializer: Option<Initializer>,
}

/// What the worker's process is told of it.
#[derive(Clone, Serialize)]
pub(super) struct TaskHead {
    pub(super) op: &'static str,
    pub(super) function: u32,
    pub(super) cell: u32,
    pub(super) items: u32,
}

/// What each process does before its first task of a pool.
#[derive(Clone, Serialize)]
pub(super) struct Initializer {
    pub(super) pool: u64,
    pub(super) function: u32,
    pub(super) head: TaskHead,
    /// The arguments, in hexadecimal.
    pub(super) data: String,
}

/// A shared value, whose bytes come with it; or one that is not needed any more.
#[derive(Serialize)]
pub(super) struct Number {
    pub(super) op: &'static str,
    pub(super) number: u64,
}

/// Tasks that nobody waits for any more.
#[derive(Serialize)]
pub(super) struct Cancel {
    pub(super) op: &'static str,
    pub(super) tasks: Vec<u64>,
}

/// What comes back; which fields there are, `op` says.
#[derive(Deserialize)]
pub(super) struct FromPython {
    pub(super) op: String,
    pub(super) id: Option<u64>,
    pub(super) outcome: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) text: Option<String>,
    pub(super) workers: Option<u64>,
    pub(super) threads: Option<u64>,
    pub(super) dashboard: Option<String>,
    pub(super) address: Option<String>,
    pub(super) version: Option<String>,
}

/// How a worker's process has died.
#[derive(Deserialize)]
pub(super) struct Death {
    pub(super) pid: u32,
    /// The exit code, or the number of a signal below zero.
    pub(super) code: i32,
    pub(super) worker: String,
}
