//! The session as the server's backend.

use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use woozle::protocol::Command;

use super::assist::Assistant;
use super::execute::Work;
use super::report;
use super::shared::Shared;
use crate::compiler::complete::{Completeness, completeness};
use crate::host::{Host, Killer};
use crate::server::{
    Backend, CellContext, CommMessage, Comms, ExecuteOutcome, Hooks, Interrupt, Parent, Variable,
};
use crate::toolchain::Toolchain;
use crate::wire::content::{
    CompleteReply, CompleteRequest, ExecuteOk, ExecuteRequest, InspectReply, InspectRequest,
    IsCompleteReply, KernelInfoReply, MimeBundle, ReplyError, StreamName,
};

/// A session. The runtime is built, and the cell host started, while the first requests come in.
#[derive(Debug)]
pub struct Session {
    toolchain: Toolchain,
    interrupter: Arc<Interrupter>,
    shared: Arc<Shared>,
    work: Starting,
}

#[derive(Debug)]
enum Starting {
    Under(Option<JoinHandle<Result<Work, String>>>),
    Ready(Box<Work>),
    Failed(String),
}

/// Interrupts the running cell: asks its host to unwind it, and ends the host if that does not help, or
/// if it is asked again. A cell that is still being compiled is not run.
#[derive(Debug, Default)]
pub(super) struct Interrupter {
    progress: Mutex<Progress>,
    changed: Condvar,
}

/// How long a cell has to end by itself.
const GRACE: Duration = Duration::from_secs(1);

/// How far the current request is.
#[derive(Debug, Default)]
struct Progress {
    killer: Option<Killer>,
    commands: Option<Sender<Command>>,
    /// Counts the requests.
    request: u64,
    /// Whether there is a request.
    running: bool,
    /// Whether its cell is in the host.
    in_host: bool,
    interrupted: bool,
    /// Whether the host was killed for it.
    killed: bool,
}

impl Interrupter {
    /// Notes the host that now runs the cells.
    pub(super) fn watch(&self, host: &Host) {
        let mut progress = self.lock();
        progress.killer = Some(host.killer());
        progress.commands = Some(host.sender());
    }

    /// Whether the current request has been interrupted.
    pub(super) fn was_interrupted(&self) -> bool {
        self.lock().interrupted
    }

    /// Lets the cell into the host, unless it has been interrupted before.
    pub(super) fn enter_host(&self) -> bool {
        let mut progress = self.lock();
        progress.in_host = !progress.interrupted;
        progress.in_host
    }

    /// The cell is out of the host; true if the host was killed for it.
    pub(super) fn leave_host(&self) -> bool {
        let mut progress = self.lock();
        progress.in_host = false;
        self.changed.notify_all();
        progress.killed
    }

    fn begin(&self) {
        let mut progress = self.lock();
        progress.request += 1;
        progress.running = true;
        progress.in_host = false;
        progress.interrupted = false;
        progress.killed = false;
    }

