//! Compile a cell, run it, remember what it defined.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use woozle::protocol::{Command, Event, Outcome, Run, Stored};

use super::backend::Interrupter;
use super::checkpoints::Checkpoints;
use super::commands;
use super::folder::Folder;
use super::outlet::{Capture, Origin, Outlet};
use super::report;
use super::shared::Shared;
use super::spelling::plain_type;
use crate::compiler::compile::{Cell, CompileError, Compiler};
use crate::compiler::scope::{Scope, Variable};
use crate::compiler::source::EXPRESSION;
use crate::deps::{self, DepError, Specs};
use crate::host::{Death, FromHost, Host};
use crate::runtime::{self, Runtime};
use crate::server::CellContext;
use crate::toolchain::Toolchain;
use crate::wire::content::{ReplyError, StreamName};

/// How long a headless client's cell waits for its threads, in seconds, unless the environment
/// variable `WOOZLE_SETTLE` says otherwise.
const SETTLE: u64 = 60;

/// The error of a rustc that finds the runtime made by another one.
const OTHER_RUSTC: &str = "E0514";

/// What a session works with.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) runtime: Runtime,
    pub(super) compiler: Compiler,
    pub(super) scope: Scope,
    pub(super) host: Host,
    /// What is known of the session while a cell runs.
    pub(super) shared: Arc<Shared>,
    pub(super) outlet: Arc<Outlet>,
    pub(super) interrupter: Arc<Interrupter>,
    /// The libraries with items, in the order of their making.
    pub(super) libraries: Vec<PathBuf>,
    tools: Toolchain,
    /// The crates that `:dep` has added.
    pub(super) dependencies: Specs,
    pub(super) checkpoints: Checkpoints,
    /// What each process may allocate.
    pub(super) memory: Option<u64>,
    /// The execution count of the cell that ran last.
    pub(super) last: u32,
    /// Whether threads of the user's were alive when it ended.
    threads: bool,
    _folder: Folder,
}

/// How the host came back from a cell.
struct Ended {
    outcome: Outcome,
    stored: Vec<Stored>,
    unsettled: usize,
    threads: usize,
}

