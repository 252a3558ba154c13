//! A connection to a cluster: the Python process that speaks with Dask, and the tasks that are on their way.
//!
//! | file | what it is |
//! |---|---|
//! | `start` | starts the Python process and waits until it is connected |
//! | `messages` | what the two say to each other |
//! | `task` | what a task is made with |
//! | `state` | the tasks that have been sent, and the calls whose items have not all been |
//! | `spread` | how many items go together |
//! | `submit` | the session's side: tasks, shared values, what nobody waits for any more |
//! | `reader` | what comes back |
//!
//! Whoever sends takes the mutex of the socket first, and that of the state then: so a function is told before the first
//! task that needs it.

mod messages;
mod reader;
mod spread;
mod start;
mod state;
mod submit;
mod task;

use std::os::unix::net::UnixStream;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, Weak};
use std::time::Duration;

use miniserde::Serialize;

use super::frame;
use crate::multiprocessing::pool::error::PoolError;
use crate::sync::lock_std;
use crate::wait::{Deadline, WaitSet, Wanted};
pub(super) use start::Address;
pub(super) use state::Counts;
use state::State;
pub(super) use task::{Initializer, Settings, Task};

/// All connections of this process.
static ALL: RwLock<Vec<Weak<Connection>>> = RwLock::new(Vec::new());

/// A connection to a cluster.
pub(super) struct Connection {
    socket: Mutex<UnixStream>,
    state: Mutex<State>,
    changed: WaitSet,
}

impl Connection {
    fn state(&self) -> MutexGuard<'_, State> {
        lock_std(&self.state)
    }

    /// How many workers there are, and threads of theirs.
    pub(super) fn counts(&self) -> Counts {
        self.state().counts.clone()
    }

    /// How many tasks run at the same time.
    pub(super) fn threads(&self) -> usize {
        self.state().counts.threads
    }

    /// Waits until there are so many workers, for at most this long; whether there are.
    pub(super) fn wait_for_workers(&self, workers: usize, timeout: Duration) -> bool {
        let enough = || self.state().counts.workers >= workers;
        let mut over = || enough() || self.lost().is_some();
        self.changed
            .wait_until(Wanted::Process, Deadline::after(timeout), &mut over);
        enough()
    }

    /// Waits until a pool has no tasks that are not done.
    pub(super) fn wait_for_tasks(&self, pool: u64) {
        let mut none = || !self.state().has_tasks_of(pool);
        self.changed
            .wait_until(Wanted::Future, Deadline::NEVER, &mut none);
    }

    /// Why it is of no use any more.
    pub(super) fn lost(&self) -> Option<PoolError> {
        self.state().lost.clone()
    }

    /// Sends one message.
    fn tell(&self, message: &impl Serialize, bytes: &[u8]) {
        // If the other side is gone, the reader sees it.
        let _ = frame::write(&mut lock_std(&self.socket), message, bytes);
    }

    /// From now on it is of no use, for this reason unless there was one before.
    fn lose(&self, reason: &str) {
        let mut state = self.state();
        let lost = || PoolError::ClusterLost(reason.into());
        let error = state.lost.get_or_insert_with(lost).clone();
        let failed = state.take_all();
        drop(state);
        for failed in failed {
            failed.fail(error.clone());
        }
        self.changed.wake_all();
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // The Python process ends at the end of the stream.
        let _ = lock_std(&self.socket).shutdown(std::net::Shutdown::Write);
    }
}

/// Whether a cluster is to answer.
pub(crate) fn is_awaited() -> bool {
    let all = ALL.read().unwrap_or_else(PoisonError::into_inner);
    let mut all = all.iter().filter_map(Weak::upgrade);
    all.any(|connection| connection.state().is_awaited())
}

/// This process is the copy of one that has died. The connections were that one's.
pub(in crate::multiprocessing) fn after_resuming() {
    let all = ALL.read().unwrap_or_else(PoisonError::into_inner);
    for connection in all.iter().filter_map(Weak::upgrade) {
        connection.lose("the session has gone back to a time before this was done");
        let _ = lock_std(&connection.socket).shutdown(std::net::Shutdown::Both);
    }
}
