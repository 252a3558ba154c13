//! Compile a cell, run it, remember what it defined.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use woozle::protocol::{Command, Event, Frame, Outcome, Place, Run, Stored, Timing};

use super::backend::Interrupter;
use super::brought_down::BroughtDown;
use super::checkpoints::Checkpoints;
use super::commands::{self, Magic};
use super::crates::Crates;
use super::folder::Folder;
use super::frames;
use super::obstacle;
use super::outlet::{Capture, Origin, Outlet};
use super::phases::Phases;
use super::remember::not_defined;
use super::report;
use super::say::{note_on, print_on, warn_on};
use super::shared::Shared;
use super::spelling::plain_type;
use super::timing;
use crate::backtrace::Lines;
use crate::compiler::compile::{Cell, CompileError, Compiler};
use crate::compiler::options::Purpose;
use crate::compiler::scope::Scope;
use crate::compiler::source::{EXPRESSION, cell_of_name};
use crate::deps::Specs;
use crate::host::{Death, FromHost, Host};
use crate::limits::{self, TooFewFiles};
use crate::runtime::{self, Runtime};
use crate::server::{Answer, CellContext};
use crate::toolchain::Toolchain;
use crate::wire::content::ReplyError;

/// How long a headless client's cell waits for its threads, in seconds, unless the environment
/// variable `WOOZLE_SETTLE` says otherwise.
const SETTLE: u64 = 60;

/// What a session works with.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) runtime: Runtime,
    pub(super) compiler: Compiler,
    pub(super) scope: Scope,
    pub(super) host: Host,
    pub(super) brought_down: BroughtDown,
    /// What is known of the session while a cell runs.
    pub(super) shared: Arc<Shared>,
    pub(super) outlet: Arc<Outlet>,
    pub(super) interrupter: Arc<Interrupter>,
    /// The libraries with items, in the order of their making.
    pub(super) libraries: Vec<PathBuf>,
    pub(super) tools: Toolchain,
    /// The crates that `:dep` has added.
    pub(super) dependencies: Specs,
    pub(super) crates: Crates,
    /// What `:env` has set in the cells' process.
    pub(super) environment: BTreeMap<String, String>,
    /// Whether `:timing` is on.
    pub(super) timing: bool,
    pub(super) checkpoints: Checkpoints,
    /// What each process may allocate.
    pub(super) memory: Option<u64>,
    /// How the host has ended, as long as nobody has been told.
    pub(super) gone: Option<Death>,
    /// The execution count of the cell that ran last.
    pub(super) last: u32,
    /// That of the one before it.
    pub(super) previous: u32,
    /// The number of the crate that was compiled last.
    pub(super) last_serial: Option<u32>,
    /// The codes of the last cell's errors.
    pub(super) last_errors: Vec<String>,
    /// What the front end is asked to do with the reply.
    pub(super) payload: Vec<serde_json::Value>,
    /// Whether threads of the user's were alive when it ended.
    threads: bool,
    folder: Folder,
}

/// How the host came back from a cell.
struct Ended {
    outcome: Outcome,
    stored: Vec<Stored>,
    unsettled: usize,
    threads: usize,
    timing: Timing,
}

impl Work {
    /// Builds the runtime if need be, and starts a host.
    pub(super) fn start(
        toolchain: &Toolchain,
        interrupter: Arc<Interrupter>,
        shared: Arc<Shared>,
    ) -> Result<Self, String> {
        limits::check(limits::SESSION, "a session")
            .map_err(|error| format!("{error}; {}", TooFewFiles::HELP))?;
        let runtime = runtime::get(toolchain, &mut |line| tracing::info!("{line}"));
        let runtime = runtime.map_err(|error| error.to_string())?;
        let folder = Folder::new().map_err(|error| error.to_string())?;
        let outlet = Arc::clone(&shared.outlet);
        let host = start_host(&runtime, &outlet, &BTreeMap::new())?;
        interrupter.watch(&host);
        shared.note_host(host.sender());
        let mut work = Self {
            shared,
            compiler: Compiler::new(runtime.toolchain.clone(), folder.path().to_owned()),
            runtime,
            scope: Scope::default(),
            host,
            outlet,
            interrupter,
            libraries: Vec::new(),
            tools: toolchain.clone(),
            dependencies: Specs::new(),
            crates: Crates::default(),
            environment: BTreeMap::new(),
            timing: false,
            brought_down: BroughtDown::default(),
            checkpoints: Checkpoints::default(),
            memory: None,
            gone: None,
            last: 0,
            previous: 0,
            last_serial: None,
            last_errors: Vec::new(),
            payload: Vec::new(),
            threads: false,
            folder,
        };
        work.request_checkpoint();
        Ok(work)
    }

