//! A kernel without Rust: it shows that the server needs nothing but a `Backend`, and it is what
//! the tests of `woozle run` run. `toy_kernel kernel -f FILE` starts it as Jupyter starts a kernel.
//!
//! A cell is a list of commands, one a line: see `Toy::command`.

use std::collections::HashMap;
use std::path::Path;
use std::process::{self, ExitCode};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use serde_json::json;
use woozle_kernel::jupyter::connection::Connection;
use woozle_kernel::server::{
    Backend, CellContext, ExecuteOutcome, ImmediateAnswers, Interrupt, Parent, serve,
};
use woozle_kernel::wire::content::{
    ClearOutput, DisplayData, ExecuteOk, ExecuteRequest, ExecuteResult, IsCompleteReply,
    KernelInfoReply, MimeBundle, ReplyError, StreamName, Transient, UpdateDisplayData,
};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [_, _, file] = &args[..] else {
        eprintln!("usage: toy_kernel kernel -f CONNECTION_FILE");
        return ExitCode::from(2);
    };
    let served = match Connection::read(Path::new(file)) {
        Ok(connection) => {
            serve(&connection, Toy::default(), NoHooks).map_err(|error| error.to_string())
        }
        Err(error) => Err(error.to_string()),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Default)]
struct Toy {
    interrupted: Arc<Interrupted>,
    /// Cells that later cells may write into.
    kept: HashMap<String, Parent>,
}

#[derive(Default)]
struct Interrupted {
    asked: Mutex<bool>,
    changed: Condvar,
}

impl Interrupt for Interrupted {
    fn interrupt(&self) {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }
}

impl Backend for Toy {
    fn execute(&mut self, request: &ExecuteRequest, cell: CellContext) -> ExecuteOutcome {
        let failed = request
            .code
            .lines()
            .find_map(|line| self.command(line, &cell).err());
        failed.map_or_else(
            || ExecuteOutcome::Ok(ExecuteOk::default()),
            ExecuteOutcome::Error,
        )
    }

    fn kernel_info(&self) -> KernelInfoReply {
        KernelInfoReply::woozle("1.95.0")
    }

    fn interrupter(&self) -> Arc<dyn Interrupt> {
        self.interrupted.clone()
    }

    fn shutdown(&mut self, _restart: bool) {}
}

impl Toy {
    #[expect(clippy::too_many_lines, reason = "a case for each command")]
    fn command(&mut self, line: &str, cell: &CellContext) -> Result<(), ReplyError> {
        let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (first, second) = rest.split_once(' ').unwrap_or((rest, ""));
        let CellContext { parent, iopub, .. } = cell;
        let text = |text: &str| format!("{text}\n").into_bytes();
        let data = |plain: &str| MimeBundle::from_iter([("text/plain".to_owned(), json!(plain))]);
        let id = |id: &str| Transient {
            display_id: Some(id.to_owned()),
        };
        match name {
            "print" => iopub.stream(parent, StreamName::Stdout, &text(rest)),
            "eprint" => iopub.stream(parent, StreamName::Stderr, &text(rest)),
            "pid" => iopub.stream(
                parent,
                StreamName::Stdout,
                &text(&process::id().to_string()),
            ),
            "connection-file" => {
                let file = std::env::args().next_back().unwrap_or_default();
                iopub.stream(parent, StreamName::Stdout, &text(&file));
            }
            "cwd" => {
                let cwd = std::env::current_dir().unwrap_or_default();
                iopub.stream(parent, StreamName::Stdout, &text(&cwd.to_string_lossy()));
            }
            "can-ask" => iopub.stream(
                parent,
                StreamName::Stdout,
                &text(&cell.allow_stdin.to_string()),
            ),
            "value" => iopub.send(
                parent,
                ExecuteResult {
                    execution_count: cell.execution_count,
                    data: data(rest),
                    metadata: MimeBundle::new(),
                },
            ),
            // This cell, as NAME, for `print-to NAME TEXT` in a later one.
            "keep" => drop(self.kept.insert(rest.to_owned(), parent.clone())),
            "print-to" => {
                let to = self
                    .kept
                    .get(first)
                    .ok_or_else(|| ReplyError::new("Unknown", first))?;
                iopub.stream(to, StreamName::Stdout, &text(second));
            }
            "display" => iopub.send(
                parent,
                DisplayData {
                    data: data(second),
                    metadata: MimeBundle::new(),
                    transient: id(first),
                },
            ),
            "update" => iopub.send(
                parent,
                UpdateDisplayData {
                    data: data(second),
                    metadata: MimeBundle::new(),
                    transient: id(first),
                },
            ),
            "clear" => iopub.send(
                parent,
                ClearOutput {
                    wait: rest == "wait",
                },
            ),
            "fail" => return Err(ReplyError::new(first, second)),
            "wait-for-interrupt" => {
                iopub.flush(parent);
                let asked = self
                    .interrupted
                    .asked
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                let mut asked = self
                    .interrupted
                    .changed
                    .wait_while(asked, |asked| !*asked)
                    .unwrap_or_else(PoisonError::into_inner);
                *asked = false;
                return Err(ReplyError::new("KeyboardInterrupt", ""));
            }
            "exit" => process::exit(rest.parse().unwrap_or(1)),
            _ => return Err(ReplyError::new("Unknown", line)),
        }
        Ok(())
    }
}

struct NoHooks;

impl ImmediateAnswers for NoHooks {
    fn is_complete(&self, _code: &str) -> IsCompleteReply {
        IsCompleteReply::Complete
    }
}
