//! The session as the server's backend.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use serde_json::Value;
use tokio::sync::oneshot;

use super::commands::script;
use super::engine::Engine;
use super::execution::interrupt::Interrupter;
use super::published::Published;
use super::report::errors::CellError;
use crate::build::runtime;
use crate::build::toolchain::Toolchain;
use crate::compiler::syntax::is_complete::{Completeness, completeness};
use crate::server::{
    Backend, CellContext, CommMessage, Comms, DebugEvents, ExecuteOutcome, ImmediateAnswers,
    Interrupt, Parent, Variable,
};
use crate::wire::content::{
    CompleteReply, CompleteRequest, ExecuteOk, ExecuteRequest, InspectReply, InspectRequest,
    IsCompleteReply, KernelInfoReply, MimeBundle, ReplyError, StreamName,
};

/// A session. The runtime is built, and the cell host started, while the first requests come in.
#[derive(Debug)]
pub struct Session {
    interrupter: Arc<Interrupter>,
    published: Arc<Published>,
    startup: Startup,
    /// Of rustc, as far as it is known.
    release: String,
    /// Whether a cell was answered with the reason why there is no session.
    has_told: bool,
}

#[derive(Debug)]
enum Startup {
    Pending(Option<PendingEngine>),
    Ready(Box<Engine>),
    /// With the reason. The next cell tries again: it may have been mended.
    Failed(String),
    Over,
}

#[derive(Debug)]
struct PendingEngine {
    engine: JoinHandle<Result<Engine, String>>,
    /// Whether the runtime was there at once.
    is_built: bool,
}

impl Session {
    /// Begins a session.
    #[must_use]
    pub fn start() -> Self {
        let published = Arc::<Published>::default();
        let mut session = Self {
            interrupter: Arc::new(Interrupter::new(&published.debugger)),
            published,
            startup: Startup::Pending(None),
            release: String::new(),
            has_told: false,
        };
        if let Err(error) = std::thread::Builder::new()
            .name("assist".into())
            .spawn(super::assist::prepare)
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
            self.published.note_toolchain(&toolchain);
            let (watched, published) = (Arc::clone(&self.interrupter), Arc::clone(&self.published));
            let is_built = crate::build::runtime::is_built(&toolchain);
            let thread = std::thread::Builder::new().name("session-start".into());
            let engine = thread.spawn(move || Engine::start(&toolchain, watched, published));
            let engine = engine.map_err(|error| error.to_string())?;
            Ok(Startup::Pending(Some(PendingEngine { engine, is_built })))
        });
        self.startup = begun.unwrap_or_else(|reason| {
            tracing::error!("{reason}");
            Startup::Failed(reason)
        });
    }

    /// What answers beside the cells.
    #[must_use]
    pub fn answers(&self) -> Answers {
        Answers {
            published: Arc::clone(&self.published),
        }
    }

    /// What runs the cells, once it has started.
    fn engine(&mut self, cell: &CellContext) -> Result<&mut Engine, CellError> {
        if let Startup::Failed(_) = &self.startup
            && std::mem::replace(&mut self.has_told, true)
        {
            self.begin();
        }
        if let Startup::Pending(pending) = &mut self.startup {
            let started = pending.take().map(|pending| {
                if !pending.engine.is_finished() && !pending.is_built {
                    let note = format!("{}\n", runtime::BUILDING);
                    cell.iopub
                        .stream(&cell.parent, StreamName::Stderr, note.as_bytes());
                }
                pending.engine.join()
            });
            self.startup = match started {
                Some(Ok(Ok(engine))) => Startup::Ready(Box::new(engine)),
                Some(Ok(Err(reason))) => Startup::Failed(reason),
                _ => Startup::Failed("the session could not be started".into()),
            };
        }
        match &mut self.startup {
            Startup::Ready(engine) => Ok(engine),
            Startup::Failed(reason) => Err(CellError::kernel(reason)),
            Startup::Pending(_) => Err(CellError::kernel("the session has not started")),
            Startup::Over => Err(CellError::kernel("the kernel is shutting down")),
        }
    }
}