    fn end(&self) {
        self.lock().running = false;
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Interrupt for Interrupter {
    fn interrupt(&self) {
        let mut progress = self.lock();
        if !progress.running {
            return;
        }
        let again = std::mem::replace(&mut progress.interrupted, true);
        if !progress.in_host || progress.killed {
            return;
        }
        let request = progress.request;
        if !again {
            if let Some(commands) = &progress.commands {
                let _ = commands.send(Command::Interrupt);
            }
            let waits = |progress: &mut Progress| {
                progress.in_host && progress.request == request && !progress.killed
            };
            let (now, _) = self
                .changed
                .wait_timeout_while(progress, GRACE, waits)
                .unwrap_or_else(PoisonError::into_inner);
            progress = now;
        }
        if progress.in_host
            && progress.request == request
            && !progress.killed
            && let Some(killer) = progress.killer.clone()
        {
            progress.killed = true;
            self.changed.notify_all();
            killer.kill();
        }
    }
}

impl Session {
    /// Begins a session.
    #[must_use]
    pub fn start(toolchain: Toolchain) -> Self {
        let interrupter = Arc::new(Interrupter::default());
        let for_work = toolchain.clone();
        let watched = Arc::clone(&interrupter);
        let shared = Arc::new(Shared::default());
        let for_all = Arc::clone(&shared);
        if let Err(error) = std::thread::Builder::new()
            .name("assist".into())
            .spawn(super::assist::prepare)
        {
            tracing::warn!(%error, "the first completion will be slow");
        }
        let thread = std::thread::Builder::new().name("session-start".into());
        let work = thread.spawn(move || Work::start(&for_work, watched, for_all));
        Self {
            toolchain,
            interrupter,
            shared,
            work: work.map_or_else(
                |error| Starting::Failed(error.to_string()),
                |work| Starting::Under(Some(work)),
            ),
        }
    }

    /// What answers beside the cells.
    #[must_use]
    pub fn answers(&self) -> Answers {
        Answers {
            shared: Arc::clone(&self.shared),
            assistant: Assistant::new(&self.toolchain),
        }
    }

    /// What runs the cells, once it has started.
    fn work(&mut self, cell: &CellContext) -> Result<&mut Work, String> {
        if let Starting::Under(thread) = &mut self.work {
            let started = thread.take().map(|thread| {
                if !thread.is_finished() && !crate::runtime::is_built(&self.toolchain) {
                    let note = "Building Woozle's runtime with this rustc; this happens once.\n";
                    cell.iopub
                        .stream(&cell.parent, StreamName::Stderr, note.as_bytes());
                }
                thread.join()
            });
            self.work = match started {
                Some(Ok(Ok(work))) => Starting::Ready(Box::new(work)),
                Some(Ok(Err(reason))) => Starting::Failed(reason),
                _ => Starting::Failed("the session could not be started".into()),
            };
        }
        match &mut self.work {
            Starting::Ready(work) => Ok(work),
            Starting::Failed(reason) => Err(reason.clone()),
            Starting::Under(_) => Err("the session has not started".into()),
        }
    }
}

impl Backend for Session {
    fn execute(&mut self, request: &ExecuteRequest, cell: CellContext) -> ExecuteOutcome {
        self.interrupter.begin();
        let result = match self.work(&cell) {
            Ok(work) => work.execute(&request.code, &cell),
            Err(reason) => Err(report::error("kernel", &reason)),
        };
        self.interrupter.end();
        match result {
            Ok(()) => ExecuteOutcome::Ok(ExecuteOk::default()),
            Err(error) => ExecuteOutcome::Error(error),
        }
    }

    fn evaluate(&mut self, expression: &str, cell: CellContext) -> Result<MimeBundle, ReplyError> {
        self.interrupter.begin();
        let result = match self.work(&cell) {
            Ok(work) => work.evaluate(expression, &cell),
            Err(reason) => Err(report::error("kernel", &reason)),
        };
        self.interrupter.end();
        result
    }

    fn variables(&mut self, cell: CellContext) -> Vec<Variable> {
        // What has not started yet has no variables, and nobody needs to wait for it.
        if let Starting::Ready(work) = &mut self.work {
            self.interrupter.begin();
            work.look_at_variables(&cell);
            self.interrupter.end();
        }
        self.shared.variables()
    }

    fn history_file(&self) -> Option<PathBuf> {
        crate::data::folder().map(|folder| folder.join("history.sqlite"))
    }

    fn kernel_info(&self) -> KernelInfoReply {
        KernelInfoReply::woozle(&self.toolchain.release)
    }

    fn interrupter(&self) -> Arc<dyn Interrupt> {
        Arc::clone(&self.interrupter) as Arc<dyn Interrupt>
    }

    fn shutdown(&mut self, _restart: bool) {
        self.work = Starting::Failed("the kernel is shutting down".into());
    }
}

/// The answers that need no running cell, from what is known of the session.
pub struct Answers {
    shared: Arc<Shared>,
    assistant: Assistant,
}

impl Hooks for Answers {
    fn is_complete(&self, code: &str) -> IsCompleteReply {
        match completeness(code) {
            Completeness::Complete => IsCompleteReply::Complete,
            Completeness::Incomplete(indent) => IsCompleteReply::Incomplete {
                indent: " ".repeat(indent),
            },
            Completeness::Invalid => IsCompleteReply::Invalid,
        }
    }

    fn complete(&self, request: &CompleteRequest) -> CompleteReply {
        self.assistant.complete(&self.shared.snapshot(), request)
    }

    fn inspect(&self, request: &InspectRequest) -> InspectReply {
        self.assistant.inspect(&self.shared.snapshot(), request)
    }

    fn variables(&self) -> Vec<Variable> {
        self.shared.variables()
    }

    fn comm(&self, message: &CommMessage, parent: &Parent, comms: &Comms) -> bool {
        self.shared.comm(message, parent, comms)
    }
}
