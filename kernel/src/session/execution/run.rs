//! One cell under way: compiled, run by the host, and what it defined remembered.
//!
//! [`CellRun::run`] has the steps in their order.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use woozle::protocol::{Command, Outcome, Run};

use super::define::not_defined;
use super::wait::{Finished, HostEnd};
use crate::compiler::codegen::borrowing::Borrowing;
use crate::compiler::driver::{Cell, CompileError};
use crate::compiler::profile::Purpose;
use crate::compiler::syntax::source::EXPRESSION;
use crate::host::Death;
use crate::server::CellContext;
use crate::session::assist::import_hints;
use crate::session::commands::catalog::Magic;
use crate::session::commands::foreign::shell_advice;
use crate::session::engine::Engine;
use crate::session::magics::timing::lines;
use crate::session::magics::timing::phases::Phases;
use crate::session::output::notes::{print_note, print_text, print_warning};
use crate::session::output::router::{Capture, CellRoute};
use crate::session::report::errors::{self, CellError};
use crate::session::report::spelling::plain_type;
use crate::session::report::{crash, outcome, toolchain_fault};

/// How long a headless client's cell waits for its threads, in seconds, unless the environment
/// variable `WOOZLE_SETTLE` says otherwise.
const SETTLE: u64 = 60;

/// How long the threads of a cell under `%%timeline` are watched after its last line, in milliseconds, where they would not be
/// waited for otherwise.
const WATCHED: u64 = 10_000;

/// So often a cell may be lost with a host that ended before the cell began. What ends each host is the cell's to tell then.
const MOST_ATTEMPTS: u32 = 3;

/// A cell, its library, and how the host came back from it.
type Attempt = (Cell, PathBuf, Result<Finished, HostEnd>);

/// A cell, or an expression of the client's or of a command, that is under way.
pub(crate) struct CellRun<'a> {
    pub(crate) engine: &'a mut Engine,
    pub(crate) context: &'a CellContext,
    /// Its code, without commands.
    pub(crate) code: &'a str,
    /// Its execution count, or [`EXPRESSION`].
    pub(crate) number: u32,
    /// The first line of the cell, if it is one that says how to run it.
    pub(crate) magic: Option<Magic>,
    /// Where its value goes, if that is not to be shown.
    pub(crate) capture: Option<Capture>,
    /// Whether a checkpoint is made when it has ended.
    pub(crate) makes_checkpoint: bool,
    /// Whether what rustc has to say of it has been printed.
    pub(crate) is_told: bool,
}

impl<'a> CellRun<'a> {
    /// An expression that is no cell of the user's.
    pub(crate) fn expression(
        engine: &'a mut Engine,
        context: &'a CellContext,
        code: &'a str,
    ) -> Self {
        Self {
            engine,
            context,
            code,
            number: EXPRESSION,
            magic: None,
            capture: None,
            makes_checkpoint: true,
            is_told: false,
        }
    }

    /// Runs it to its end.
    pub(crate) fn run(mut self) -> Result<(), CellError> {
        if let Some(Magic::Explore(options)) = &self.magic {
            return self
                .engine
                .explore(self.number, self.code, options, self.context);
        }
        let router = &self.engine.published.router;
        router.note_comms(&self.context.comms);
        let mut phases = Phases::begin();
        let mut attempts = 0;
        loop {
            attempts += 1;
            let Some((cell, library, ended)) = self.run_once(&mut phases)? else {
                return Ok(());
            };
            match ended {
                Ok(finished) => return self.finish(&cell, library, &finished, phases),
                // Another host runs it: nothing of it has happened.
                Err(end) if !end.has_begun && attempts < MOST_ATTEMPTS => {
                    self.engine.host.death = Some(end.death);
                }
                Err(end) => return self.recover(cell, library, &end.death),
            }
        }
    }

    /// Compiles it, and has the host run it; nothing if there is nothing to run.
    fn run_once(&mut self, phases: &mut Phases) -> Result<Option<Attempt>, CellError> {
        let cell = self.compile_for_this_host()?;
        phases.compiled();
        let interrupter = &self.engine.interrupter;
        let may_run = match cell.library {
            Some(_) => interrupter.enter_host(),
            None => !interrupter.was_interrupted(),
        };
        if !may_run {
            let text = "the cell was interrupted before it ran";
            return Err(CellError::interrupt(text));
        }
        let Some(library) = cell.library.clone() else {
            self.wait_for_types(&cell);
            return Ok(None);
        };
        self.start(&cell, &library);
        let ended = self.engine.wait(cell.serial, &library, self.context);
        phases.ran();
        // An interrupt may have come just as the cell ended: then its host ends too.
        let is_killed = self.engine.interrupter.leave_host();
        let ended = match ended? {
            Ok(_) if is_killed => Err(HostEnd {
                death: self.engine.host.await_death(),
                has_begun: true,
            }),
            Err(end) => Err(HostEnd {
                has_begun: end.has_begun || is_killed,
                ..end
            }),
            finished => finished,
        };
        Ok(Some((cell, library, ended)))
    }

