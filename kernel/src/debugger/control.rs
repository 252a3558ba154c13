//! What a session has of a debugger.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};
use woozle::protocol::Command;

use super::breakpoints::{self, Breakpoints};
use super::earlier::{Again, EarlierCrate};
use super::events::EventHandler;
use super::lldb::attachment::{Attachment, Begun, is_forbidden, not_attached};
use super::lldb::find;
use super::sources::files;
use super::state::State;
use crate::build::toolchain::Toolchain;
use crate::server::DebugEvents;
use crate::system::lock::LockUnpoisoned as _;

/// A session's debugger. It is off until a front end turns it on.
#[derive(Debug, Default)]
pub struct Debugger {
    state: Arc<Mutex<State>>,
    /// Held while something is attached or breakpoints are set, so that what is set last is what was wanted last.
    order: Mutex<()>,
}

impl Debugger {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock_unpoisoned()
    }

    /// Notes the toolchain of the cells.
    pub fn note_toolchain(&self, toolchain: &Toolchain) {
        self.state().rustc.clone_from(&toolchain.rustc);
    }

    /// Notes the session's folder; before its process.
    pub(crate) fn note_folder(&self, folder: &Path) {
        folder.clone_into(&mut self.state().folder);
    }

    /// Whether there is an lldb-dap, so that the kernel can say that it has a debugger.
    pub fn is_there(&self) -> bool {
        find::find(&self.state().rustc).is_ok() && !is_forbidden()
    }

    /// Whether cells are to be compiled for it.
    pub fn is_on(&self) -> bool {
        self.state().is_on
    }

    /// Why there is no more than variables, though a front end has turned it on.
    pub(super) fn problem(&self) -> Option<String> {
        self.state().problem.clone()
    }

    /// The same for a cell's output: once.
    pub fn take_note(&self) -> Option<String> {
        let mut state = self.state();
        let is_told = std::mem::replace(&mut state.is_told, true);
        let problem = state.problem.as_ref().filter(|_| !is_told)?;
        Some(format!("the debugger is not on: {problem}"))
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
            let lines = state.breakpoints.lines(&path).to_vec();
            (state.attachment.clone(), lines)
        };
        if let Some(attachment) = attachment
            && !lines.is_empty()
        {
            attachment.set_lines(&files(number), &lines);
        }
    }

    /// Notes which cell a crate is of; if that was not compiled for the debugger, its library, and what compiles it once more.
    pub fn note_crate(&self, serial: u32, cell: u32, plain: Option<(PathBuf, Again)>) {
        let mut state = self.state();
        state.crates.insert(serial, cell);
        if let Some((library, again)) = plain {
            state
                .earlier
                .push(EarlierCrate::new((serial, cell), library, again));
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
        state.is_told = false;
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
        self.state().attachment = Some(Arc::clone(&attachment));
        let handler = EventHandler {
            state: Arc::downgrade(&self.state),
            attachment: Arc::clone(&attachment),
        };
        std::thread::Builder::new()
            .name("debugger-events".into())
            .spawn(move || handler.run(&events))
            .map_err(|error| error.to_string())?;
        attachment.go()
    }

    /// Sets all that is wanted, in a process that has nothing yet.
    fn set_all(&self, attachment: &Attachment) {
        let explained = self.state().explained.clone();
        explained
            .iter()
            .for_each(|command| attachment.obey(command));
        let (lines, functions) = {
            let state = self.state();
            let lines = state.breakpoints.all_lines();
            let lines = lines.map(|(path, lines)| (state.sources.files(path), lines.to_vec()));
            (lines.collect::<Vec<_>>(), state.breakpoints.functions())
        };
        for (files, lines) in lines {
            attachment.set_lines(&files, &lines);
        }
        if !functions.is_empty()
            && let Err(error) = attachment.set_functions(&functions)
        {
            tracing::warn!(error, "breakpoints in functions could not be set");
        }
    }

    /// Sets what is wanted in a cell from here on; gives the answer.
    pub(super) fn set_lines(&self, path: &str, wanted: &[Value]) -> Vec<Value> {
        let _order = self.order.lock_unpoisoned();
        let (attachment, numbers, files, placed) = {
            let mut state = self.state();
            let text = state.sources.text(path).map(str::to_owned);
            let placed = state.breakpoints.set_lines(path, text.as_deref(), wanted);
            (
                state.attachment.clone(),
                state.sources.numbers(path),
                state.sources.files(path),
                placed,
            )
        };
        let answers = attachment.map(|attachment| {
            if !placed.is_empty() {
                self.explain(&attachment, |earlier| numbers.contains(&earlier.cell));
            }
            attachment.set_lines(&files, &placed)
        });
        breakpoints::joined(&placed, path, &answers.unwrap_or_default())
    }

    /// Has LLDB know the code of these crates, which were compiled before; false if there are none.
    pub(super) fn explain(
        &self,
        attachment: &Attachment,
        is_wanted: impl Fn(&EarlierCrate) -> bool,
    ) -> bool {
        let wanted: Vec<EarlierCrate> = {
            let mut state = self.state();
            let all = &mut state.earlier;
            all.extract_if(.., |earlier| is_wanted(earlier)).collect()
        };
        let is_any = !wanted.is_empty();
        for earlier in wanted {
            match earlier.explain() {
                Ok(command) => {
                    attachment.obey(&command);
                    self.state().explained.push(command);
                }
                Err(error) => {
                    tracing::warn!(%error, cell = earlier.cell, "an earlier cell cannot be debugged");
                }
            }
        }
        is_any
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
        attachment.command(&command)?;
        attachment.set_functions(&functions)
    }
}

/// The debugger that there is for cells of this toolchain, with its version.
///
/// # Errors
/// Why there is none; what to do stands behind a semicolon.
pub fn version(toolchain: &Toolchain) -> Result<String, String> {
    let program = find::find(&toolchain.rustc).map_err(|why| format!("{why}; {}", find::HELP))?;
    let begun = Begun::start(&program)?;
    if is_forbidden() {
        return Err(not_attached("the system forbids it"));
    }
    let version = begun.capabilities["__lldb"]["version"].as_str();
    let version = version.and_then(|version| version.lines().next());
    Ok(format!(
        "{} ({})",
        version.unwrap_or_default(),
        program.display()
    ))
}
