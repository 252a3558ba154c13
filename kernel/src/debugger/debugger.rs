//! What a session has of a debugger.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, Weak};

use serde_json::{Value, json};
use woozle::protocol::Command;

use super::attachment::{Attachment, Begun};
use super::breakpoints::{self, Breakpoints};
use super::earlier::{Again, EarlierCrate};
use super::find;
use super::script::Script;
use super::sources::{Sources, files};
use crate::build::toolchain::Toolchain;
use crate::build::{cache, cargo};
use crate::server::DebugEvents;
use crate::system::lock::LockUnpoisoned as _;

/// A session's debugger. It is off until a front end turns it on.
#[derive(Debug, Default)]
pub struct Debugger {
    state: Arc<Mutex<State>>,
    /// Held while something is attached or breakpoints are set, so that what is set last is what was wanted last.
    order: Mutex<()>,
}

#[derive(Default)]
pub(super) struct State {
    /// rustc, beside which there may be an lldb-dap, and Rust's formatters.
    rustc: PathBuf,
    /// The host, and the way to it.
    process: Option<u32>,
    commands: Option<Sender<Command>>,
    events: Option<DebugEvents>,
    /// Whether a front end has turned it on.
    pub(super) is_started: bool,
    /// Why it is not on nonetheless.
    problem: Option<String>,
    /// Whether it is on: then cells are compiled for it.
    pub(super) is_on: bool,
    pub(super) attachment: Option<Arc<Attachment>>,
    pub(super) breakpoints: Breakpoints,
    pub(super) sources: Sources,
    /// Whether the front end shows the calls of one thread alone: then it gets those of all as if they were that one's.
    pub(super) shows_one_thread: bool,
    /// The threads that have reported why they stopped, since the process went on last.
    pub(super) stopped: BTreeSet<i64>,
    /// Whether the cell that runs is not to stop any more: it has been interrupted.
    passes: bool,
    /// Those that a breakpoint has not been wanted in yet, and how LLDB knows the others.
    earlier: Vec<EarlierCrate>,
    explained: Vec<String>,
    /// Whether the process is about to crash, and front ends have been told.
    crashes: bool,
    /// The call whose scopes were asked for last.
    pub(super) frame: Value,
    /// What LLDB knows of Woozle.
    script: Script,
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
    fn tell(&self, event: &str, body: Value) {
        if let Some(events) = &self.events {
            events(json!({"type": "event", "seq": 0, "event": event, "body": body}));
        }
    }

    /// The process goes on: front ends have shown it as stopped.
    fn note_continued(&mut self) {
        for thread in std::mem::take(&mut self.stopped) {
            self.tell(
                "continued",
                json!({"threadId": thread, "allThreadsContinued": true}),
            );
        }
    }

    /// lldb-dap, or what it works with, was killed. The process goes on.
    fn note_lost(&self) {
        if let Some(commands) = &self.commands {
            let _ = commands.send(Command::PutBackCode); // unless the process is gone
        }
        self.tell_why("LLDB has ended; the debugger attaches again with the next cell");
    }

    /// Tells the front ends why something is not as they expect.
    fn tell_why(&self, why: &str) {
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

    /// What LLDB is told before it attaches.
    fn initial_commands(&mut self) -> Vec<String> {
        let mut commands = vec![
            // What the user steps into is the user's code.
            "settings set target.process.thread.step-avoid-regexp ^(std|core|alloc|woozle)::".to_owned(),
            self.breakpoints.crash_command(),
            "process handle -p true -s false -n false SIGUSR1 SIGUSR2 SIGHUP SIGINT SIGTERM SIGQUIT SIGALRM".to_owned(),
        ];
        if let Some(formatters) = self
            .sysroot()
            .map(|sysroot| sysroot.join("lib/rustlib/etc"))
            && formatters.join("lldb_lookup.py").is_file()
        {
            let formatters = formatters.display();
            commands.push(format!(
                "command script import \"{formatters}/lldb_lookup.py\""
            ));
            commands.push(format!(
                "command source -s 0 \"{formatters}/lldb_commands\""
            ));
        }
        match self.script.path() {
            // After Rust's own, which would be taken for all types.
            Ok(script) => commands.push(format!("command script import \"{}\"", script.display())),
            Err(error) => tracing::warn!(%error, "the debugger will not know Woozle's types"),
        }
        commands
    }
}

impl Debugger {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock_unpoisoned()
    }

