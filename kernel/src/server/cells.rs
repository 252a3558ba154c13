//! Running the cells: the thread on which the backend works through the queue.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Instant;

use serde_json::{Map, Value, json};
use tokio::sync::{mpsc as asynchronous, oneshot, watch};

use super::backend::{Backend, CellContext, ExecuteOutcome, Variable};
use super::channels::socket::Outbox;
use super::channels::stdin::Prompts;
use super::comms::Comms;
use super::history::History;
use super::queue::{Cells, Evaluated, Job, QueueState, Running};
use super::{IoPub, Parent};
use crate::wire::content::{
    ErrorOutput, ExecuteReply, ExecuteRequest, ExecutionState, Reply, ReplyError,
};

/// The first cell's number.
const FIRST: u32 = 1;

/// What the cells use of the server.
pub(super) struct CellServices {
    pub(super) iopub: IoPub,
    pub(super) comms: Comms,
    pub(super) shell: Outbox,
    pub(super) prompts: Prompts,
    pub(super) history: Arc<Mutex<History>>,
    /// By which the thread asks for a [`Cells::fence`].
    pub(super) want_fence: asynchronous::UnboundedSender<oneshot::Sender<()>>,
}

/// Starts the thread. The receiver learns when it has ended.
pub(super) fn start(
    mut backend: impl Backend,
    services: CellServices,
) -> std::io::Result<(Cells, oneshot::Receiver<()>)> {
    let (jobs, queue) = mpsc::channel();
    let (ended, has_ended) = oneshot::channel();
    let state = Arc::new(QueueState {
        running: watch::Sender::new(None),
        ending: AtomicBool::new(false),
        next: AtomicU32::new(FIRST),
        iopub: services.iopub.clone(),
        history: services.history.clone(),
    });
    let waker = jobs.clone();
    backend.set_waker(Box::new(move || {
        let _ = waker.send(Job::Wake);
    }));
    let runner = Runner {
        backend,
        services,
        state: state.clone(),
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
    services: CellServices,
    state: Arc<QueueState>,
    /// Whether a cell has failed, until the fence comes.
    aborting: bool,
}

impl<B: Backend> Runner<B> {
    fn run(mut self, queue: &Receiver<Job>) {
        for job in queue {
            match job {
                Job::Execute(parent, request) => self.answer(&parent, &request),
                Job::Fence => self.aborting = false,
                Job::Variables(parent, answer) => {
                    if !answer.is_closed() {
                        // Nobody listens if a request to run a cell came meanwhile.
                        let _ = answer.send(self.variables(&parent));
                    }
                }
                Job::Wake => {
                    let cell = self.silent_context(&Parent::none());
                    let wake = AssertUnwindSafe(|| self.backend.wake(cell));
                    if let Err(panic) = catch_unwind(wake) {
                        panicked(&*panic);
                    }
                }
                Job::Evaluate(parent, expression, answer) => {
                    if !answer.is_closed() {
                        let cell = self.silent_context(&parent);
                        let _ = answer.send(self.evaluate(&expression, cell));
                    }
                }
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
        let iopub = self.services.iopub.clone();
        iopub.post_status(parent, ExecutionState::Busy);
        let aborted = self.aborting || self.state.ending.load(Ordering::SeqCst);
        let (execution_count, outcome) = if aborted {
            // What has not run has no number, which front ends would show and save.
            (None, Reply::Aborted)
        } else {
            let (execution_count, outcome) = self.execute(parent, request);
            (Some(execution_count), outcome)
        };
        if matches!(outcome, Reply::Error(_)) && request.stop_on_error {
            self.aborting = true;
        }
        let reply = ExecuteReply {
            execution_count,
            outcome,
        };
        self.services.shell.reply(parent, reply);
        iopub.post_status(parent, ExecutionState::Idle);
    }

    /// Has all requests end up behind a fence that come from here on. It stands before the error is seen: who has seen it
    /// and goes on is not aborted.
    fn raise_fence(&self) {
        let (raised, stands) = oneshot::channel();
        // If nobody can raise it, then the kernel ends, and aborting is right.
        if self.services.want_fence.send(raised).is_ok() {
            let _ = stands.blocking_recv();
        }
    }

    fn execute(
        &mut self,
        parent: &Parent,
        request: &ExecuteRequest,
    ) -> (u32, Reply<crate::wire::content::ExecuteOk>) {
        let iopub = self.services.iopub.clone();
        let execution_count = self.state.announce(parent, request);
        let cell = CellContext {
            parent: parent.clone(),
            iopub: iopub.clone(),
            execution_count,
            allow_stdin: request.allow_stdin,
            silent: request.silent,
            stdin: self.services.prompts.client(parent, request.allow_stdin),
            comms: self.services.comms.clone(),
        };
        self.state.running.send_replace(Some(Running {
            since: Instant::now(),
            parent: parent.clone(),
        }));
        let after = cell.clone();
        let run = AssertUnwindSafe(|| self.backend.execute(request, cell));
        let outcome =
            catch_unwind(run).unwrap_or_else(|panic| ExecuteOutcome::Error(panicked(&*panic)));
        let outcome = match outcome {
            ExecuteOutcome::Ok(mut ok) => {
                ok.user_expressions = self.user_expressions(request, &after);
                ExecuteOutcome::Ok(ok)
            }
            outcome => outcome,
        };
        self.state.running.send_replace(None);

        // What the cell printed comes before its error, and all of it before the reply.
        iopub.flush(parent);
        let reply = match outcome {
            ExecuteOutcome::Ok(ok) => Reply::Ok(ok),
            ExecuteOutcome::Error(error) => {
                if request.stop_on_error {
                    self.raise_fence();
                }
                let shown = error.clone();
                let shown = ErrorOutput {
                    ename: shown.ename,
                    evalue: shown.evalue,
                    traceback: shown.traceback,
                };
                iopub.post(parent, shown);
                Reply::Error(error)
            }
        };
        (execution_count, reply)
    }

    /// Evaluates what the client wants to know after the cell.
    fn user_expressions(
        &mut self,
        request: &ExecuteRequest,
        cell: &CellContext,
    ) -> Map<String, Value> {
        let expressions = request.user_expressions.iter();
        let evaluated = expressions.map(|(name, expression)| {
            let cell = CellContext {
                silent: true,
                ..cell.clone()
            };
            let value = match expression.as_str() {
                Some(expression) => self.evaluate(expression, cell),
                None => Err(ReplyError::new(
                    "InvalidRequest",
                    "an expression is a string",
                )),
            };
            let value = match value {
                Ok(data) => json!({"status": "ok", "data": data, "metadata": {}}),
                Err(error) => json!({
                    "status": "error",
                    "ename": error.ename,
                    "evalue": error.evalue,
                    "traceback": error.traceback,
                }),
            };
            (name.clone(), value)
        });
        evaluated.collect()
    }

    fn evaluate(&mut self, expression: &str, cell: CellContext) -> Evaluated {
        let evaluate = AssertUnwindSafe(|| self.backend.evaluate(expression, cell));
        catch_unwind(evaluate).unwrap_or_else(|panic| Err(panicked(&*panic)))
    }

    fn variables(&mut self, parent: &Parent) -> Vec<Variable> {
        let cell = self.silent_context(parent);
        let look = AssertUnwindSafe(|| self.backend.variables(cell));
        catch_unwind(look).unwrap_or_else(|panic| {
            panicked(&*panic);
            Vec::new()
        })
    }

    /// What an evaluation has of the server that no cell has asked for.
    fn silent_context(&self, parent: &Parent) -> CellContext {
        CellContext {
            parent: parent.clone(),
            iopub: self.services.iopub.clone(),
            execution_count: self.state.next.load(Ordering::SeqCst),
            allow_stdin: false,
            silent: true,
            stdin: self.services.prompts.client(parent, false),
            comms: self.services.comms.clone(),
        }
    }
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> ReplyError {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let text = text.unwrap_or("no message");
    tracing::error!(text, "the backend panicked");
    let evalue = format!("the kernel panicked while it ran this cell: {text}");
    ReplyError {
        traceback: vec![format!("InternalError: {evalue}")],
        ..ReplyError::new("InternalError", evalue)
    }
}