    /// Runs a cell.
    pub(super) fn execute(&mut self, code: &str, context: &CellContext) -> Result<(), ReplyError> {
        let done = self.obey_and_run(code, context);
        self.crates.wanted.clear();
        self.shared.publish(&self.scope, &self.dependencies);
        limits::give_back_memory_of(code);
        done
    }

    fn obey_and_run(&mut self, text: &str, context: &CellContext) -> Result<(), ReplyError> {
        let script = commands::read(text).map_err(|reason| report::error("command", &reason))?;
        self.obey(&script.commands, context)?;
        self.refresh_crates(context)?;
        self.last_errors.clear();
        let number = context.execution_count;
        self.run_as(&script.code, number, context, None, script.magic)
    }

    /// Compiles and runs a text.
    pub(super) fn run(
        &mut self,
        code: &str,
        number: u32,
        context: &CellContext,
        capture: Option<Capture>,
    ) -> Result<(), ReplyError> {
        self.run_as(code, number, context, capture, None)
    }

    /// Compiles a text, and says what rustc has to say of it.
    fn compile(
        &mut self,
        serial: u32,
        number: u32,
        code: &str,
        context: &CellContext,
        magic: Option<Magic>,
    ) -> Result<Cell, ReplyError> {
        let purpose = match magic {
            Some(Magic::Bench) => Purpose::Bench,
            _ => Purpose::Run,
        };
        let compiled = self
            .compiler
            .compile(serial, number, code, &self.scope, purpose);
        let is_nothing = matches!(&compiled, Ok(cell) if cell.library.is_none());
        if number != EXPRESSION && !is_nothing {
            self.last_serial = Some(serial);
        }
        let cell = compiled.map_err(|failure| {
            if let CompileError::Errors(reports) = &failure {
                self.last_errors = report::codes(reports);
                if number != EXPRESSION {
                    not_defined(&mut self.scope, code, number);
                }
            }
            let mut error = self.compile_error(&failure);
            let advice = commands::meant(code, &error.evalue);
            error
                .traceback
                .extend(advice.map(|advice| format!("help: {advice}")));
            error
        })?;
        for warning in &cell.warnings {
            warn_on(context, &format!("{}\n", warning.rendered));
        }
        for note in cell.notes.iter().chain(&self.resets(&cell)) {
            note_on(context, note);
        }
        Ok(cell)
    }