impl Work {
    /// Builds the runtime if need be, and starts a host.
    pub(super) fn start(
        toolchain: &Toolchain,
        interrupter: Arc<Interrupter>,
        shared: Arc<Shared>,
    ) -> Result<Self, String> {
        let runtime = runtime::get(toolchain, &mut |line| tracing::info!("{line}"));
        let runtime = runtime.map_err(|error| error.to_string())?;
        let folder = Folder::new().map_err(|error| error.to_string())?;
        let outlet = Arc::clone(&shared.outlet);
        let host = start_host(&runtime, &outlet)?;
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
            checkpoints: Checkpoints::default(),
            memory: None,
            last: 0,
            threads: false,
            _folder: folder,
        };
        work.request_checkpoint();
        Ok(work)
    }

    /// Runs a cell.
    pub(super) fn execute(&mut self, code: &str, context: &CellContext) -> Result<(), ReplyError> {
        let (commands, code) = commands::take(code);
        let done = self
            .obey(&commands, context)
            .and_then(|()| self.run(&code, context.execution_count, context, None));
        self.shared.publish(&self.scope, &self.dependencies);
        done
    }

    /// Compiles and runs a text.
    pub(super) fn run(
        &mut self,
        code: &str,
        number: u32,
        context: &CellContext,
        capture: Option<Capture>,
    ) -> Result<(), ReplyError> {
        self.outlet.note_comms(&context.comms);
        self.attend_host(context);
        if self.threads {
            self.request_checkpoint();
        }
        let serial = self.compiler.next_serial();
        let compiled = self.compiler.compile(serial, number, code, &self.scope);
        let mut cell = compiled.map_err(|failure| self.compile_error(&failure))?;
        if !self.interrupter.enter_host() {
            return Err(report::error(
                "KeyboardInterrupt",
                "the cell was interrupted before it ran",
            ));
        }
        for note in cell.notes.iter().chain(&self.resets(&cell)) {
            note_on(context, note);
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
        // An interrupt may have come just as the cell ended: then its host ends too.
        let ended = match (ended?, self.interrupter.leave_host()) {
            (Ok(_), true) => Err(self.death()),
            (ended, _) => ended,
        };
        let before = self.last;
        if number != EXPRESSION {
            self.last = number;
        }
        match ended {
            Ok(ended) => {
                self.threads = ended.threads > 0;
                if ended.unsettled > 0 {
                    let text = format!(
                        "{} thread(s) of this cell still run; their output may come too late for this client",
                        ended.unsettled
                    );
                    note_on(context, &text);
                }
                for note in self.remember(&cell, &ended.stored, ended.outcome == Outcome::Completed)
                {
                    note_on(context, &note);
                }
                self.request_checkpoint();
                for note in self.checkpoints.notes() {
                    note_on(context, &note);
                }
                self.outcome(&ended.outcome)
            }
            Err(death) => {
                context.stdin.abort();
                let interrupted = self.interrupter.was_interrupted();
                let crashed = (!interrupted).then(|| self.look_into(&death));
                let (mut left, whole) = self.go_on(before, context)?;
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

    /// What the compiler said, unless what it needs has gone.
    fn compile_error(&self, failure: &CompileError) -> ReplyError {
        let libraries = self.compiler.layout.libraries();
        let needed = [&self.runtime.host, &libraries];
        if let Some(gone) = needed.into_iter().find(|path| !path.exists()) {
            let reason = format!(
                "{} has been removed while this kernel used it; restart the kernel",
                gone.display()
            );
            return report::error("kernel", &reason);
        }
        if let CompileError::Errors(reports) = failure
            && reports.iter().any(|report| report.code == OTHER_RUSTC)
        {
            let reason = "rustc has been replaced by another version since this kernel started; \
                          restart the kernel";
            return report::error("kernel", reason);
        }
        report::compile_error(failure)
    }

    /// The variables with their types, a line each.
    fn variables(&self) -> String {
        let variables = &self.scope.variables;
        if variables.is_empty() {
            return "there are no variables\n".to_owned();
        }
        let longest = variables.keys().map(|name| name.chars().count()).max();
        let width = longest.unwrap_or(0);
        let line = |(name, variable): (&String, &Variable)| {
            let moved = match variable.moved_by {
                Some(by) => format!("  (moved away in cell [{by}])"),
                None => String::new(),
            };
            let mutable = if variable.mutable { "mut " } else { "" };
            format!(
                "{mutable:>4}{name:<width$}: {}{moved}\n",
                plain_type(&variable.ty)
            )
        };
        variables.iter().map(line).collect()
    }

    /// Does what a cell's commands say.
    fn obey(
        &mut self,
        commands: &[commands::Command],
        context: &CellContext,
    ) -> Result<(), ReplyError> {
        let mut specs = Specs::new();
        for command in commands {
            match command {
                commands::Command::Dep { name, value } => {
                    let has = self.dependencies.get(name) == Some(value);
                    if !has && !deps::is_built_in(name, value) {
                        specs.insert(name.clone(), value.clone());
                    }
                }
                commands::Command::Wrong(reason) => return Err(report::error("command", reason)),
                commands::Command::Help => {
                    let line = |(name, what): &(&str, &str)| format!(":{name:<11}{what}\n");
                    print_on(
                        context,
                        &commands::KNOWN.iter().map(line).collect::<String>(),
                    );
                }
                commands::Command::Undo => {
                    let done = self.undo()?;
                    note_on(context, &done);
                }
                commands::Command::Checkpoint(name) => {
                    let list = self.keep_checkpoint(name)?;
                    print_on(context, &list);
                }
                commands::Command::Rollback(name) => {
                    let done = self.rollback(name)?;
                    note_on(context, &done);
                }
                commands::Command::Limit(limit) => {
                    let done = self.limit(*limit)?;
                    print_on(context, &done);
                }
                commands::Command::Vars => print_on(context, &self.variables()),
                commands::Command::Type(name) => match self.scope.variables.get(name) {
                    Some(variable) => print_on(context, &format!("{}\n", plain_type(&variable.ty))),
                    None => {
                        let reason = format!("there is no variable `{name}`; `:vars` lists them");
                        return Err(report::error("command", &reason));
                    }
                },
                commands::Command::Explain(code) => {
                    let explained = std::process::Command::new(&self.tools.rustc)
                        .args(["--explain", code])
                        .output();
                    match explained {
                        Ok(output) if output.status.success() => {
                            print_on(context, &String::from_utf8_lossy(&output.stdout));
                        }
                        _ => {
                            let reason = format!("rustc has no explanation of {code}");
                            return Err(report::error("command", &reason));
                        }
                    }
                }
            }
        }
        if specs.is_empty() {
            return Ok(());
        }
        let bundle = deps::get(&self.tools, &specs, &mut |line| {
            tracing::info!("{line}");
            if line.starts_with("Compiling") {
                let line = format!("{line}\n");
                context
                    .iopub
                    .stream(&context.parent, StreamName::Stderr, line.as_bytes());
            }
        });
        let bundle = bundle.map_err(|error| report::error("dep", &plain(&error)))?;
        for (_, library) in bundle
            .externs
            .iter()
            .filter(|(name, _)| *name == bundle.name)
        {
            self.host.send(Command::Load {
                library: library.to_string_lossy().into_owned(),
            });
            self.libraries.push(library.clone());
        }
        let toolchain = &mut self.compiler.toolchain;
        let crates: Vec<String> = specs.keys().map(|name| name.replace('-', "_")).collect();
        toolchain.externs.retain(|(name, _)| !crates.contains(name));
        toolchain.externs.extend(bundle.externs);
        toolchain.dependencies.extend(crates);
        toolchain.bundles.push(bundle.name);
        toolchain.search.push(bundle.search);
        self.dependencies.extend(specs);
        Ok(())
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
                }) if cell == serial => {
                    return Ok(Ok(Ended {
                        outcome,
                        stored,
                        unsettled,
                        threads,
                    }));
                }
                FromHost::Event(Event::InputRequest {
                    prompt, password, ..
                }) => {
                    self.ask(prompt, password, context);
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
    fn ask(&self, prompt: String, password: bool, context: &CellContext) {
        let (context, host) = (context.clone(), self.host.sender());
        let answer = move || {
            let line = context.input(&prompt, password).ok();
            let _ = host.send(Command::Input { line });
        };
        let thread = std::thread::Builder::new().name("input".into());
        if let Err(error) = thread.spawn(answer) {
            tracing::warn!(%error, "nobody can be asked for input");
            self.host.send(Command::Input { line: None });
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

    fn outcome(&self, outcome: &Outcome) -> Result<(), ReplyError> {
        match outcome {
            Outcome::Completed => Ok(()),
            Outcome::Interrupted(place) => Err(report::interrupted(place, &self.compiler.cells)),
            Outcome::Panicked(panic) => Err(report::panicked(panic, &self.compiler.cells)),
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

pub(super) fn start_host(runtime: &Runtime, outlet: &Arc<Outlet>) -> Result<Host, String> {
    Host::start(
        &runtime.host,
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

pub(super) fn note_on(context: &CellContext, note: &str) {
    if !context.silent {
        context.iopub.stream(
            &context.parent,
            StreamName::Stderr,
            format!("note: {note}\n").as_bytes(),
        );
    }
}

/// Prints a text of ours in the cell.
fn print_on(context: &CellContext, text: &str) {
    if !context.silent {
        context
            .iopub
            .stream(&context.parent, StreamName::Stdout, text.as_bytes());
    }
}

/// What cargo says, but for the package that only we know of.
fn plain(error: &DepError) -> String {
    let text = error.to_string();
    let lines = text.lines().filter(|line| !line.contains("woozle_deps_"));
    lines.collect::<Vec<_>>().join("\n")
}
