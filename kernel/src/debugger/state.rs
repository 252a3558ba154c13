//! What is known of a session's debugger.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;

use serde_json::{Value, json};
use woozle::protocol::Command;

use super::breakpoints::Breakpoints;
use super::earlier::EarlierCrate;
use super::lldb::attachment::Attachment;
use super::lldb::script;
use super::sources::Sources;
use crate::build::{cache, cargo};
use crate::server::DebugEvents;

/// A stop that is no breakpoint.
#[derive(Debug, Clone)]
pub(super) enum Exception {
    /// By a panic of this thread.
    Panic { thread: i64 },
    /// By a signal, as LLDB describes it.
    Crash(String),
}

/// All of it, but for lldb-dap itself.
#[derive(Default)]
pub(super) struct State {
    /// The session's folder.
    pub(super) folder: PathBuf,
    /// rustc, beside which there may be an lldb-dap, and Rust's formatters.
    pub(super) rustc: PathBuf,
    /// The host, and the way to it.
    pub(super) process: Option<u32>,
    pub(super) commands: Option<Sender<Command>>,
    pub(super) events: Option<DebugEvents>,
    /// Whether a front end has turned it on.
    pub(super) is_started: bool,
    /// Why it is not on nonetheless.
    pub(super) problem: Option<String>,
    /// Whether a cell has shown that.
    pub(super) is_told: bool,
    /// Whether it is on: then cells are compiled for it.
    pub(super) is_on: bool,
    pub(super) attachment: Option<Arc<Attachment>>,
    pub(super) breakpoints: Breakpoints,
    pub(super) sources: Sources,
    /// Whether the front end is JupyterLab. It shows the calls of one thread alone, so it gets those of all as if they were that one's; and of
    /// a variable its type or its value, so it gets both as the value.
    pub(super) is_jupyterlab: bool,
    /// The threads that have reported why they stopped, since the process went on last.
    pub(super) stopped: BTreeSet<i64>,
    /// Whether the cell that runs is not to stop any more: it has been interrupted.
    pub(super) passes: bool,
    /// Those that a breakpoint has not been wanted in yet, and how LLDB knows the others.
    pub(super) earlier: Vec<EarlierCrate>,
    pub(super) explained: Vec<String>,
    /// Whether the process is about to crash, and front ends have been told.
    pub(super) crashes: bool,
    /// What has stopped the process, if it is a panic or a crash.
    pub(super) exception: Option<Exception>,
    /// The call whose scopes were asked for last.
    pub(super) frame: Value,
    /// The cells that crates are of.
    pub(super) crates: BTreeMap<u32, u32>,
    /// Whether a front end has asked for the process to stop.
    pub(super) pauses: bool,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("is_on", &self.is_on)
            .field("process", &self.process)
            .field("stopped", &self.stopped)
            .finish_non_exhaustive()
    }
}

impl State {
    /// Tells the front ends.
    pub(super) fn tell(&self, event: &str, body: Value) {
        if let Some(events) = &self.events {
            events(json!({"type": "event", "seq": 0, "event": event, "body": body}));
        }
    }

    /// The process goes on: front ends have shown it as stopped.
    pub(super) fn note_continued(&mut self) {
        self.exception = None;
        for thread in std::mem::take(&mut self.stopped) {
            self.tell(
                "continued",
                json!({"threadId": thread, "allThreadsContinued": true}),
            );
        }
    }

    /// lldb-dap, or what it works with, was killed. The process goes on.
    pub(super) fn note_lost(&self) {
        if let Some(commands) = &self.commands {
            let _ = commands.send(Command::PutBackCode); // unless the process is gone
        }
        self.tell_why("LLDB has ended; the debugger attaches again with the next cell");
    }

    /// Tells the front ends why something is not as they expect.
    pub(super) fn tell_why(&self, why: &str) {
        self.tell(
            "output",
            json!({"category": "important", "output": format!("{why}\n")}),
        );
    }

    /// Folders with sources that are not the user's.
    pub(super) fn others(&self) -> Vec<PathBuf> {
        let sysroot = self.sysroot().map(Path::to_owned);
        let all = [Some(cache::folder()), cargo::home(), sysroot];
        all.into_iter().flatten().collect()
    }

    fn sysroot(&self) -> Option<&Path> {
        self.rustc.parent().and_then(Path::parent)
    }

    pub(super) fn is_current(&self, attachment: &Arc<Attachment>) -> bool {
        let current = self.attachment.as_ref();
        current.is_some_and(|current| Arc::ptr_eq(current, attachment))
    }

    /// What LLDB is told before it attaches.
    pub(super) fn initial_commands(&self) -> Vec<String> {
        let mut commands = vec![
            // What the user steps into is the user's code.
            "settings set target.process.thread.step-avoid-regexp ^(std|core|alloc|woozle)::".to_owned(),
            // A line that is not in one of a cell's files is in the other.
            "settings set target.move-to-nearest-code false".to_owned(),
            self.breakpoints.crash_command(),
            "process handle -p true -s false -n false SIGUSR1 SIGUSR2 SIGHUP SIGINT SIGTERM SIGQUIT SIGALRM".to_owned(),
        ];
        let formatters = self
            .sysroot()
            .map(|sysroot| sysroot.join("lib/rustlib/etc"));
        if let Some(formatters) =
            formatters.filter(|folder| folder.join("lldb_lookup.py").is_file())
        {
            let formatters = formatters.display();
            commands.push(format!(
                "command script import \"{formatters}/lldb_lookup.py\""
            ));
            commands.push(format!(
                "command source -s 0 \"{formatters}/lldb_commands\""
            ));
        }
        match script::write(&self.folder) {
            // After Rust's own, which would be taken for all types.
            Ok(script) => commands.push(format!("command script import \"{}\"", script.display())),
            Err(error) => tracing::warn!(%error, "the debugger will not know Woozle's types"),
        }
        commands
    }
}
