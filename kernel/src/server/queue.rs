//! The queue of the cells: what is to be done, and what is known of the cell that runs.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::{oneshot, watch};

use super::backend::Variable;
use super::history::History;
use super::{IoPub, Parent};
use crate::system::lock::LockUnpoisoned as _;
use crate::wire::content::{ExecuteInput, ExecuteRequest, ExecutionState, MimeBundle, ReplyError};

/// What the thread of the cells has to do.
pub(super) enum Job {
    Execute(Parent, ExecuteRequest),
    /// Ends an abort: all requests that came before the error are in the queue before this.
    Fence,
    /// Looks at the variables, if that is still wanted.
    Variables(Parent, oneshot::Sender<Vec<Variable>>),
    /// The backend has asked to be woken.
    Wake,
    /// Evaluates an expression, if that is still wanted.
    Evaluate(Parent, String, oneshot::Sender<Evaluated>),
    Shutdown {
        restart: bool,
    },
}

/// The value of an expression.
pub(super) type Evaluated = Result<MimeBundle, ReplyError>;

/// The way to the thread of the cells.
#[derive(Clone)]
pub(super) struct Cells {
    pub(super) jobs: Sender<Job>,
    pub(super) state: Arc<QueueState>,
}

/// A cell that runs.
pub(super) struct Running {
    pub(super) since: Instant,
    pub(super) parent: Parent,
}

/// What is known of the queue on both sides.
pub(super) struct QueueState {
    pub(super) running: watch::Sender<Option<Running>>,
    /// Cells that have not begun do not begin any more.
    pub(super) ending: AtomicBool,
    /// The number of the next cell.
    pub(super) next: AtomicU32,
    pub(super) iopub: IoPub,
    pub(super) history: Arc<Mutex<History>>,
}

impl QueueState {
    /// Tells the clients that a cell is run, and gives its number.
    pub(super) fn announce(&self, parent: &Parent, request: &ExecuteRequest) -> u32 {
        if request.silent {
            return self.next.load(Ordering::SeqCst);
        }
        let execution_count = match request.store_history {
            true => self.next.fetch_add(1, Ordering::SeqCst),
            false => self.next.load(Ordering::SeqCst),
        };
        let input = ExecuteInput {
            code: request.code.clone(),
            execution_count,
        };
        self.iopub.post(parent, input);
        if request.store_history {
            let mut history = self.history.lock_unpoisoned();
            history.push(execution_count, &request.code);
        }
        execution_count
    }
}

impl Cells {
    pub(super) fn execute(&self, parent: Parent, request: ExecuteRequest) {
        self.send(Job::Execute(parent, request));
    }

    /// To be called, after a cell's failure, when all has been queued that had been received by then.
    pub(super) fn fence(&self) {
        self.send(Job::Fence);
    }

    pub(super) fn is_running(&self) -> bool {
        self.state.running.borrow().is_some()
    }

    /// Whether a cell has been running for this time, or longer.
    pub(super) fn has_run_for(&self, time: Duration) -> bool {
        let running = self.state.running.borrow();
        running
            .as_ref()
            .is_some_and(|running| running.since.elapsed() >= time)
    }

    /// Says once more that the running cell keeps the kernel busy, after the `idle` of what was answered beside it: clients take the
    /// last status for that of the kernel.
    pub(super) fn repeat_busy(&self) {
        // The cell's own `idle` comes after this: it does not end while it is looked at.
        if let Some(running) = &*self.state.running.borrow() {
            let iopub = &self.state.iopub;
            iopub.post_status(&running.parent, ExecutionState::Busy);
        }
    }

    /// What comes of waiting while a cell runs; `None` if the cell ends before.
    pub(super) async fn while_running<T>(&self, awaited: oneshot::Receiver<T>) -> Option<T> {
        let mut running = self.state.running.subscribe();
        tokio::select! {
            biased;
            result = awaited => result.ok(),
            _ = running.wait_for(Option::is_none) => None,
        }
    }

    /// Tells the clients that a cell is run beside another one, and gives its number.
    pub(super) fn announce(&self, parent: &Parent, request: &ExecuteRequest) -> u32 {
        self.state.announce(parent, request)
    }

    /// The variables with their present values; `None` if a cell runs instead.
    pub(super) async fn variables(&self, parent: &Parent) -> Option<Vec<Variable>> {
        let (answer, answered) = oneshot::channel();
        self.send(Job::Variables(parent.clone(), answer));
        self.unless_busy(answered).await
    }

    /// The value of an expression; `None` if a cell runs instead.
    pub(super) async fn evaluate(&self, parent: &Parent, expression: &str) -> Option<Evaluated> {
        let (answer, answered) = oneshot::channel();
        self.send(Job::Evaluate(parent.clone(), expression.to_owned(), answer));
        self.unless_busy(answered).await
    }

    /// Waits for an answer, but not for a cell.
    async fn unless_busy<T>(&self, answered: oneshot::Receiver<T>) -> Option<T> {
        let mut running = self.state.running.subscribe();
        tokio::select! {
            biased;
            answer = answered => answer.ok(),
            _ = running.wait_for(Option::is_some) => None,
        }
    }

    /// Aborts what is queued, and shuts the backend down once the running cell has ended.
    pub(super) fn shutdown(&self, restart: bool) {
        self.state.ending.store(true, Ordering::SeqCst);
        self.send(Job::Shutdown { restart });
    }

    fn send(&self, job: Job) {
        if self.jobs.send(job).is_err() {
            tracing::debug!("a cell comes after the end of the kernel");
        }
    }
}