    /// Notes the toolchain of the cells.
    pub fn note_toolchain(&self, toolchain: &Toolchain) {
        self.state().rustc.clone_from(&toolchain.rustc);
    }

    /// Whether there is an lldb-dap, so that the kernel can say that it has a debugger.
    pub fn is_there(&self) -> bool {
        find::find(&self.state().rustc).is_ok()
    }

    /// Whether cells are to be compiled for it.
    pub fn is_on(&self) -> bool {
        self.state().is_on
    }

    /// Why there is no more than variables, though a front end has turned it on.
    pub fn problem(&self) -> Option<String> {
        self.state().problem.clone()
    }

    /// Whether the process is stopped.
    pub fn is_stopped(&self) -> bool {
        !self.state().stopped.is_empty()
    }

    /// The lines at which it stops, by the numbers of their cells.
    pub fn lines(&self) -> BTreeMap<u32, BTreeSet<usize>> {
        let state = self.state();
        let mut lines = BTreeMap::new();
        for (path, breakpoints) in state.breakpoints.all_lines() {
            let of_cell = breakpoints
                .iter()
                .filter_map(|breakpoint| breakpoint["line"].as_u64());
            let of_cell: BTreeSet<usize> =
                of_cell.filter_map(|line| line.try_into().ok()).collect();
            for number in state.sources.numbers(path) {
                lines.insert(number, of_cell.clone());
            }
        }
        lines
    }

    /// Notes the process that now runs the cells, and the way to it; attaches to it if the debugger is on.
    pub fn note_process(&self, process: u32, commands: Sender<Command>) {
        {
            let mut state = self.state();
            state.process = Some(process);
            state.commands = Some(commands);
        }
        self.attach_again();
    }

    /// A cell is about to run: what is wanted of its text holds for it. If the debugger is on, it is attached from here on.
    pub fn begin(&self, number: u32, text: &str) {
        let path = {
            let mut state = self.state();
            state.passes = false;
            state.crashes = false;
            state.sources.note_run(number, text)
        };
        self.attach_again();
        let _order = self.order.lock_unpoisoned();
        let (attachment, lines) = {
            let state = self.state();
            (
                state.attachment.clone(),
                state.breakpoints.lines(&path).to_vec(),
            )
        };
        if let Some(attachment) = attachment
            && !lines.is_empty()
        {
            set_lines(&attachment, &[number], &lines);
        }
    }

    /// Notes which cell a crate is of; if that was not compiled for the debugger, its library, and what compiles it once more.
    pub fn note_crate(&self, serial: u32, cell: u32, plain: Option<(PathBuf, Again)>) {
        let mut state = self.state();
        state.crates.insert(serial, cell);
        if let Some((library, again)) = plain {
            state.earlier.push(EarlierCrate::new(cell, library, again));
        }
    }

    /// Lets the process go on, and not stop again before the next cell.
    pub fn end_stop(&self) {
        let mut state = self.state();
        state.passes = true;
        let thread = state.stopped.first().copied();
        if let (Some(attachment), Some(thread)) = (state.attachment.clone(), thread) {
            state.note_continued();
            drop(state);
            let _ = attachment
                .adapter
                .send("continue", &json!({"threadId": thread}));
        }
    }

    /// Attaches if it is on and the host is another one; what goes wrong is told to the front ends.
    fn attach_again(&self) {
        if self.state().is_on
            && let Err(why) = self.attach()
        {
            self.give_up(&why);
        }
    }

    /// lldb-dap, as it begins.
    pub(super) fn begin_adapter(&self) -> Result<Begun, String> {
        let rustc = self.state().rustc.clone();
        let program = find::find(&rustc).map_err(|why| format!("{why}; {}", find::HELP))?;
        Begun::start(&program)
    }

    /// Turns it on, and attaches if there is a host already.
    pub(super) fn turn_on(&self, events: DebugEvents) -> Result<(), String> {
        {
            let mut state = self.state();
            state.events = Some(events);
            state.is_started = true;
            state.is_on = true;
            state.problem = None;
        }
        let attached = self.attach();
        match &attached {
            Ok(()) => self.state().tell("initialized", json!({})),
            Err(why) => self.give_up(why),
        }
        attached
    }

    /// It does not work: there are variables, and the reason.
    fn give_up(&self, why: &str) {
        tracing::warn!(why, "the debugger is off");
        self.detach();
        let mut state = self.state();
        state.problem = Some(why.to_owned());
        state.tell_why(why);
    }

