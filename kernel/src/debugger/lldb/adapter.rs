//! lldb-dap as a process: requests to it, and what it says by itself.

#![expect(
    clippy::disallowed_methods,
    reason = "lldb-dap, which ends with the kernel"
)]

use std::collections::HashMap;
use std::io::{self, BufReader};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::framing::{read, write};
use crate::system::lease::{self, Leased};
use crate::system::lock::LockUnpoisoned as _;

/// A request may take so long: attaching reads all symbols, and a machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running lldb-dap.
#[derive(Debug)]
pub(in crate::debugger) struct Adapter {
    link: Arc<Mutex<Link>>,
    process: Mutex<Leased>,
}

/// The way to it.
#[derive(Debug)]
struct Link {
    input: ChildStdin,
    last_seq: u64,
    /// Who waits for an answer, by the request's number.
    waiting: HashMap<u64, Sender<Value>>,
    has_ended: bool,
}

/// An answer that is on its way.
#[derive(Debug)]
pub(in crate::debugger) struct Pending {
    command: String,
    answer: Receiver<Value>,
}

impl Adapter {
    /// Starts it. Its events go to `events`, until it has ended.
    pub(in crate::debugger) fn start(program: &Path, events: Sender<Value>) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = lease::spawn(&mut command, Command::stderr)?;
        let (Some(input), Some(output)) = (process.child.stdin.take(), process.child.stdout.take())
        else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let link = Arc::new(Mutex::new(Link {
            input,
            last_seq: 0,
            waiting: HashMap::new(),
            has_ended: false,
        }));
        let answers = Arc::clone(&link);
        let read_all = move || {
            let mut output = BufReader::new(output);
            while let Ok(Some(message)) = read(&mut output) {
                match message["type"].as_str() {
                    Some("response") => answers.lock_unpoisoned().answer(message),
                    Some("event") => {
                        let _ = events.send(message); // unless nobody cares
                    }
                    _ => tracing::debug!(%message, "lldb-dap asks for something"),
                }
            }
            answers.lock_unpoisoned().end();
        };
        std::thread::Builder::new()
            .name("debugger-reader".into())
            .spawn(read_all)?;
        Ok(Self {
            link,
            process: Mutex::new(process),
        })
    }

    /// Sends a request.
    pub(in crate::debugger) fn send(&self, command: &str, arguments: &Value) -> Pending {
        let (sender, answer) = mpsc::channel();
        self.send_for(command, arguments, sender);
        Pending {
            command: command.to_owned(),
            answer,
        }
    }

    /// Sends a request; the answer goes to `sender`, which is dropped if there will be none.
    pub(in crate::debugger) fn send_for(
        &self,
        command: &str,
        arguments: &Value,
        sender: Sender<Value>,
    ) {
        let mut link = self.link.lock_unpoisoned();
        link.last_seq += 1;
        let seq = link.last_seq;
        let request =
            json!({"seq": seq, "type": "request", "command": command, "arguments": arguments});
        tracing::trace!(%request, "to lldb-dap");
        if !link.has_ended && write(&mut link.input, &request).is_ok() {
            link.waiting.insert(seq, sender);
        }
    }

    /// Sends a request and waits for what it gives.
    pub(in crate::debugger) fn ask(
        &self,
        command: &str,
        arguments: &Value,
    ) -> Result<Value, String> {
        self.send(command, arguments).wait()
    }

    /// Whether it can still answer.
    pub(in crate::debugger) fn is_running(&self) -> bool {
        !self.link.lock_unpoisoned().has_ended
    }
}

impl Drop for Adapter {
    fn drop(&mut self) {
        let child = &mut self.process.lock_unpoisoned().child;
        let _ = child.kill(); // unless it has ended
        let _ = child.wait();
    }
}

impl Link {
    fn answer(&mut self, response: Value) {
        tracing::trace!(%response, "from lldb-dap");
        let waiting = response["request_seq"].as_u64();
        if let Some(waiting) = waiting.and_then(|seq| self.waiting.remove(&seq)) {
            let _ = waiting.send(response); // unless nobody cares
        }
    }

    fn end(&mut self) {
        self.has_ended = true;
        self.waiting.clear();
    }
}

impl Pending {
    /// Waits for the answer's body.
    ///
    /// # Errors
    /// What lldb-dap has against the request, or that it has ended.
    pub(in crate::debugger) fn wait(self) -> Result<Value, String> {
        let Self { command, answer } = self;
        match answer.recv_timeout(PATIENCE) {
            Ok(response) => body(response).map_err(|why| format!("`{command}` failed: {why}")),
            Err(RecvTimeoutError::Timeout) => Err(format!(
                "lldb-dap has not answered `{command}` for a minute"
            )),
            Err(RecvTimeoutError::Disconnected) => Err("lldb-dap has ended".to_owned()),
        }
    }
}

/// What a response gives.
///
/// # Errors
/// What lldb-dap has against the request.
pub(in crate::debugger) fn body(mut response: Value) -> Result<Value, String> {
    if response["success"] == json!(true) {
        return Ok(response["body"].take());
    }
    let error = &response["body"]["error"]["format"];
    let text = response["message"].as_str().or_else(|| error.as_str());
    Err(text.unwrap_or("no reason is given").trim().to_owned())
}
