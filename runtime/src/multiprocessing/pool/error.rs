//! What can go wrong with a pool and its tasks.

use std::fmt;
use std::io;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::multiprocessing::children::exit::Exit;
use crate::multiprocessing::children::function::CAPTURES;
use crate::multiprocessing::transport::descriptors::CodecError;

/// Why a pool could not be made, or a task gave no result.
#[derive(Clone, Error)]
#[non_exhaustive]
pub enum PoolError {
    /// A pool needs a worker. Python: `ValueError`.
    #[error("the number of processes must be at least 1")]
    NoProcesses,
    /// A chunk needs an item, and a worker a task. Python: `ValueError`.
    #[error("{0} must be at least 1")]
    Zero(&'static str),
    /// The pool was closed or terminated before the task was given to it. Python: `ValueError`.
    #[error("the pool is not running: it was closed or terminated")]
    NotRunning,
    /// `join` was called on an open pool. Python: `ValueError`.
    #[error("the pool is still running: call close() or terminate() before join()")]
    StillRunning,
    /// The pool was terminated, or dropped, before the task was done.
    #[error("the pool was terminated before the task was done")]
    Terminated,
    /// The task panicked.
    #[error("{0}")]
    Panicked(Arc<TaskPanic>),
    /// The worker ended while it ran the task; another one has taken its place.
    #[error("the worker process {pid} died while it ran the task: {exit}")]
    WorkerDied {
        /// The worker's process id.
        pid: u32,
        /// How it ended.
        exit: Exit,
    },
    /// The process on a cluster that ran the task has ended: it crashed, or the task called `exit`. Another one has taken
    /// its place, and the task is not tried again.
    #[error("the worker process {pid} on {worker} died while it ran the task: {exit}")]
    DiedOnCluster {
        /// Dask's address of the worker.
        worker: String,
        /// The process id there.
        pid: u32,
        /// How it ended.
        exit: Exit,
    },
    /// Machine after machine has died while it had the task, so that it was given up.
    #[error("the task was given up, since one machine after another died that had it: {0}")]
    MachineDied(String),
    /// A machine of the cluster cannot run the function: it has other processors, an older C library, a full disk.
    #[error("the cluster cannot run the function: {0}")]
    CannotRun(String),
    /// The cluster is gone, or the connection to it; or the session has gone back to a time before the call.
    #[error("the cluster is lost: {0}")]
    ClusterLost(Arc<str>),
    /// The function is nowhere that a worker could load it from.
    #[error("the function cannot be loaded by a worker: {0}")]
    Function(CodecError),
    /// The arguments could not be turned into bytes.
    #[error("the arguments cannot be sent to a worker: {0}")]
    Arguments(CodecError),
    /// The result could not be turned into bytes, or back. Python: `MaybeEncodingError`.
    #[error("the result cannot be sent back from the worker: {0}")]
    Result(CodecError),
    /// The function is a closure that captures something.
    #[error("{CAPTURES}")]
    Captures,
    /// The initializer failed in a worker. The next call starts other workers.
    #[error("the initializer of the pool failed: {0}")]
    Initializer(Arc<Self>),
    /// The operating system gave no process, or no memory to share, just now. The next call tries again.
    #[error("cannot start a worker process: {0}")]
    Start(Arc<io::Error>),
    /// The result did not come in time. The task goes on. Python: `multiprocessing.TimeoutError`.
    #[error("the result is not there after the timeout")]
    TimedOut,
    /// `get` has given the result to somebody.
    #[error("the result has been taken already")]
    ResultTaken,
}

debug_is_display!(PoolError);

/// A panic of a task, as it was in the worker.
#[derive(Clone, Serialize, Deserialize)]
pub struct TaskPanic {
    pub(super) pid: u32,
    pub(super) message: String,
    pub(super) location: Option<String>,
    pub(super) backtrace: String,
    pub(super) host: Option<String>,
}

impl TaskPanic {
    /// Of a task that ran in this process, a worker.
    pub(super) fn of_worker(panic: &crate::threading::ThreadPanic) -> Self {
        Self {
            backtrace: panic.backtrace().unwrap_or_default().to_owned(),
            host: crate::process::role::is_remote().then(crate::process::role::host_name),
            ..Self::of_thread(panic)
        }
    }

    /// Of a task that ran on a thread of this process.
    pub(crate) fn of_thread(panic: &crate::threading::ThreadPanic) -> Self {
        Self {
            pid: std::process::id(),
            message: panic.message().to_owned(),
            location: panic.location().map(str::to_owned),
            backtrace: String::new(),
            host: None,
        }
    }

    /// What the panic said.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where it happened, as `file:line:column`.
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// The functions that were being called, the innermost first, without those of the runtime; a
    /// line each.
    pub fn backtrace(&self) -> &str {
        &self.backtrace
    }

    /// The machine of the worker, if it is one of a cluster.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// The process id of the worker, which goes on with other tasks.
    pub fn pid(&self) -> u32 {
        self.pid
    }
}

impl fmt::Display for TaskPanic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the task panicked")?;
        if let Some(location) = &self.location {
            write!(f, " at {location}")?;
        }
        write!(f, ": {} (in worker process {}", self.message, self.pid)?;
        if let Some(host) = &self.host {
            write!(f, " on {host}")?;
        }
        f.write_str(")")?;
        for line in self.backtrace.lines() {
            write!(f, "\n  in {line}")?;
        }
        Ok(())
    }
}

debug_is_display!(TaskPanic);