    fn run_as(
        &mut self,
        code: &str,
        number: u32,
        context: &CellContext,
        capture: Option<Capture>,
        magic: Option<Magic>,
    ) -> Result<(), ReplyError> {
        self.outlet.note_comms(&context.comms);
        let mut phases = Phases::begin();
        let (serial, mut cell) = loop {
            self.attend_host(context);
            if self.threads {
                self.request_checkpoint();
            }
            let renewed = self.folder.renew();
            renewed.map_err(|error| report::error("kernel", &error.to_string()))?;
            let serial = self.compiler.next_serial();
            let cell = self.compile(serial, number, code, context, magic)?;
            self.hear();
            // If the host has ended meanwhile, there may be other variables now.
            if self.gone.is_none() {
                break (serial, cell);
            }
        };
        phases.compiled();
        if !self.interrupter.enter_host() {
            return Err(report::error(
                "KeyboardInterrupt",
                "the cell was interrupted before it ran",
            ));
        }
        let Some(library) = cell.library.clone() else {
            return Ok(());
        };
        if cell.plan.has_items() {
            self.libraries.push(library.clone());
        }
        self.outlet.register(
            serial,
            Origin {
                parent: context.parent.clone(),
                iopub: context.iopub.clone(),
                number,
                silent: context.silent,
                source: Arc::clone(&cell.source),
                library: library.clone(),
                carried: carried(&cell),
                capture,
            },
        );
        self.host.send(Command::Run(Run {
            cell: serial,
            library: library.to_string_lossy().into_owned(),
            entry: cell.entry.clone(),
            settle: (!context.allow_stdin).then(settle_limit),
        }));
        let ended = self.wait(serial, &library, context);
        phases.ran();
        // An interrupt may have come just as the cell ended: then its host ends too.
        let ended = match (ended?, self.interrupter.leave_host()) {
            (Ok(_), true) => Err(self.death()),
            (ended, _) => ended,
        };
        let before = self.last;
        if number != EXPRESSION {
            (self.previous, self.last) = (before, number);
        }
        match ended {
            Ok(ended) => {
                if self.interrupter.was_interrupted() {
                    // Nobody waits any more for what it has asked.
                    context.stdin.abort();
                }
                self.threads = ended.threads > 0;
                self.tell(&cell, &ended, context, magic);
                if ended.unsettled > 0 {
                    let text = format!(
                        "{} thread(s) that work for this cell still run; their output may come too late for this client",
                        ended.unsettled
                    );
                    note_on(context, &text);
                }
                for note in self.remember(&cell, &ended.stored, ended.outcome == Outcome::Completed)
                {
                    note_on(context, &note);
                }
                self.request_checkpoint();
                phases.log(&cell.times, &self.compiler.layout.sources(serial));
                for note in self.checkpoints.notes() {
                    note_on(context, &note);
                }
                self.outcome(&ended.outcome)
            }
            Err(death) => {
                context.stdin.abort();
                let interrupted = self.interrupter.was_interrupted();
                let crashed = (!interrupted).then(|| self.look_into(&death));
                let stopped = crashed.as_ref().and_then(|crashed| {
                    let did = report::what_it_did(&death, crashed, &self.compiler.cells);
                    self.brought_down
                        .blame(&death, did, self.checkpoints.newest())
                });
                let (mut left, whole) = self.go_on(before, "before the cell", stopped, context)?;
                if whole {
                    // What it moved away is there again.
                    cell.findings.moved.clear();
                    self.remember(&cell, &[], false);
                    if cell.plan.has_items() {
                        left.push_str("; what this cell defines is defined");
                    }
                }
                self.request_checkpoint();
                Err(match crashed {
                    Some(crashed) => report::crashed(&crashed, &left, &self.compiler.cells),
                    None => report::interrupted_hard(&left),
                })
            }
        }
    }

    /// What the compiler said, unless the cell is not to blame.
    fn compile_error(&self, failure: &CompileError) -> ReplyError {
        let folder = self.compiler.layout.libraries();
        match obstacle::find(failure, &self.runtime.host, &folder, &self.libraries) {
            Some(reason) => report::error("kernel", &reason),
            None => report::compile_error(failure),
        }
    }

    /// Says what the user wants to know of a cell that has run: its type, its times.
    fn tell(&self, cell: &Cell, ended: &Ended, context: &CellContext, magic: Option<Magic>) {
        if cell.source.cell == EXPRESSION {
            return;
        }
        if let Some(ty) = &cell.tail_type
            && ended.outcome == Outcome::Completed
        {
            print_on(context, &format!("type: {}\n", plain_type(ty)));
        }
        if magic == Some(Magic::Time) {
            print_on(context, &timing::time(&ended.timing));
        }
        if self.timing {
            let link = timing::take_link_time(&self.compiler.layout);
            print_on(context, &timing::line(&cell.times, link, &ended.timing));
        }
    }

    /// Waits until the cell has ended, or its host has (then it says how).
    fn wait(
        &mut self,
        serial: u32,
        library: &Path,
        context: &CellContext,
    ) -> Result<Result<Ended, Death>, ReplyError> {
        loop {
            match self.host.receive() {
                FromHost::Event(Event::Done {
                    cell,
                    outcome,
                    stored,
                    unsettled,
                    threads,
                    timing,
                }) if cell == serial => {
                    return Ok(Ok(Ended {
                        outcome,
                        stored,
                        unsettled,
                        threads,
                        timing,
                    }));
                }
                FromHost::Event(Event::InputRequest {
                    number,
                    prompt,
                    password,
                    ..
                }) => {
                    self.ask(number, &prompt, password, context);
                }
                FromHost::Event(Event::LoadFailed {
                    library: failed,
                    reason,
                }) if Path::new(&failed) == library => {
                    return Err(report::error(
                        "load",
                        &format!("the compiled cell cannot be loaded: {reason}"),
                    ));
                }
                FromHost::Event(Event::Checkpoint { id, made }) => {
                    self.checkpoints.made(id, made, &self.host);
                }
                FromHost::Event(Event::Deadlock {
                    cell,
                    threads,
                    maps,
                }) if cell == serial => {
                    self.tell_deadlock(&threads, &maps, context);
                }
                FromHost::Event(_) => {}
                FromHost::Gone(death) => return Ok(Err(death)),
            }
        }
    }

