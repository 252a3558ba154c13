//! The session as the server's backend.

use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use woozle::protocol::Command;

use crate::build::toolchain::Toolchain;
use crate::compiler::complete::{Completeness, completeness};
use crate::host::{Host, Killer};
use crate::server::{
    Backend, CellContext, CommMessage, Comms, ExecuteOutcome, Hooks, Interrupt, Parent, Variable,
};
use crate::session::execution::run::Work;
use crate::session::published::Shared;
use crate::session::report::errors;
use crate::wire::content::{
    CompleteReply, CompleteRequest, ExecuteOk, ExecuteRequest, InspectReply, InspectRequest,
    IsCompleteReply, KernelInfoReply, MimeBundle, ReplyError, StreamName,
};

/// A session. The runtime is built, and the cell host started, while the first requests come in.
#[derive(Debug)]
pub struct Session {
    interrupter: Arc<Interrupter>,
    shared: Arc<Shared>,
    work: Starting,
    /// Of rustc, as far as it is known.
    release: String,
    /// Whether a cell was answered with the reason why there is no session.
    has_told: bool,
}

#[derive(Debug)]
enum Starting {
    Under(Option<Under>),
    Ready(Box<Work>),
    /// With the reason. The next cell tries again: it may have been mended.
    Failed(String),
    Over,
}

#[derive(Debug)]
struct Under {
    work: JoinHandle<Result<Work, String>>,
    /// Whether the runtime was there at once.
    is_built: bool,
}

/// Interrupts the running cell: asks its host to unwind it, and ends the host if that does not help, or
/// if it is asked again. A cell that is still being compiled is not run.
#[derive(Debug, Default)]
pub(crate) struct Interrupter {
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
    /// The cargo that builds crates for it, with its process group.
    building: Option<Pid>,
}

impl Progress {
    /// Ends the building of crates.
    fn end_building(&self) {
        if let Some(process) = self.building {
            let _ = kill_process_group(process, Signal::KILL);
        }
    }
}

impl Interrupter {
    /// Notes the host that now runs the cells.
    pub(crate) fn watch(&self, host: &Host) {
        let mut progress = self.lock();
        progress.killer = Some(host.killer());
        progress.commands = Some(host.sender());
    }

    /// Notes a process group that an interrupt is to end, or that there is none any more.
    pub(crate) fn may_kill(&self, process: Option<Pid>) {
        let mut progress = self.lock();
        progress.building = process;
        if progress.interrupted {
            progress.end_building();
        }
    }

    /// Whether the current request has been interrupted.
    pub(crate) fn was_interrupted(&self) -> bool {
        self.lock().interrupted
    }

    /// Lets the cell into the host, unless it has been interrupted before.
    pub(crate) fn enter_host(&self) -> bool {
        let mut progress = self.lock();
        progress.in_host = !progress.interrupted;
        progress.in_host
    }

    /// The cell is out of the host; true if the host was killed for it.
    pub(crate) fn leave_host(&self) -> bool {
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
        progress.end_building();
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
    pub fn start() -> Self {
        let mut session = Self {
            interrupter: Arc::default(),
            shared: Arc::default(),
            work: Starting::Under(None),
            release: String::new(),
            has_told: false,
        };
        if let Err(error) = std::thread::Builder::new()
            .name("assist".into())
            .spawn(crate::session::assist::prepare)
        {
            tracing::warn!(%error, "the first completion will be slow");
        }
        session.begin();
        session
    }

    /// Begins to start what runs the cells.
    fn begin(&mut self) {
        let begun = Toolchain::find().map_err(|error| error.with_help());
        let begun = begun.and_then(|toolchain| {
            self.release.clone_from(&toolchain.release);
            self.shared.note_toolchain(&toolchain);
            let (watched, shared) = (Arc::clone(&self.interrupter), Arc::clone(&self.shared));
            let is_built = crate::build::runtime::is_built(&toolchain);
            let thread = std::thread::Builder::new().name("session-start".into());
            let work = thread.spawn(move || Work::start(&toolchain, watched, shared));
            let work = work.map_err(|error| error.to_string())?;
            Ok(Starting::Under(Some(Under { work, is_built })))
        });
        self.work = begun.unwrap_or_else(|reason| {
            tracing::error!("{reason}");
            Starting::Failed(reason)
        });
    }

    /// What answers beside the cells.
    #[must_use]
    pub fn answers(&self) -> Answers {
        Answers {
            shared: Arc::clone(&self.shared),
        }
    }

    /// What runs the cells, once it has started.
    fn work(&mut self, cell: &CellContext) -> Result<&mut Work, String> {
        if let Starting::Failed(_) = &self.work
            && std::mem::replace(&mut self.has_told, true)
        {
            self.begin();
        }
        if let Starting::Under(under) = &mut self.work {
            let started = under.take().map(|under| {
                if !under.work.is_finished() && !under.is_built {
                    let note = "Building Woozle's runtime with this rustc; this happens once.\n";
                    cell.iopub
                        .stream(&cell.parent, StreamName::Stderr, note.as_bytes());
                }
                under.work.join()
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
            Starting::Over => Err("the kernel is shutting down".into()),
        }
    }
}

impl Backend for Session {
    fn execute(&mut self, request: &ExecuteRequest, cell: CellContext) -> ExecuteOutcome {
        self.interrupter.begin();
        let result = match self.work(&cell) {
            Ok(work) => work
                .execute(&request.code, &cell)
                .map(|()| std::mem::take(&mut work.payload)),
            Err(reason) => Err(errors::error("kernel", &reason)),
        };
        self.interrupter.end();
        match result {
            Ok(payload) => ExecuteOutcome::Ok(ExecuteOk {
                payload,
                ..ExecuteOk::default()
            }),
            Err(error) => ExecuteOutcome::Error(error),
        }
    }

    fn evaluate(&mut self, expression: &str, cell: CellContext) -> Result<MimeBundle, ReplyError> {
        self.interrupter.begin();
        let result = match self.work(&cell) {
            Ok(work) => work.evaluate(expression, &cell),
            Err(reason) => Err(errors::error("kernel", &reason)),
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

    fn attend(&mut self, cell: CellContext) {
        if let Starting::Ready(work) = &mut self.work {
            work.attend(&cell);
        }
    }

    fn asks_for_attention_by(&mut self, call: Box<dyn Fn() + Send + Sync>) {
        self.shared.outlet.on_end(call);
    }

    fn history_file(&self) -> Option<PathBuf> {
        crate::system::data::folder().map(|folder| folder.join("history.sqlite"))
    }

    fn kernel_info(&self) -> KernelInfoReply {
        KernelInfoReply::woozle(&self.release)
    }

    fn interrupter(&self) -> Arc<dyn Interrupt> {
        Arc::clone(&self.interrupter) as Arc<dyn Interrupt>
    }

    fn shutdown(&mut self, _restart: bool) {
        self.work = Starting::Over;
    }
}

/// The answers that need no running cell, from what is known of the session.
pub struct Answers {
    shared: Arc<Shared>,
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
        self.shared
            .assistant()
            .complete(&self.shared.snapshot(), request)
    }

    fn inspect(&self, request: &InspectRequest) -> InspectReply {
        self.shared
            .assistant()
            .inspect(&self.shared.snapshot(), request)
    }

    fn variables(&self) -> Vec<Variable> {
        self.shared.variables()
    }

    fn comm(&self, message: &CommMessage, parent: &Parent, comms: &Comms) -> bool {
        self.shared.comm(message, parent, comms)
    }
}