    /// Compiles it against what the host has. If the host ends meanwhile, there may be other variables then.
    fn compile_for_this_host(&mut self) -> Result<Cell, CellError> {
        loop {
            self.engine.ensure_host(self.context);
            let renewed = self.engine.folder.renew();
            renewed.map_err(|error| CellError::kernel(&error.to_string()))?;
            let cell = self.compile()?;
            self.engine.drain_host_events();
            if self.engine.host.death.is_none() {
                return Ok(cell);
            }
        }
    }

    /// Compiles it, and prints what rustc has to say of it.
    fn compile(&mut self) -> Result<Cell, CellError> {
        let purpose = match self.magic {
            Some(Magic::Bench) => Purpose::Bench,
            _ => Purpose::Run,
        };
        let compiled = self.engine.compile(self.number, self.code, purpose);
        let is_nothing = matches!(&compiled, Ok(cell) if cell.library.is_none());
        if self.is_users() && !is_nothing {
            self.engine.last_compiled.serial = Some(self.engine.compiler.last);
        }
        let cell = compiled.map_err(|failure| self.compile_error(&failure))?;
        if std::mem::replace(&mut self.is_told, true) {
            return Ok(cell); // compiled again, for another host
        }
        for warning in &cell.warnings {
            print_warning(self.context, &format!("{}\n", warning.rendered));
        }
        for note in &cell.notes {
            print_note(self.context, note);
        }
        for name in &cell.plan.reset {
            let note = format!(
                "the static `{name}` begins anew, since what it is made of was defined anew"
            );
            print_note(self.context, &note);
        }
        Ok(cell)
    }

    /// What the compiler said, unless the cell is not to blame.
    fn compile_error(&mut self, failure: &CompileError) -> CellError {
        let engine = &mut *self.engine;
        if let CompileError::Errors(reports) = failure {
            engine.last_compiled.error_codes = errors::codes(reports);
            if self.number != EXPRESSION {
                not_defined(&mut engine.state.scope, self.code, self.number);
            }
        }
        let folder = engine.compiler.layout.libraries();
        let (host, libraries) = (&engine.host.program, &engine.state.libraries);
        let hints = match failure {
            CompileError::Errors(reports) => import_hints(reports, &engine.state.scope),
            CompileError::Broken(_) => Vec::new(),
        };
        let mut error = match toolchain_fault::find(failure, host, &folder, libraries) {
            Some(reason) => CellError::kernel(&reason),
            None => errors::compile_error(failure),
        };
        let advice = shell_advice(self.code, &error.message);
        let advice = advice.into_iter().chain(hints);
        error
            .traceback
            .extend(advice.map(|advice| format!("help: {advice}")));
        error
    }

    /// Nothing of it runs now.
    fn wait_for_types(&mut self, cell: &Cell) {
        if cell.waiting.after.is_empty() {
            return;
        }
        self.note_route(cell, Path::new(""));
        self.engine.state.advance_to(self.number);
        for note in self.engine.settle_held(cell, &[], true) {
            print_note(self.context, &note);
        }
        self.engine.request_checkpoint();
    }

    /// Notes where its output goes, and its text.
    fn note_route(&self, cell: &Cell, library: &Path) {
        let route = CellRoute {
            parent: self.context.parent.clone(),
            iopub: self.context.iopub.clone(),
            number: self.number,
            silent: self.context.silent,
            source: Arc::clone(&cell.source),
            library: library.to_owned(),
            recompiled: recompiled(cell),
            around: cell.waiting.around,
            capture: self.capture.clone(),
        };
        let router = &self.engine.published.router;
        router.register(cell.serial, cell.serial_of_symbols, route);
        self.engine.note_crate(cell.serial, self.number, library);
    }

    /// Has the host run it.
    fn start(&self, cell: &Cell, library: &Path) {
        self.note_route(cell, library);
        let recorded = self.magic == Some(Magic::Timeline);
        let settle = match (self.context.allow_stdin, recorded) {
            (false, _) => Some(settle_limit()),
            // What threads do after the cell's last line is to be seen as well.
            (true, true) => Some(settle_limit().min(WATCHED)),
            (true, false) => None,
        };
        self.engine.host.send(Command::Run(Run {
            cell: cell.serial,
            library: library.to_string_lossy().into_owned(),
            entry: cell.entry.clone(),
            settle,
            recorded,
        }));
    }