    /// Turns it off. The process goes on.
    pub(super) fn turn_off(&self) {
        self.detach();
        let mut state = self.state();
        state.is_started = false;
        state.problem = None;
        state.tell("terminated", json!({}));
    }

    fn detach(&self) {
        let _order = self.order.lock_unpoisoned();
        let attachment = {
            let mut state = self.state();
            state.is_on = false;
            state.breakpoints = Breakpoints::default();
            state.note_continued();
            state.attachment.take()
        };
        if let Some(attachment) = attachment {
            attachment.detach();
        }
    }

    fn attach(&self) -> Result<(), String> {
        let _order = self.order.lock_unpoisoned();
        let (process, commands) = {
            let mut state = self.state();
            let attached = state.attachment.as_ref();
            let attached = attached.filter(|attached| attached.adapter.is_running());
            match (state.process, attached.map(|attached| attached.process)) {
                (None, _) => return Ok(()), // as soon as it has started
                (Some(process), Some(attached)) if process == attached => return Ok(()),
                (Some(process), _) => {
                    state.note_continued();
                    state.attachment = None;
                    (process, state.initial_commands())
                }
            }
        };
        let begun = self.begin_adapter()?;
        let (attachment, events) = begun.attach(process, &commands)?;
        let attachment = Arc::new(attachment);
        self.set_all(&attachment);
        attachment.go()?;
        let handler = EventHandler {
            state: Arc::downgrade(&self.state),
            attachment: Arc::clone(&attachment),
        };
        std::thread::Builder::new()
            .name("debugger-events".into())
            .spawn(move || handler.run(&events))
            .map_err(|error| error.to_string())?;
        self.state().attachment = Some(attachment);
        Ok(())
    }

    /// Sets all that is wanted, in a process that has nothing yet.
    fn set_all(&self, attachment: &Attachment) {
        let explained = self.state().explained.clone();
        explained
            .iter()
            .for_each(|command| obey(attachment, command));
        let (lines, functions) = {
            let state = self.state();
            let lines = state.breakpoints.all_lines();
            let lines = lines.map(|(path, lines)| (state.sources.numbers(path), lines.to_vec()));
            (lines.collect::<Vec<_>>(), state.breakpoints.functions())
        };
        for (numbers, lines) in lines {
            set_lines(attachment, &numbers, &lines);
        }
        if !functions.is_empty()
            && let Err(error) = set_functions(attachment, &functions)
        {
            tracing::warn!(error, "breakpoints in functions could not be set");
        }
    }

    /// Sets what is wanted in a cell from here on; gives the answer.
    pub(super) fn set_lines(&self, path: &str, wanted: &[Value]) -> Vec<Value> {
        let _order = self.order.lock_unpoisoned();
        let (attachment, numbers, placed) = {
            let mut state = self.state();
            let text = state.sources.text(path).map(str::to_owned);
            let placed = state.breakpoints.set_lines(path, text.as_deref(), wanted);
            (
                state.attachment.clone(),
                state.sources.numbers(path),
                placed,
            )
        };
        let answers = attachment.map(|attachment| {
            if !placed.is_empty() {
                self.explain(&attachment, &numbers);
            }
            set_lines(&attachment, &numbers, &placed)
        });
        breakpoints::joined(&placed, path, &answers.unwrap_or_default())
    }

    /// Has LLDB know the code of these cells that was compiled before.
    fn explain(&self, attachment: &Attachment, numbers: &[u32]) {
        let wanted: Vec<EarlierCrate> = {
            let mut state = self.state();
            let is_wanted = |earlier: &mut EarlierCrate| numbers.contains(&earlier.cell);
            state.earlier.extract_if(.., is_wanted).collect()
        };
        for earlier in wanted {
            match earlier.explain() {
                Ok(command) => {
                    obey(attachment, &command);
                    self.state().explained.push(command);
                }
                Err(error) => {
                    tracing::warn!(%error, cell = earlier.cell, "an earlier cell cannot be debugged");
                }
            }
        }
    }