impl From<CellError> for ReplyError {
    fn from(error: CellError) -> Self {
        Self {
            ename: error.name,
            evalue: error.message,
            traceback: error.traceback,
        }
    }
}

impl Backend for Session {
    fn execute(&mut self, request: &ExecuteRequest, cell: CellContext) -> ExecuteOutcome {
        self.interrupter.begin();
        let engine = self.engine(&cell);
        let result = engine.and_then(|engine| engine.execute(&request.code, &cell));
        self.interrupter.end();
        match result {
            Ok(payload) => ExecuteOutcome::Ok(ExecuteOk {
                payload,
                ..ExecuteOk::default()
            }),
            Err(error) => ExecuteOutcome::Error(error.into()),
        }
    }

    fn evaluate(&mut self, expression: &str, cell: CellContext) -> Result<MimeBundle, ReplyError> {
        self.interrupter.begin();
        let engine = self.engine(&cell);
        let result = engine.and_then(|engine| engine.evaluate(expression, &cell));
        self.interrupter.end();
        Ok(result?)
    }

    fn variables(&mut self, cell: CellContext) -> Vec<Variable> {
        // What has not started yet has no variables, and nobody needs to wait for it.
        if let Startup::Ready(engine) = &mut self.startup {
            self.interrupter.begin();
            engine.look_at_variables(&cell);
            self.interrupter.end();
        }
        self.published.variables()
    }

    fn wake(&mut self, cell: CellContext) {
        if let Startup::Ready(engine) = &mut self.startup {
            engine.on_host_exit(&cell);
        }
    }

    fn set_waker(&mut self, waker: Box<dyn Fn() + Send + Sync>) {
        self.published.router.on_host_exit(waker);
    }

    fn history_file(&self) -> Option<PathBuf> {
        crate::system::data::folder().map(|folder| folder.join("history.sqlite"))
    }

    fn kernel_info(&self) -> KernelInfoReply {
        let info = KernelInfoReply::woozle(&self.release);
        match self.published.debugger.is_there() {
            true => info.with_debugger(),
            false => info,
        }
    }

    fn interrupter(&self) -> Arc<dyn Interrupt> {
        Arc::clone(&self.interrupter) as Arc<dyn Interrupt>
    }

    fn shutdown(&mut self, _restart: bool) {
        self.startup = Startup::Over;
    }
}

/// The answers that need no running cell, from what is known of the session.
pub struct Answers {
    published: Arc<Published>,
}

impl ImmediateAnswers for Answers {
    fn is_complete(&self, code: &str) -> IsCompleteReply {
        // What is wrong with a command is said when it runs.
        let state =
            script::read(code).map_or(Completeness::Complete, |script| completeness(&script.code));
        match state {
            Completeness::Complete => IsCompleteReply::Complete,
            Completeness::Incomplete(indent) => IsCompleteReply::Incomplete {
                indent: " ".repeat(indent),
            },
            Completeness::Invalid => IsCompleteReply::Invalid,
        }
    }

    fn complete(&self, request: &CompleteRequest) -> CompleteReply {
        self.published
            .assistant()
            .complete(&self.published.snapshot(), request)
    }

    fn inspect(&self, request: &InspectRequest) -> InspectReply {
        self.published
            .assistant()
            .inspect(&self.published.snapshot(), request)
    }

    fn variables(&self) -> Vec<Variable> {
        self.published.variables()
    }

    fn beside(&self, code: &str) -> Option<oneshot::Receiver<String>> {
        let is_asked = script::asks_for_threads(code);
        is_asked.then(|| self.published.ask_for_threads()).flatten()
    }

    fn debug(
        &self,
        command: &str,
        arguments: &Value,
        events: &DebugEvents,
    ) -> Result<Value, String> {
        let debugger = &self.published.debugger;
        debugger.answer(command, arguments, events, &*self.published)
    }

    fn inspected(&self, variables: &[Variable]) -> Value {
        self.published.debugger.inspected(variables)
    }

    fn is_stopped(&self) -> bool {
        self.published.debugger.is_stopped()
    }

    fn comm(&self, message: &CommMessage, parent: &Parent, comms: &Comms) -> bool {
        self.published.comm(message, parent, comms)
    }
}
