//! lldb-dap at work on one process.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use serde_json::{Value, json};

use super::adapter::{Adapter, body};
use super::find::HELP;

/// The oldest LLDB that does.
const OLDEST: u32 = 19;

/// Attaching may take so long on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// lldb-dap, and the process that it is attached to.
#[derive(Debug)]
pub(super) struct Attachment {
    pub(super) adapter: Adapter,
    pub(super) process: u32,
}

/// What is begun before there is a process: lldb-dap has said what it can.
pub(super) struct Begun {
    adapter: Adapter,
    /// What it can, by the protocol's names.
    pub(super) capabilities: Value,
    to_events: Sender<Value>,
    events: Receiver<Value>,
}

impl Begun {
    /// Starts lldb-dap.
    ///
    /// # Errors
    /// When it does not start, or is too old; with what to do.
    pub(super) fn start(program: &Path) -> Result<Self, String> {
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
    pub(super) fn attach(
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
        };
        Ok((attachment, self.events))
    }
}

impl Attachment {
    /// Lets the process go on, with its breakpoints.
    ///
    /// # Errors
    /// When lldb-dap does not do so.
    pub(super) fn go(&self) -> Result<(), String> {
        self.adapter.ask("configurationDone", &json!({})).map(drop)
    }

    /// Leaves the process as it was.
    pub(super) fn detach(&self) {
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

/// Why there is no attaching, with what to do.
fn not_attached(why: &str) -> String {
    let scope = std::fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope");
    let scope = scope
        .ok()
        .and_then(|scope| scope.trim().parse::<u32>().ok());
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
