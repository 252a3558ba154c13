//! Running the cells: the queue, and the thread on which the backend works through it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use tokio::sync::{mpsc as asynchronous, oneshot};

use super::backend::{Backend, CellContext, ExecuteOutcome};
use super::channel::Outbox;
use super::history::History;
use super::stdin::Prompts;
use super::{IoPub, Parent};
use crate::wire::content::{
    ErrorOutput, ExecuteInput, ExecuteReply, ExecuteRequest, ExecutionState, Reply, ReplyError,
};

/// The first cell's number.
const FIRST: u32 = 1;

enum Job {
    Execute(Parent, ExecuteRequest),
    /// Ends an abort: all requests that came before the error are in the queue before this.
    Fence,
    Shutdown {
        restart: bool,
    },
}

/// The way to the thread of the cells.
#[derive(Clone)]
pub(super) struct Cells {
    jobs: Sender<Job>,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    running: AtomicBool,
    /// Cells that have not begun do not begin any more.
    ending: AtomicBool,
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
        self.state.running.load(Ordering::SeqCst)
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

/// What the thread needs besides the backend.
pub(super) struct Surroundings {
    pub(super) iopub: IoPub,
    pub(super) shell: Outbox,
    pub(super) prompts: Prompts,
    pub(super) history: Arc<Mutex<History>>,
    /// By which the thread asks for a [`Cells::fence`].
    pub(super) want_fence: asynchronous::UnboundedSender<()>,
}

/// Starts the thread. The receiver learns when it has ended.
pub(super) fn start(
    backend: impl Backend,
    surroundings: Surroundings,
) -> std::io::Result<(Cells, oneshot::Receiver<()>)> {
    let (jobs, queue) = mpsc::channel();
    let (ended, has_ended) = oneshot::channel();
    let state = Arc::new(State::default());
    let runner = Runner {
        backend,
        surroundings,
        state: state.clone(),
        next: FIRST,
        aborting: false,
    };
    let run = move || {
        runner.run(&queue);
        // Nobody listens if the server gave up waiting.
        let _ = ended.send(());
    };
    std::thread::Builder::new()
        .name("cells".to_owned())
        .spawn(run)?;
    Ok((Cells { jobs, state }, has_ended))
}

struct Runner<B> {
    backend: B,
    surroundings: Surroundings,
    state: Arc<State>,
    /// The number of the next cell.
    next: u32,
    /// A cell has failed, and the fence has not come yet.
    aborting: bool,
}

impl<B: Backend> Runner<B> {
    fn run(mut self, queue: &Receiver<Job>) {
        for job in queue {
            match job {
                Job::Execute(parent, request) => self.answer(&parent, &request),
                Job::Fence => self.aborting = false,
                Job::Shutdown { restart } => {
                    let shutdown = AssertUnwindSafe(|| self.backend.shutdown(restart));
                    if catch_unwind(shutdown).is_err() {
                        tracing::error!("the backend panicked when it was shut down");
                    }
                    return;
                }
            }
        }
    }

    fn answer(&mut self, parent: &Parent, request: &ExecuteRequest) {
        let iopub = self.surroundings.iopub.clone();
        iopub.post_status(parent, ExecutionState::Busy);
        let execution_count = self.next;
        let aborted = self.aborting || self.state.ending.load(Ordering::SeqCst);
        let outcome = if aborted {
            Reply::Aborted
        } else {
            self.execute(parent, request)
        };
        if matches!(outcome, Reply::Error(_)) && request.stop_on_error {
            // If nobody can raise the fence, then the kernel ends, and aborting is right.
            self.aborting = true;
            let _ = self.surroundings.want_fence.send(());
        }
        let reply = ExecuteReply {
            execution_count: Some(execution_count),
            outcome,
        };
        self.surroundings.shell.reply(parent, reply);
        iopub.post_status(parent, ExecutionState::Idle);
    }

    fn execute(
        &mut self,
        parent: &Parent,
        request: &ExecuteRequest,
    ) -> Reply<crate::wire::content::ExecuteOk> {
        let iopub = self.surroundings.iopub.clone();
        let execution_count = self.next;
        if !request.silent {
            let code = request.code.clone();
            iopub.post(
                parent,
                ExecuteInput {
                    code,
                    execution_count,
                },
            );
            if request.store_history {
                self.next += 1;
                let history = &self.surroundings.history;
                let mut history = history.lock().unwrap_or_else(PoisonError::into_inner);
                history.push(execution_count, &request.code);
            }
        }
        let cell = CellContext {
            parent: parent.clone(),
            iopub: iopub.clone(),
            execution_count,
            allow_stdin: request.allow_stdin,
            silent: request.silent,
            stdin: self
                .surroundings
                .prompts
                .client(parent, request.allow_stdin),
        };
        self.state.running.store(true, Ordering::SeqCst);
        let run = AssertUnwindSafe(|| self.backend.execute(request, cell));
        let outcome = catch_unwind(run).unwrap_or_else(|panic| panicked(&*panic));
        self.state.running.store(false, Ordering::SeqCst);

        // What the cell printed comes before its error, and all of it before the reply.
        iopub.flush(parent);
        match outcome {
            ExecuteOutcome::Ok(ok) => Reply::Ok(ok),
            ExecuteOutcome::Aborted => Reply::Aborted,
            ExecuteOutcome::Error(error) => {
                let shown = error.clone();
                let shown = ErrorOutput {
                    ename: shown.ename,
                    evalue: shown.evalue,
                    traceback: shown.traceback,
                };
                iopub.post(parent, shown);
                Reply::Error(error)
            }
        }
    }
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> ExecuteOutcome {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let text = text.unwrap_or("no message");
    tracing::error!(text, "the backend panicked");
    let evalue = format!("the kernel panicked while it ran this cell: {text}");
    ExecuteOutcome::Error(ReplyError {
        traceback: vec![format!("InternalError: {evalue}")],
        ..ReplyError::new("InternalError", evalue)
    })
}
