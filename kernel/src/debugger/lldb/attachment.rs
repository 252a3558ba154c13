//! lldb-dap at work on one process.

use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use serde_json::{Value, json};

use super::adapter::{Adapter, body};
use super::find::{HELP, OLDEST};
use crate::debugger::breakpoints::PANIC_FUNCTION;
use crate::system::lock::LockUnpoisoned as _;

/// Attaching may take so long on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// lldb-dap, and the process that it is attached to.
#[derive(Debug)]
pub(in crate::debugger) struct Attachment {
    pub(in crate::debugger) adapter: Adapter,
    pub(in crate::debugger) process: u32,
    /// LLDB's number of the breakpoint that panics come by.
    panics: Mutex<Option<u64>>,
}

/// What is begun before there is a process: lldb-dap has said what it can.
pub(in crate::debugger) struct Begun {
    adapter: Adapter,
    /// What it can, by the protocol's names.
    pub(in crate::debugger) capabilities: Value,
    to_events: Sender<Value>,
    events: Receiver<Value>,
}

impl Begun {
    /// Starts lldb-dap.
    ///
    /// # Errors
    /// When it does not start, or is too old; with what to do.
    pub(in crate::debugger) fn start(program: &Path) -> Result<Self, String> {
        let shown = program.display();
        let (to_events, events) = mpsc::channel();
        let adapter = Adapter::start(program, to_events.clone())
            .map_err(|error| format!("{shown} cannot be started: {error}; {HELP}"))?;
        let arguments = json!({
            "adapterID": "woozle",
            "pathFormat": "path",
            "linesStartAt1": true,
            "columnsStartAt1": true,
        });
        let capabilities = adapter
            .ask("initialize", &arguments)
            .map_err(|error| format!("{shown} does not work: {error}; {HELP}"))?;
        let version = capabilities["__lldb"]["version"].as_str().unwrap_or("");
        match major(version) {
            Some(major) if major >= OLDEST => {}
            _ => {
                let version = if version.is_empty() {
                    "unknown"
                } else {
                    version
                };
                return Err(format!("{shown} is too old ({version}); {HELP}"));
            }
        }
        Ok(Self {
            adapter,
            capabilities,
            to_events,
            events,
        })
    }

    /// Attaches to a process, which then waits for [`Attachment::go`]. Gives the events as well.
    ///
    /// # Errors
    /// Why not, with what to do.
    pub(in crate::debugger) fn attach(
        self,
        process: u32,
        commands: &[String],
    ) -> Result<(Attachment, Receiver<Value>), String> {
        let arguments = json!({
            "pid": process,
            "stopOnEntry": false,
            "timeout": PATIENCE.as_secs(),
            "initCommands": commands,
        });
        self.adapter.send_for("attach", &arguments, self.to_events);
        // It asks for breakpoints before or after it answers, by its version.
        loop {
            match self.events.recv_timeout(PATIENCE) {
                Ok(message) if message["event"] == json!("initialized") => break,
                Ok(message) if message["command"] == json!("attach") => {
                    body(message).map_err(|why| not_attached(&why))?;
                }
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => {
                    return Err(
                        "lldb-dap has not attached to the cells' process in a minute".into(),
                    );
                }
                Err(RecvTimeoutError::Disconnected) => return Err("lldb-dap has ended".into()),
            }
        }
        let attachment = Attachment {
            adapter: self.adapter,
            process,
            panics: Mutex::default(),
        };
        Ok((attachment, self.events))
    }
}

impl Attachment {
    /// Lets the process go on, with its breakpoints.
    ///
    /// # Errors
    /// When lldb-dap does not do so.
    pub(in crate::debugger) fn go(&self) -> Result<(), String> {
        self.adapter.ask("configurationDone", &json!({})).map(drop)
    }

    /// Has LLDB obey a command of its own.
    ///
    /// # Errors
    /// When it does not.
    pub(in crate::debugger) fn command(&self, command: &str) -> Result<Value, String> {
        let arguments = json!({"expression": format!("`{command}"), "context": "repl"});
        self.adapter.ask("evaluate", &arguments)
    }

    /// As [`Self::command`], where LLDB only knows less without it.
    pub(in crate::debugger) fn obey(&self, command: &str) {
        match self.command(command) {
            Ok(answer) => tracing::debug!(command, %answer, "LLDB has been told"),
            Err(error) => tracing::warn!(command, error, "LLDB knows less than it could"),
        }
    }

