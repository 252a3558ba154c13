//! The boundary between the server and what runs the cells.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::{Answer, CommMessage, Comms, InputError, IoPub, Parent, StdinClient};
use crate::wire::content::{
    CompleteReply, CompleteRequest, ExecuteOk, ExecuteRequest, InspectReply, InspectRequest,
    IsCompleteReply, KernelInfoReply, MimeBundle, ReplyError,
};

/// Runs cells. It has a thread of its own, and gets one cell at a time.
pub trait Backend: Send + 'static {
    /// Runs a cell to its end.
    ///
    /// The server does what is the same for every cell: status, `execute_input`, the `error` message, the reply.
    fn execute(&mut self, request: &ExecuteRequest, cell: CellContext) -> ExecuteOutcome;

    /// Evaluates an expression after a cell; nothing of it is shown but what it prints.
    fn evaluate(&mut self, expression: &str, cell: CellContext) -> Result<MimeBundle, ReplyError> {
        let _ = (expression, cell);
        let problem = "this kernel evaluates no expressions";
        Err(ReplyError::new("NotSupported", problem))
    }

    /// The variables with their present values, between two cells.
    fn variables(&mut self, _cell: CellContext) -> Vec<Variable> {
        Vec::new()
    }

    /// What the waker was called for; between two cells.
    fn wake(&mut self, _cell: CellContext) {}

    /// Gives the backend a function that asks for [`wake`](Self::wake), on any thread. Called once, before the first request.
    fn set_waker(&mut self, _waker: Box<dyn Fn() + Send + Sync>) {}

    /// Where the history is kept; `None` if it ends with the kernel. Asked for once.
    fn history_file(&self) -> Option<PathBuf> {
        None
    }

    /// Asked for once, before the first request.
    fn kernel_info(&self) -> KernelInfoReply;

    /// Asked for once, before the first request.
    fn interrupter(&self) -> Arc<dyn Interrupt>;

    /// The kernel ends. No cell follows.
    fn shutdown(&mut self, restart: bool);
}

/// Interrupts the running cell, from another thread.
pub trait Interrupt: Send + Sync {
    /// Makes the running cell end soon; does not wait for it. Without a running cell it does nothing.
    fn interrupt(&self);
}

/// Answers that need no running cell, given at once even while one runs; called on any thread.
pub trait ImmediateAnswers: Send + Sync + 'static {
    fn is_complete(&self, code: &str) -> IsCompleteReply;

    fn complete(&self, request: &CompleteRequest) -> CompleteReply {
        CompleteReply::none(request.cursor_pos)
    }

    fn inspect(&self, _request: &InspectRequest) -> InspectReply {
        InspectReply::default()
    }

    /// The variables with the values that they had when they were last looked at.
    fn variables(&self) -> Vec<Variable> {
        Vec::new()
    }

    /// What a cell prints that can be answered while another one runs; nothing if this one has to wait for its turn.
    fn beside(&self, _code: &str) -> Option<oneshot::Receiver<String>> {
        None
    }

    /// Answers a request to the debugger by the body of the answer, or by why there is none; may wait. Its events go to `events`,
    /// for as long as it is on.
    fn debug(
        &self,
        command: &str,
        arguments: &Value,
        events: &DebugEvents,
    ) -> Result<Value, String> {
        let _ = (arguments, events);
        Err(format!("this kernel is no debugger: it has no `{command}`"))
    }

    /// The body of the answer to `inspectVariables`, when these are the variables.
    fn inspected(&self, variables: &[Variable]) -> Value {
        let shown = variables.iter().map(|variable| {
            json!({
                "name": variable.name,
                "type": variable.type_name,
                "value": variable.value.as_deref().unwrap_or_default(),
                "variablesReference": 0,
            })
        });
        json!({"variables": shown.collect::<Vec<_>>()})
    }

    /// Whether something is stopped by the debugger.
    fn is_stopped(&self) -> bool {
        false
    }

    /// Takes a front end's message on a comm, without ever blocking. Returns whether there is
    /// somebody to take it; if not, the comm is closed.
    fn comm(&self, _message: &CommMessage, _parent: &Parent, _comms: &Comms) -> bool {
        false
    }
}

/// Takes events of the Debug Adapter Protocol, for all clients; on any thread.
pub type DebugEvents = Arc<dyn Fn(Value) + Send + Sync>;

/// A variable of the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    pub type_name: String,
    /// As text; `None` if it is not known.
    pub value: Option<String>,
}

/// What a cell has of the server.
#[derive(Debug, Clone)]
pub struct CellContext {
    pub parent: Parent,
    /// Usable after the cell has ended, for the output of its threads.
    pub iopub: IoPub,
    /// The number of this cell.
    pub execution_count: u32,
    pub allow_stdin: bool,
    pub silent: bool,
    pub stdin: StdinClient,
    pub comms: Comms,
}

impl CellContext {
    /// Asks the user for a line of text; what the cell has printed shows before the prompt.
    pub fn input(&self, prompt: &str, password: bool) -> Result<String, InputError> {
        self.ask(prompt, password)?.wait()
    }

    /// As [`input`](Self::input), but does not wait for the answer.
    pub fn ask(&self, prompt: &str, password: bool) -> Result<Answer, InputError> {
        self.iopub.flush(&self.parent);
        self.stdin.ask(prompt, password)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum ExecuteOutcome {
    Ok(ExecuteOk),
    Error(ReplyError),
}
