//! A cell under `%%explore`: compiled apart from the session, run under many schedules, and what that has found is shown.

use std::fs;

use crate::compiler::driver::explored::{Against, Explored, NotExplored};
use crate::explore::options::{Options, Replay};
use crate::explore::process::{self, Ended};
use crate::explore::report::{Failure, Report};
use crate::explore::schedule::{self, Kind, Schedule};
use crate::explore::{html, package, text};
use crate::server::CellContext;
use crate::session::engine::Engine;
use crate::session::output::notes::{print_text, print_warning};
use crate::session::output::router::mime_bundle;
use crate::session::report::errors::{self, CellError};
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
        let explored = self.compile_explored(number, code, context)?;
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

    fn compile_explored(
        &mut self,
        number: u32,
        code: &str,
        context: &CellContext,
    ) -> Result<Explored, CellError> {
        let mut is_told = false;
        let package = package::get(&self.toolchain, &*self.interrupter, &mut |line| {
            tracing::info!("{line}");
            if !std::mem::replace(&mut is_told, true) {
                let text = "Building what `%%explore` needs with this rustc; this happens once.\n";
                print_warning(context, text);
            }
        });
        let package = package.map_err(|error| self.stopped(&error.to_string()))?;
        self.configure_compiler();
        let against = Against {
            library: &package.library,
            folder: &package.folder,
            libraries: &self.toolchain.libraries,
        };
        let scope = &self.state.scope;
        let explored = self.compiler.compile_explored(number, code, scope, against);
        explored.map_err(|error| match error {
            NotExplored::Compile(error) => errors::compile_error(&error),
            NotExplored::Refused(reason) => CellError::new(EXPLORE, &reason),
        })
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
        serde_json::from_str(&text).map_err(|error| CellError::kernel(&error.to_string()))
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

/// What happened, after the name of the failure.
fn summary(failure: Failure, schedule: &Schedule) -> String {
    match failure {
        Failure::Panic => {
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
