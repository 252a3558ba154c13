//! What is shown while cargo builds something for a cell.

use std::time::{Duration, Instant};

use crate::build::cargo::Step;
use crate::server::CellContext;
use crate::session::output::notes::print_warning;

/// The progress of a build. In a front end that can, a line that changes in place;
/// else one line at the beginning and one at the end.
pub(crate) struct BuildProgress<'a> {
    context: &'a CellContext,
    names: String,
    started: Instant,
    /// How many crates cargo has begun to compile.
    crates: u32,
    now: String,
    /// The width of the line that is shown; 0 if none is.
    width: usize,
    last: Option<Instant>,
    has_started: bool,
}

/// The line changes at most this often.
const PACE: Duration = Duration::from_millis(100);

impl<'a> BuildProgress<'a> {
    /// Of what is called so.
    pub(crate) fn new(names: String, context: &'a CellContext) -> Self {
        Self {
            context,
            names,
            started: Instant::now(),
            crates: 0,
            now: String::new(),
            width: 0,
            last: None,
            has_started: false,
        }
    }

    /// Shows a step.
    pub(crate) fn note(&mut self, step: Step<'_>) {
        if let Step::Said(line) = step {
            tracing::info!("{line}");
            match line.split_once(' ') {
                Some(("Compiling", package)) if !package.starts_with("woozle-") => {
                    self.crates += 1;
                    let package = package.split(" (").next().unwrap_or(package);
                    self.now = format!("compiling {package}");
                }
                Some(("Blocking", _)) => self.now = "waiting for another build".to_owned(),
                Some(("Updating" | "Downloading", _)) => self.now = line.to_lowercase(),
                Some(("Downloaded", package)) => self.now = format!("downloaded {package}"),
                _ => return,
            }
        }
        let is_first = !std::mem::replace(&mut self.has_started, true);
        if !self.context.allow_stdin {
            if is_first {
                let text = format!("Building {}; this happens once.\n", self.names);
                print_warning(self.context, &text);
            }
        } else if self.last.is_none_or(|last| last.elapsed() >= PACE) {
            self.last = Some(Instant::now());
            let seconds = self.started.elapsed().as_secs();
            self.show(&format!(
                "Building {} ({seconds} s): {}",
                self.names, self.now
            ));
        }
    }

    /// Puts a text in the place of the line; front ends do not know how to clear the rest of it.
    fn show(&mut self, text: &str) {
        let width = text.chars().count();
        let rest = " ".repeat(self.width.saturating_sub(width));
        print_warning(self.context, &format!("\r{text}{rest}"));
        self.width = width;
    }

    /// Says what there is now, with what it took; nothing if it was there before.
    pub(crate) fn finish(&mut self, what: &str) {
        if !self.has_started {
            return;
        }
        let seconds = self.started.elapsed().as_secs_f64();
        let crates = match self.crates {
            1 => "1 crate".to_owned(),
            crates => format!("{crates} crates"),
        };
        let text = format!("{what} ({crates} built in {seconds:.1} s)");
        if self.width > 0 {
            self.show(&text);
            print_warning(self.context, "\n");
        } else {
            print_warning(self.context, &format!("{text}\n"));
        }
    }

    /// Takes the line away.
    pub(crate) fn clear(&mut self) {
        if self.width > 0 {
            self.show("");
            print_warning(self.context, "\r");
        }
    }
}