    /// The host has come back from it.
    fn finish(
        self,
        cell: &Cell,
        library: PathBuf,
        finished: &Finished,
        phases: Phases,
    ) -> Result<(), CellError> {
        if self.engine.interrupter.was_interrupted() {
            // Nobody waits any more for what it has asked.
            self.context.stdin.abort();
        }
        if self.is_users() {
            self.engine.state.advance_to(self.number);
            self.print_results(cell, finished);
        }
        if finished.unsettled > 0 {
            let why = match self.context.allow_stdin {
                true => "they were watched until now",
                false => "their output may come too late for this client",
            };
            let threads = finished.unsettled;
            let text = format!("{threads} thread(s) that work for this cell still run; {why}");
            print_note(self.context, &text);
        }
        if !finished.recorded.is_empty() {
            let recorded = &finished.recorded;
            self.engine
                .show_timeline(self.number, recorded, self.context);
        }
        let engine = self.engine;
        engine.state.has_threads = finished.threads > 0;
        if cell.plan.has_items() || !cell.kinds.is_empty() {
            engine.state.libraries.push(library);
        }
        let is_complete = finished.outcome == Outcome::Completed;
        let mut notes = engine.remember(cell, &finished.stored, is_complete);
        notes.extend(engine.settle_held(cell, &finished.stored, is_complete));
        for note in notes {
            print_note(self.context, &note);
        }
        if self.makes_checkpoint {
            engine.request_checkpoint();
        }
        let compiler = &engine.compiler;
        phases.log(&cell.times, &compiler.layout.sources(cell.serial));
        for note in engine.checkpoints.take_notes() {
            print_note(self.context, &note);
        }
        let router = &engine.published.router;
        outcome::result(&finished.outcome, compiler, &**router)
    }

    /// Prints what the user wants to know of it besides: its type, its times.
    fn print_results(&self, cell: &Cell, finished: &Finished) {
        if let Some(ty) = &cell.tail_type
            && finished.outcome == Outcome::Completed
        {
            print_text(self.context, &format!("type: {}\n", plain_type(ty)));
        }
        if self.magic == Some(Magic::Time) {
            print_text(self.context, &lines::time(&finished.timing));
        }
        if self.engine.state.settings.timing {
            let line = lines::line(&cell.times, &finished.timing);
            print_text(self.context, &line);
        }
    }

    /// Its host has died: the session goes on from before it, and it has failed.
    fn recover(self, mut cell: Cell, library: PathBuf, death: &Death) -> Result<(), CellError> {
        self.context.stdin.abort();
        let is_users = self.is_users();
        let engine = self.engine;
        let before = engine.state.last;
        if is_users {
            engine.state.advance_to(self.number);
        }
        let interrupted = engine.interrupter.was_interrupted();
        let report = (!interrupted).then(|| engine.crash_report(death));
        let stopped = report.as_ref().and_then(|report| {
            let how = crash::thread_crashed(death, report, &engine.compiler.cells);
            let newest = engine.checkpoints.newest();
            engine.crash_blame.blame(death, how, newest)
        });
        let graph = engine.state.settings.dependencies.graph.clone();
        let recovered = engine.recover(before, "before the cell", stopped, self.context)?;
        let mut left = recovered.left;
        // What it has from a crate of its own commands went with that crate.
        let now = &engine.state.settings.dependencies.graph;
        let has_crates = now.has_the_steps_of(&graph);
        if recovered.is_complete && has_crates {
            // What it moved away is there again.
            cell.findings.moved.clear();
            cell.findings.borrowing = Borrowing::default();
            cell.plan.reads.clear(); // it has taken nothing
            engine.remember(&cell, &[], false);
            engine.keep_held();
            if cell.plan.has_items() {
                engine.host.load(&library);
                engine.state.libraries.push(library);
                left.push_str("; what this cell defines is defined");
            }
        }
        engine.request_checkpoint();
        Err(match report {
            Some(report) => crash::crashed(&report, &left, &engine.compiler.cells),
            None => crash::killed_by_interrupt(&left),
        })
    }

    /// Whether it is a cell of the user's.
    fn is_users(&self) -> bool {
        self.number != EXPRESSION
    }
}

/// The earlier items that are compiled again for a cell, with the cells that their texts stand in.
fn recompiled(cell: &Cell) -> HashMap<String, u32> {
    let items = cell.plan.recompiled.values();
    let names = items.flat_map(|live| {
        let home = live.source.cell;
        live.item.names.iter().map(move |name| (name.clone(), home))
    });
    names.collect()
}

fn settle_limit() -> u64 {
    let set = std::env::var("WOOZLE_SETTLE")
        .ok()
        .and_then(|seconds| seconds.parse::<f64>().ok());
    let seconds = set.filter(|seconds| *seconds >= 0.0);
    // Checked to be positive.
    seconds.map_or(SETTLE * 1000, |seconds| (seconds * 1000.0) as u64)
}
