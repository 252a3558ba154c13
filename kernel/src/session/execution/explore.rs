//! A cell under `%%explore`: compiled apart from the session, run under many schedules, and what that has found is shown.

use std::fs;

use crate::compiler::driver::explored::{Against, Draft, Explored, NotExplored, Value};
use crate::compiler::names;
use crate::compiler::resolve::session_scope::Variable;
use crate::server::CellContext;
use crate::session::engine::Engine;
use crate::session::magics::explore::options::{Options, Replay};
use crate::session::magics::explore::process::{self, Ended};
use crate::session::magics::explore::report::{Failure, Report};
use crate::session::magics::explore::schedule::{self, Kind, Schedule};
use crate::session::magics::explore::values::{self, Shape};
use crate::session::magics::explore::{html, package, text};
use crate::session::output::notes::print_text;
use crate::session::output::progress::BuildProgress;
use crate::session::output::router::mime_bundle;
use crate::session::report::errors::{self, CellError};
use crate::session::report::spelling::plain_type;
use crate::system::exit;
use crate::wire::content::{DisplayData, MimeBundle, Transient};

/// The name of the error of a cell that fails under some schedule.
const FAILING: &str = "FailingSchedule";

/// The name of the error of one that cannot be explored.
const EXPLORE: &str = "explore";

impl Engine {
    /// Runs a cell under many schedules. Nothing of the session is touched.
    pub(crate) fn explore(
        &mut self,
        number: u32,
        code: &str,
        options: &Options,
        context: &CellContext,
    ) -> Result<(), CellError> {
        let explored = self.program_of(number, code, context)?;
        if let Some(replay) = &options.replay
            && replay.cell != explored.key
        {
            let reason = "the schedule to replay is of another cell, or this one has changed since";
            return Err(CellError::new(EXPLORE, reason));
        }
        let report = self.run_explored(&explored, options)?;
        let Some(failure) = report.failure() else {
            print_text(context, &format!("{}\n", report.holds()));
            return Ok(());
        };
        let replay = Replay {
            cell: explored.key.clone(),
            choices: report.choices.clone(),
        };
        let replay = replay.shown();
        let schedule = schedule::of(&report, &explored.cells, number);
        let shown = [
            ("text/plain", text::text(&report, &schedule, &replay)),
            ("text/html", html::html(&report, &schedule, &replay)),
        ];
        if !context.silent {
            let data = shown.map(|(mime, text)| (mime.to_owned(), text));
            let display = DisplayData {
                data: mime_bundle(data.into()),
                metadata: MimeBundle::new(),
                transient: Transient::default(),
            };
            context.iopub.send(&context.parent, display);
        }
        let message = format!("{}{}", failure.name(), summary(failure, &schedule));
        Err(CellError::new(FAILING, &message))
    }

    /// Makes a program of a cell.
    fn program_of(
        &mut self,
        number: u32,
        code: &str,
        context: &CellContext,
    ) -> Result<Explored, CellError> {
        self.configure_compiler();
        let scope = &self.state.scope;
        let draft = self.compiler.draft_explored(number, code, scope);
        let draft = draft.map_err(not_explored)?;
        let values = self.values_for(&draft, context)?;
        let mut progress = BuildProgress::new("what `%%explore` needs".to_owned(), context);
        let built = package::get(&self.toolchain, &*self.interrupter, &mut |step| {
            progress.note(step);
        });
        let package = match built {
            Ok(package) => package,
            Err(error) => {
                progress.clear();
                return Err(self.stopped(&error.to_string()));
            }
        };
        progress.finish("Built what `%%explore` needs");
        let against = Against {
            library: &package.library,
            runtime: &package.runtime,
            parking_lot: &package.parking_lot,
            folder: &package.folder,
            libraries: &self.toolchain.libraries,
        };
        let scope = &self.state.scope;
        let explored = self
            .compiler
            .compile_explored(draft, &values, scope, against);
        explored.map_err(|error| match error {
            NotExplored::Misses(name) => {
                let variable = &scope.variables[&name];
                CellError::new(EXPLORE, &not_given(&name, variable))
            }
            other => not_explored(other),
        })
    }