    /// Sets functions to stop at, or filters.
    pub(super) fn set_functions(
        &self,
        change: impl FnOnce(&mut Breakpoints),
    ) -> Result<Value, String> {
        let _order = self.order.lock_unpoisoned();
        let (attachment, functions, command) = {
            let mut state = self.state();
            change(&mut state.breakpoints);
            let breakpoints = &state.breakpoints;
            (
                state.attachment.clone(),
                breakpoints.functions(),
                breakpoints.crash_command(),
            )
        };
        let Some(attachment) = attachment else {
            return Ok(json!({"breakpoints": []}));
        };
        evaluate_command(&attachment, &command)?;
        set_functions(&attachment, &functions)
    }
}

/// Has LLDB obey a command of its own, without which it knows less.
fn obey(attachment: &Attachment, command: &str) {
    match evaluate_command(attachment, command) {
        Ok(answer) => tracing::debug!(command, %answer, "LLDB has been told"),
        Err(error) => tracing::warn!(command, error, "LLDB knows less than it could"),
    }
}

/// Has LLDB obey a command of its own.
pub(super) fn evaluate_command(attachment: &Attachment, command: &str) -> Result<Value, String> {
    let arguments = json!({"expression": format!("`{command}"), "context": "repl"});
    attachment.adapter.ask("evaluate", &arguments)
}

/// Sets breakpoints in the cells of these numbers; gives what LLDB says of each file.
fn set_lines(attachment: &Attachment, numbers: &[u32], lines: &[Value]) -> Vec<Value> {
    let files = numbers.iter().flat_map(|number| files(*number));
    let pending: Vec<_> = files
        .map(|file| {
            let source = json!({"name": file, "path": file});
            let arguments = json!({"source": source, "breakpoints": lines});
            attachment.adapter.send("setBreakpoints", &arguments)
        })
        .collect();
    let answers = pending.into_iter().map(|pending| pending.wait());
    answers
        .filter_map(|answer| {
            answer
                .inspect_err(|error| tracing::warn!(error, "breakpoints could not be set"))
                .ok()
        })
        .collect()
}

fn set_functions(attachment: &Attachment, functions: &[Value]) -> Result<Value, String> {
    let arguments = json!({"breakpoints": functions});
    attachment.adapter.ask("setFunctionBreakpoints", &arguments)
}

/// Whether a process has not ended.
fn is_alive(process: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"));
    let state = status.ok().and_then(|status| {
        let state = status
            .lines()
            .find_map(|line| line.strip_prefix("State:"))?;
        state.trim().chars().next()
    });
    state.is_some_and(|state| !matches!(state, 'Z' | 'X'))
}

/// Takes in what lldb-dap says by itself.
struct EventHandler {
    state: Weak<Mutex<State>>,
    attachment: Arc<Attachment>,
}

impl EventHandler {
    fn run(&self, events: &Receiver<Value>) {
        for event in events {
            let Some(state) = self.state.upgrade() else {
                return;
            };
            let body = &event["body"];
            match event["event"].as_str().unwrap_or_default() {
                "stopped" => self.stopped(&state, body),
                "continued" => state.lock_unpoisoned().note_continued(),
                "exited" | "terminated" => break, // another host may follow
                _ => {}
            }
        }
        if let Some(state) = self.state.upgrade() {
            let mut state = state.lock_unpoisoned();
            if state.is_current(&self.attachment) {
                state.attachment = None;
                state.note_continued();
                if is_alive(self.attachment.process) {
                    state.note_lost();
                }
            }
        }
    }

    fn stopped(&self, state: &Mutex<State>, body: &Value) {
        let thread = body["threadId"].as_i64().unwrap_or_default();
        let mut state = state.lock_unpoisoned();
        // What crashes comes by twice: the runtime notes where, and lets it happen once more.
        let is_crash = breakpoints::is_crash(body["description"].as_str().unwrap_or_default());
        let is_known = is_crash && std::mem::replace(&mut state.crashes, true);
        if state.passes || is_known {
            drop(state);
            let go = json!({"threadId": thread});
            let _ = self.attachment.adapter.send("continue", &go);
            return;
        }
        let mut body = body.clone();
        let thread = match std::mem::take(&mut state.pauses) {
            // Whichever thread the system has stopped first; the user thinks of the cell.
            true => i64::from(self.attachment.process),
            false => thread,
        };
        body["threadId"] = json!(thread);
        state.stopped.insert(thread);
        state.tell("stopped", body);
    }
}

impl State {
    fn is_current(&self, attachment: &Arc<Attachment>) -> bool {
        let current = self.attachment.as_ref();
        current.is_some_and(|current| Arc::ptr_eq(current, attachment))
    }
}