    /// Sets breakpoints in these sources; gives what LLDB says of each breakpoint.
    pub(in crate::debugger) fn set_lines(&self, files: &[String], lines: &[Value]) -> Vec<Value> {
        let pending: Vec<_> = files
            .iter()
            .map(|file| {
                let source = json!({"name": file, "path": file});
                let arguments = json!({"source": source, "breakpoints": lines});
                self.adapter.send("setBreakpoints", &arguments)
            })
            .collect();
        let mut answers = Vec::new();
        for answer in pending {
            let answer = answer.wait().inspect_err(|error| {
                tracing::warn!(error, "breakpoints could not be set");
            });
            let answered = answer.ok().map(|mut answer| answer["breakpoints"].take());
            let answered = answered.as_ref().and_then(Value::as_array);
            for (wanted, answer) in lines.iter().zip(answered.into_iter().flatten()) {
                let mut answer = answer.clone();
                answer["line"] = wanted["line"].clone();
                answers.push(answer);
            }
        }
        answers
    }

    /// Sets breakpoints in functions; gives what LLDB says.
    ///
    /// # Errors
    /// When it does not do so.
    pub(in crate::debugger) fn set_functions(&self, functions: &[Value]) -> Result<Value, String> {
        let arguments = json!({"breakpoints": functions});
        let answer = self.adapter.ask("setFunctionBreakpoints", &arguments)?;
        let panics = functions
            .iter()
            .position(|f| f["name"] == json!(PANIC_FUNCTION));
        let panics = panics.and_then(|at| answer["breakpoints"][at]["id"].as_u64());
        *self.panics.lock_unpoisoned() = panics;
        Ok(answer)
    }

    /// Whether a stop, as LLDB describes it, is that of a panic.
    pub(in crate::debugger) fn is_panic(&self, description: &str) -> bool {
        let number = description.strip_prefix("breakpoint ");
        let number = number.and_then(|rest| rest.split('.').next()?.parse().ok());
        number.is_some() && number == *self.panics.lock_unpoisoned()
    }

    /// Whether a stop, as LLDB describes it, is at another place of a breakpoint's line in the same function. What generated code does with
    /// a line's value counts as that line, too.
    pub(in crate::debugger) fn repeats(&self, description: &str) -> bool {
        let Some(place) = description.strip_prefix("breakpoint ") else {
            return false;
        };
        if !place.contains('.') || place.ends_with(".1") || place.contains(' ') {
            return false;
        }
        let answer = self.command(&format!("woozle_repeats {place}"));
        answer.is_ok_and(|answer| {
            answer["result"]
                .as_str()
                .is_some_and(|text| text.trim_end().ends_with("\nyes"))
        })
    }

    /// What a thread that has stopped at a panic says: the runtime's function gets the text.
    pub(in crate::debugger) fn panic_message(&self, thread: i64) -> Option<String> {
        let answer = self.command(&format!("woozle_panic {thread}")).ok()?;
        // The first line is the command.
        let text = answer["result"].as_str()?.split_once('\n')?.1.trim_end();
        Some(text.to_owned()).filter(|text| !text.is_empty())
    }

    /// Leaves the process as it was.
    pub(in crate::debugger) fn detach(&self) {
        let arguments = json!({"terminateDebuggee": false});
        if let Err(error) = self.adapter.ask("disconnect", &arguments) {
            tracing::debug!(error, "lldb-dap could not let the process go");
        }
    }
}

/// The first number of LLDB's version.
fn major(version: &str) -> Option<u32> {
    let digits = version.split(|c: char| !c.is_ascii_digit());
    digits
        .into_iter()
        .find(|part| !part.is_empty())?
        .parse()
        .ok()
}

/// Which processes may be traced on this machine, if it has such a rule.
fn ptrace_scope() -> Option<u32> {
    let scope = std::fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope");
    scope.ok()?.trim().parse().ok()
}

/// Whether no process of this user may be traced.
pub(in crate::debugger) fn is_forbidden() -> bool {
    match ptrace_scope() {
        Some(3) => true,
        Some(2) => !rustix::process::geteuid().is_root(),
        _ => false,
    }
}

/// Why there is no attaching, with what to do.
pub(in crate::debugger) fn not_attached(why: &str) -> String {
    let scope = ptrace_scope();
    let help = match scope {
        Some(3) => {
            "this machine lets no process be traced (kernel.yama.ptrace_scope is 3), which only a restart of the machine changes"
        }
        Some(2) => {
            "on this machine only root may trace processes (kernel.yama.ptrace_scope is 2): `sysctl kernel.yama.ptrace_scope=1` lets users do so"
        }
        _ => {
            "a container needs the right to trace processes: with Docker and Podman, start it with --cap-add=SYS_PTRACE"
        }
    };
    format!("the debugger cannot attach to the cells' process: {why}; {help}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read() {
        for (text, number) in [
            ("lldb version 19.1.7", Some(19)),
            (
                "lldb version 20.1.2 (https://example.org)\n  clang revision",
                Some(20),
            ),
            ("", None),
            ("lldb-1500.0.404.7", Some(1500)),
        ] {
            assert_eq!(major(text), number, "{text}");
        }
    }
}