    /// The values of the earlier variables that a cell uses.
    fn values_for(
        &mut self,
        draft: &Draft,
        context: &CellContext,
    ) -> Result<Vec<Value>, CellError> {
        let scope = &self.state.scope;
        let item = |name: &str| {
            let item = scope.item(name)?;
            Some(item.source.text[item.item.range.clone()].to_owned())
        };
        let mut found: Vec<(String, bool, Shape)> = Vec::new();
        for name in draft.reads() {
            let Some(variable) = scope.variables.get(name) else {
                continue;
            };
            let shape = Shape::of(&variable.ty, &item).filter(|_| variable.kind.is_none());
            let is_whole = variable.moved_by.is_none() && variable.parts.is_empty();
            // Another one may be meant, or none: rustc tells when one is missing.
            if let Some(shape) = shape.filter(|_| is_whole) {
                found.push((name.clone(), variable.mutable, shape));
            }
        }
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let names: Vec<String> = found.iter().map(|(name, ..)| format!("&{name}")).collect();
        let code = format!("::std::format!(\"{{:?}}\", ({},))", names.join(", "));
        let untouched = self.state.scope.untouched.clone();
        let shown = self.captured(&code, context);
        // To copy them settles nothing about their types.
        self.state.scope.untouched = untouched;
        let shown = shown?.unwrap_or_default();
        let scope = &self.state.scope;
        let item = |name: &str| {
            let item = scope.item(name)?;
            Some(item.source.text[item.item.range.clone()].to_owned())
        };
        let shown = shown.into_iter().find(|(mime, _)| mime == "text/plain");
        let texts = shown.and_then(|(_, text)| values::of_tuple(&text));
        let texts = texts.filter(|texts| texts.len() == found.len());
        let unread = || CellError::kernel("the values of earlier variables cannot be read");
        let pairs = found.into_iter().zip(texts.ok_or_else(unread)?);
        let values = pairs.map(|((name, is_mutable, shape), text)| {
            let value = shape.value(&text, &item).ok_or_else(unread)?;
            let ty = shape.written();
            Ok(Value {
                name,
                is_mutable,
                ty,
                value,
            })
        });
        values.collect()
    }

    fn run_explored(&self, explored: &Explored, options: &Options) -> Result<Report, CellError> {
        let file = explored.program.with_extension("json");
        let _ = fs::remove_file(&file); // mostly there is none
        let ended = process::run(&explored.program, &file, options, &*self.interrupter);
        let ended = ended.map_err(|error| CellError::kernel(&error.to_string()))?;
        if self.interrupter.was_interrupted() {
            return Err(self.stopped(""));
        }
        match ended {
            Ended::TooLate => {
                let seconds = options.time.as_secs();
                return Err(CellError::new(
                    FAILING,
                    &format!(
                        "Endless: a schedule did not end within {seconds} s. A thread runs on without a call of std's that lets another one run"
                    ),
                ));
            }
            Ended::Exited(status) if !file.exists() => {
                return Err(CellError::new(
                    FAILING,
                    &format!(
                        "Exit: under some schedule the cell has ended its process ({}): by `exit` or `abort`, by a panic while another one was under way, or since it needed more memory than there is",
                        exit::shown(status)
                    ),
                ));
            }
            Ended::Exited(_) => {}
        }
        let text = fs::read_to_string(&file);
        let text = text.map_err(|error| CellError::kernel(&error.to_string()))?;
        let report = serde_json::from_str::<Report>(&text);
        let mut report = report.map_err(|error| CellError::kernel(&error.to_string()))?;
        report.locate(&explored.program);
        Ok(report)
    }

    /// Something has ended early: by an interrupt, or for this reason.
    fn stopped(&self, reason: &str) -> CellError {
        if self.interrupter.was_interrupted() {
            CellError::interrupt("the cell was interrupted")
        } else {
            CellError::kernel(reason)
        }
    }
}

fn not_explored(error: NotExplored) -> CellError {
    match error {
        NotExplored::Compile(error) => errors::compile_error(&error),
        NotExplored::Refused(reason) => CellError::new(EXPLORE, &reason),
        NotExplored::Misses(name) => CellError::new(EXPLORE, &name),
    }
}

/// Why the program cannot begin with the value of a variable.
fn not_given(name: &str, variable: &Variable) -> String {
    let cell = names::cell_name(variable.cell);
    let ty = plain_type(&variable.ty);
    if let Some(by) = variable.moved_by {
        let by = names::cell_name(by);
        return format!("the variable `{name}: {ty}` of {cell} was moved away by {by}");
    }
    format!(
        "`%%explore` runs a cell many times, each time from its beginning, and apart from the session: it cannot use the variable `{name}: {ty}` of {cell}. It gets copies of numbers, texts, collections of such, and structs and enums that derive `Clone` and `Debug`; make anything else within the cell"
    )
}

/// What happened, after the name of the failure.
fn summary(failure: Failure, schedule: &Schedule) -> String {
    match failure {
        Failure::Panic | Failure::Error => {
            let failing = schedule.steps.iter().rfind(|step| step.kind == Kind::Fails);
            failing.map_or(String::new(), |step| {
                let line = step.line.as_ref();
                let line = line.map_or(String::new(), |(number, _)| format!(" in line {number}"));
                let message = step.notes.last().and_then(|note| note.lines().next());
                format!("{line}: {}", message.unwrap_or_default())
            })
        }
        Failure::Deadlock => format!(": {}", schedule.stuck.join("; ")),
        Failure::Endless => {
            ": under this schedule the threads go on without end, or for more than 20000 steps"
                .to_owned()
        }
    }
}
