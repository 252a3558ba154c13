//! A backend whose cells are commands, one a cell.

use std::sync::{Arc, Condvar, Mutex};

use serde_json::Map;
use woozle_kernel::server::{
    Backend, CellContext, CommKind, CommMessage, Comms, ExecuteOutcome, ImmediateAnswers,
    Interrupt, Parent, Variable,
};
use woozle_kernel::wire::content::{
    ExecuteOk, ExecuteRequest, ExecuteResult, IsCompleteReply, KernelInfoReply, MimeBundle,
    ReplyError, StreamName,
};

/// What a test sees of the backend.
#[derive(Clone, Default)]
pub(crate) struct Watch(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    interrupted: bool,
    shut_down: Option<bool>,
}

impl Watch {
    /// With which `restart` the backend was shut down.
    pub(crate) fn shut_down(&self) -> Option<bool> {
        self.0.0.lock().expect("not poisoned").shut_down
    }

    fn wait_for_interrupt(&self) {
        let (state, changed) = &*self.0;
        let state = state.lock().expect("not poisoned");
        let mut state = changed
            .wait_while(state, |state| !state.interrupted)
            .expect("not poisoned");
        state.interrupted = false;
    }
}

impl Interrupt for Watch {
    fn interrupt(&self) {
        self.0.0.lock().expect("not poisoned").interrupted = true;
        self.0.1.notify_all();
    }
}

pub(crate) struct Toy(pub(crate) Watch);

fn ok() -> ExecuteOutcome {
    ExecuteOutcome::Ok(ExecuteOk::default())
}

fn error(ename: &str, evalue: &str) -> ExecuteOutcome {
    ExecuteOutcome::Error(ReplyError::new(ename, evalue))
}

impl Backend for Toy {
    fn execute(&mut self, request: &ExecuteRequest, cell: CellContext) -> ExecuteOutcome {
        let (command, rest) = request.code.split_once(' ').unwrap_or((&request.code, ""));
        let out = |text: &str| {
            cell.iopub
                .stream(&cell.parent, StreamName::Stdout, text.as_bytes());
        };
        match command {
            "echo" => out(rest),
            // Both streams by turns.
            "both" => {
                let count: usize = rest.parse().expect("a number");
                for i in 0..count {
                    let name = [StreamName::Stdout, StreamName::Stderr][i % 2];
                    let line = format!("{i}\n");
                    cell.iopub.stream(&cell.parent, name, line.as_bytes());
                }
            }
            "lines" => {
                let count: usize = rest.parse().expect("a number");
                (0..count).for_each(|i| out(&format!("{i}\n")));
            }
            // So many bytes.
            "flood" => {
                let size: usize = rest.parse().expect("a number");
                let piece = "x".repeat(10_000);
                (0..size / piece.len()).for_each(|_| out(&piece));
            }
            "result" => {
                out("before");
                let mut data = Map::new();
                data.insert("text/plain".to_owned(), rest.into());
                let result = ExecuteResult {
                    execution_count: cell.execution_count,
                    data,
                    metadata: Map::new(),
                };
                cell.iopub.send(&cell.parent, result);
                out("after");
            }
            // A comm that the cell opens.
            "open" => {
                let message = CommMessage {
                    kind: CommKind::Open {
                        target_name: rest.to_owned(),
                    },
                    ..CommMessage::close("of-the-cell")
                };
                cell.comms.send(&cell.parent, message);
            }
            "lose-comms" => cell.comms.close_all(),
            "fail" => return error("Toy", rest),
            "panic" => panic!("{rest}"),
            "wait" => {
                self.0.wait_for_interrupt();
                return error("KeyboardInterrupt", "");
            }
            // Heeds no interrupt.
            "stuck" => loop {
                std::thread::park();
            },
            "input" => match cell.input(rest, false) {
                Ok(line) => out(&format!("got {line}")),
                Err(reason) => return error("Input", &reason.to_string()),
            },
            // A thread that prints after its cell's end, when it is interrupted.
            "late" => {
                let (watch, cell) = (self.0.clone(), cell.clone());
                std::thread::spawn(move || {
                    watch.wait_for_interrupt();
                    cell.iopub.stream(&cell.parent, StreamName::Stdout, b"late");
                });
            }
            other => return error("Unknown", other),
        }
        ok()
    }

    fn evaluate(&mut self, expression: &str, cell: CellContext) -> Result<MimeBundle, ReplyError> {
        match expression {
            "fail" => Err(ReplyError::new("Toy", "as asked")),
            "panic" => panic!("as asked"),
            "count" => Ok(plain(&cell.execution_count.to_string())),
            text => Ok(plain(text)),
        }
    }

    fn variables(&mut self, _cell: CellContext) -> Vec<Variable> {
        vec![variable("now")]
    }

    fn kernel_info(&self) -> KernelInfoReply {
        KernelInfoReply::woozle("1.95.0")
    }

    fn interrupter(&self) -> Arc<dyn Interrupt> {
        Arc::new(self.0.clone())
    }

    fn shutdown(&mut self, restart: bool) {
        self.0.0.0.lock().expect("not poisoned").shut_down = Some(restart);
    }
}

fn plain(text: &str) -> MimeBundle {
    Map::from_iter([("text/plain".to_owned(), text.into())])
}

fn variable(value: &str) -> Variable {
    Variable {
        name: "v".to_owned(),
        type_name: "Toy".to_owned(),
        value: Some(value.to_owned()),
    }
}

pub(crate) struct ToyHooks;

impl ImmediateAnswers for ToyHooks {
    fn variables(&self) -> Vec<Variable> {
        vec![variable("before")]
    }

    /// Echoes what comes on a comm of the target `echo`, which is the only one.
    fn comm(&self, message: &CommMessage, _parent: &Parent, comms: &Comms) -> bool {
        match &message.kind {
            CommKind::Open { target_name } => target_name == "echo",
            CommKind::Message => {
                comms.send(&Parent::none(), message.clone());
                true
            }
            CommKind::Close => true,
        }
    }

    fn is_complete(&self, code: &str) -> IsCompleteReply {
        match code {
            "panic" => panic!("as asked"),
            code if code.ends_with('{') => IsCompleteReply::Incomplete {
                indent: "    ".to_owned(),
            },
            _ => IsCompleteReply::Complete,
        }
    }
}
