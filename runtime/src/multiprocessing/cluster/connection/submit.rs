//! What the session asks a cluster for.

use std::ops::Range;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;

use super::Connection;
use super::messages::{self, TaskHead};
use super::spread::Spread;
use super::state::State;
use super::task::{Sent, Task};
use crate::multiprocessing::cluster::shared::Stored;
use crate::multiprocessing::cluster::{frame, libraries};
use crate::multiprocessing::pool::backend::count;
use crate::multiprocessing::pool::error::PoolError;
use crate::multiprocessing::pool::job::{CallId, Job};
use crate::multiprocessing::pool::task::Target;
use crate::multiprocessing::pool::wire;
use crate::sync::lock_std;

/// Messages that are to be sent, in their order.
struct Outgoing<'a> {
    socket: &'a mut UnixStream,
    failed: Vec<(Sent, PoolError)>,
}

impl Connection {
    /// Sends some items for a function.
    pub(in crate::multiprocessing::cluster) fn send(
        &self,
        task: &Task,
        items: Range<usize>,
        job: &Arc<dyn Job>,
        bytes: &[u8],
    ) {
        let sent = task.sent(items, job.clone());
        let mut socket = lock_std(&self.socket);
        let mut out = Outgoing::new(&mut socket);
        let mut state = self.state();
        match state.lost.clone() {
            Some(error) => out.failed.push((sent, error)),
            None => out.task(&mut state, task, sent, bytes),
        }
        drop(state);
        let failed = out.failed;
        drop(socket);
        fail(failed);
    }

    /// Takes all items of a call, to be sent in chunks of a size that is found out on the way.
    pub(in crate::multiprocessing::cluster) fn spread(
        &self,
        task: Task,
        job: &Arc<dyn Job>,
        bytes: Vec<u8>,
        ends: Vec<usize>,
    ) {
        let spread = Spread::new(task, job.clone(), bytes, ends);
        let mut state = self.state();
        if let Some(error) = state.lost.clone() {
            drop(state);
            return spread.rest().fail(error);
        }
        state.spreading.push(spread);
        drop(state);
        self.feed();
    }

    /// Sends what it is time for.
    pub(super) fn feed(&self) {
        if self.state().spreading.is_empty() {
            return; // without waiting for who writes
        }
        let mut socket = lock_std(&self.socket);
        let mut out = Outgoing::new(&mut socket);
        let mut state = self.state();
        let threads = state.counts.threads;
        let mut spreading = std::mem::take(&mut state.spreading);
        for spread in &mut spreading {
            let pace = state.pace.get(&spread.task.target).copied();
            while let Some((items, bytes)) = spread.next(threads, pace) {
                let sent = spread.task.sent(items, spread.job.clone());
                out.task(&mut state, &spread.task, sent, &bytes);
            }
        }
        spreading.retain(|spread| !spread.is_over());
        state.spreading = spreading;
        drop(state);
        let failed = out.failed;
        drop(socket);
        fail(failed);
    }

    /// Gives the cluster a value for tasks to come.
    pub(in crate::multiprocessing::cluster) fn share(&self, stored: &Stored) {
        let mut socket = lock_std(&self.socket);
        Outgoing::new(&mut socket).share(&mut self.state(), stored);
    }

    /// The cluster does not need a value any more.
    pub(in crate::multiprocessing::cluster) fn forget(&self, number: u64) {
        self.state().shared.remove(&number);
        self.tell(
            &messages::Number {
                op: "forget",
                number,
            },
            &[],
        );
    }

    /// Nobody waits for these tasks any more, told by pool and call: what runs of them is ended.
    pub(in crate::multiprocessing::cluster) fn cancel(&self, which: &dyn Fn(u64, CallId) -> bool) {
        let (tasks, rest) = self.state().take_some(which);
        if !tasks.is_empty() {
            self.tell(
                &messages::Cancel {
                    op: "cancel",
                    tasks,
                },
                &[],
            );
        }
        fail(
            rest.into_iter()
                .map(|sent| (sent, PoolError::Terminated))
                .collect(),
        );
    }
}

/// Outside of all locks: a callback of the user's may follow.
fn fail(failed: Vec<(Sent, PoolError)>) {
    for (sent, error) in failed {
        sent.fail(error);
    }
}

impl<'a> Outgoing<'a> {
    fn new(socket: &'a mut UnixStream) -> Self {
        Self {
            socket,
            failed: Vec::new(),
        }
    }

    /// Sends a task, and what its functions are if that has not been said.
    fn task(&mut self, state: &mut State, task: &Task, sent: Sent, bytes: &[u8]) {
        let initializer = task.settings.initializer.as_ref();
        let initializer = initializer.map(|initializer| {
            let function = self.function(state, initializer.target)?;
            Ok(messages::Initializer {
                pool: initializer.number,
                function,
                head: head(function, task.cell, 1),
                data: initializer
                    .bytes
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect(),
            })
        });
        let function = self.function(state, task.target);
        let (function, initializer) = match (function, initializer.transpose()) {
            (Ok(function), Ok(initializer)) => (function, initializer),
            (Err(error), _) | (_, Err(error)) => return self.failed.push((sent, error)),
        };
        for stored in &task.shared {
            self.share(state, stored);
        }
        let items = count(&sent.items);
        state.next += 1;
        let id = state.next;
        state.sent.insert(id, sent);
        let message = messages::Task {
            op: "task",
            id,
            function,
            shared: task.shared.iter().map(|stored| stored.number).collect(),
            priority: task.settings.priority,
            head: head(function, task.cell, items),
            initializer,
        };
        // If the other side is gone, the reader sees it.
        let _ = frame::write(self.socket, &message, bytes);
    }

    /// Sends a shared value, unless the cluster has it.
    fn share(&mut self, state: &mut State, stored: &Stored) {
        let number = stored.number;
        if state.shared.insert(number) {
            let message = messages::Number {
                op: "share",
                number,
            };
            let _ = frame::write(self.socket, &message, &stored.bytes);
        }
    }

    /// The number of a function.
    fn function(&mut self, state: &mut State, target: Target) -> Result<u32, PoolError> {
        if let Some(number) = state.functions.get(&target) {
            return Ok(*number);
        }
        let entries = target.entries().map_err(PoolError::Function)?;
        let (shim, callee) = &entries;
        let modules: Vec<&Path> = [Some(shim), callee.as_ref()]
            .into_iter()
            .flatten()
            .map(|entry| entry.module())
            .collect();
        let number = u32::try_from(state.functions.len()).unwrap_or(u32::MAX);
        let message = messages::Function {
            op: "function",
            function: number,
            name: target.name().to_owned(),
            libraries: texts(&libraries::with_needed(&modules)),
        };
        let _ = frame::write(self.socket, &message, &wire::head(&entries));
        state.functions.insert(target, number);
        Ok(number)
    }
}

fn head(function: u32, cell: u32, items: u32) -> TaskHead {
    TaskHead {
        op: "task",
        function,
        cell,
        items,
    }
}

/// Paths for JSON. The cache's are text.
pub(super) fn texts(paths: &[impl AsRef<Path>]) -> Vec<String> {
    let texts = paths.iter().map(|path| path.as_ref().to_string_lossy());
    texts.map(std::borrow::Cow::into_owned).collect()
}