    /// Asks the user for a line. The host may die before there is an answer, so nobody waits here.
    fn ask(&self, number: u64, prompt: &str, password: bool, context: &CellContext) {
        // Asked at once, so that whoever ends the asking when the cell ends does not come before.
        let (answer, host) = (context.ask(prompt, password), self.host.sender());
        let answer = move || {
            let line = answer.and_then(Answer::wait).ok();
            let _ = host.send(Command::Input { number, line });
        };
        let thread = std::thread::Builder::new().name("input".into());
        if let Err(error) = thread.spawn(answer) {
            tracing::warn!(%error, "nobody can be asked for input");
            self.host.send(Command::Input { number, line: None });
        }
    }

    /// Waits for the end of a host that was killed, and says how it ended.
    fn death(&mut self) -> Death {
        loop {
            if let FromHost::Gone(death) = self.host.receive() {
                return death;
            }
        }
    }

    /// The calls in words; with lines if there are several, else the place says all.
    fn called(&self, frames: &[Frame], lines: &mut Lines<'_>) -> Vec<String> {
        let called = frames::shown(frames, &*self.outlet);
        match called.len() {
            2.. => frames::with_lines(frames, &*self.outlet, lines),
            _ => called,
        }
    }

    fn outcome(&self, outcome: &Outcome) -> Result<(), ReplyError> {
        match outcome {
            Outcome::Completed => Ok(()),
            Outcome::Interrupted { place, frames } => {
                let mut lines = Lines::new(&self.compiler);
                let place = users_place(Some(place), frames, &mut lines);
                let called = self.called(frames, &mut lines);
                Err(report::interrupted(
                    place.as_ref(),
                    &self.compiler.cells,
                    &called,
                ))
            }
            Outcome::Panicked(panic) => {
                let mut lines = Lines::new(&self.compiler);
                let own = panic.place.as_ref();
                let place = users_place(own, &panic.frames, &mut lines);
                let called = self.called(&panic.frames, &mut lines);
                let cells = &self.compiler.cells;
                Err(report::panicked(
                    panic,
                    place.as_ref().or(own),
                    cells,
                    &called,
                ))
            }
            Outcome::Failed {
                type_name,
                message,
                place,
            } => Err(report::failed(
                type_name,
                message,
                place,
                &self.compiler.cells,
            )),
        }
    }

    /// Statics that begin anew because something that they are made of was defined anew.
    fn resets(&self, cell: &Cell) -> Vec<String> {
        let names = cell.plan.reset.iter();
        names
            .map(|name| {
                format!(
                    "the static `{name}` begins anew, since what it is made of was defined anew"
                )
            })
            .collect()
    }
}

/// The earlier items that are compiled again for a cell, with the cells that their texts stand in.
fn carried(cell: &Cell) -> HashMap<String, u32> {
    let carried = cell.plan.recompiled.iter();
    let names = carried.flat_map(|live| {
        let home = live.source.cell;
        live.item.names.iter().map(move |name| (name.clone(), home))
    });
    names.collect()
}

pub(super) fn start_host(
    runtime: &Runtime,
    outlet: &Arc<Outlet>,
    environment: &BTreeMap<String, String>,
) -> Result<Host, String> {
    Host::start(
        &runtime.host,
        environment,
        Arc::clone(outlet) as Arc<dyn crate::host::Outlet>,
    )
    .map_err(|error| format!("the cell host cannot be started: {error}"))
}

fn settle_limit() -> u64 {
    let set = std::env::var("WOOZLE_SETTLE")
        .ok()
        .and_then(|seconds| seconds.parse::<f64>().ok());
    let seconds = set.filter(|seconds| *seconds >= 0.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // checked to be positive
    seconds.map_or(SETTLE * 1000, |seconds| (seconds * 1000.0) as u64)
}

/// Where in the cells something happened: at its own place, or in the innermost of the calls, since some functions of std
/// panic at their own.
fn users_place(own: Option<&Place>, frames: &[Frame], lines: &mut Lines<'_>) -> Option<Place> {
    let users = own.filter(|place| cell_of_name(&place.file).is_some());
    users.cloned().or_else(|| frames::place(frames, lines))
}
