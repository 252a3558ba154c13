//! What a run shows while it goes on: the cells' output, and on a terminal a line that moves.
//!
//! Text goes to stdout and stderr as the cells wrote it. The moving line is taken away before
//! anything is printed and comes back only at the start of a line, so that the two never mix.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::wire::content::{Content, MimeBundle, StreamName};

const TICK: Duration = Duration::from_millis(120);

pub struct Screen {
    /// The number of cells that are to be run.
    total: usize,
    stdout: Box<dyn Write + Send>,
    stderr: Box<dyn Write + Send>,
    /// Whether there is a moving line. It is drawn on stderr.
    moving: bool,
    /// Whether colours are left in the text of errors.
    coloured: bool,
    bar: Option<ProgressBar>,
    running: Option<Running>,
    /// The cell whose header was printed last.
    header: usize,
    /// Whether the text so far ends with a line's end.
    at_line_start: bool,
    /// What displays became, by their names: of a progress bar only the end is printed.
    updates: BTreeMap<Option<String>, (usize, String)>,
}

/// The cell that is being run.
struct Running {
    number: usize,
    line: String,
    since: Instant,
}

impl Screen {
    /// The screen of this process.
    pub fn new(total: usize) -> Self {
        let moving = io::stdout().is_terminal() && io::stderr().is_terminal();
        let coloured = io::stderr().is_terminal();
        Self::with(
            total,
            Box::new(io::stdout()),
            Box::new(io::stderr()),
            moving,
            coloured,
        )
    }

    /// A screen without a moving line or colours, which writes elsewhere.
    pub fn plain(
        total: usize,
        stdout: Box<dyn Write + Send>,
        stderr: Box<dyn Write + Send>,
    ) -> Self {
        Self::with(total, stdout, stderr, false, false)
    }

    fn with(
        total: usize,
        stdout: Box<dyn Write + Send>,
        stderr: Box<dyn Write + Send>,
        moving: bool,
        coloured: bool,
    ) -> Self {
        Self {
            total,
            stdout,
            stderr,
            moving,
            coloured,
            bar: None,
            running: None,
            header: 0,
            at_line_start: true,
            updates: BTreeMap::new(),
        }
    }

    /// A cell starts.
    pub fn cell(&mut self, number: usize, source: &str) {
        let line = source
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default()
            .trim()
            .to_owned();
        self.running = Some(Running {
            number,
            line,
            since: Instant::now(),
        });
        self.hide();
        self.head(number, "");
        self.show();
    }

    /// The running cell has ended.
    pub fn cell_done(&mut self) {
        self.print_updates();
        self.hide();
        self.running = None;
        self.end_line();
    }

    /// Prints an output of the cell `number`, which may have ended before.
    pub fn output(&mut self, number: usize, content: &Content) {
        match content {
            Content::Stream(stream) => self.print(number, stream.name, &stream.text),
            Content::ExecuteResult(result) => {
                self.print_block(number, StreamName::Stdout, &plain(&result.data))
            }
            Content::DisplayData(display) => {
                self.print_block(number, StreamName::Stdout, &plain(&display.data))
            }
            Content::UpdateDisplayData(new) => {
                let id = new.transient.display_id.clone();
                self.updates.insert(id, (number, plain(&new.data)));
            }
            Content::Error(error) => {
                self.print_updates();
                let text = if error.traceback.is_empty() {
                    format!("{}: {}", error.ename, error.evalue)
                } else {
                    error.traceback.join("\n")
                };
                let text = if self.coloured {
                    text
                } else {
                    console::strip_ansi_codes(&text).into_owned()
                };
                self.print_block(number, StreamName::Stderr, &text);
            }
            _ => {}
        }
    }

    fn print_updates(&mut self) {
        for (number, text) in std::mem::take(&mut self.updates).into_values() {
            self.print_block(number, StreamName::Stdout, &text);
        }
    }

    /// Text that starts and ends with a line.
    fn print_block(&mut self, number: usize, stream: StreamName, text: &str) {
        self.hide();
        self.end_line();
        self.print(
            number,
            stream,
            &format!("{}\n", text.trim_end_matches('\n')),
        );
    }

    fn print(&mut self, number: usize, stream: StreamName, text: &str) {
        if text.is_empty() {
            return;
        }
        self.hide();
        if self.header != number {
            let running = self
                .running
                .as_ref()
                .is_some_and(|running| running.number == number);
            self.head(number, if running { "" } else { ", still" });
        }
        let to = match stream {
            StreamName::Stdout => &mut self.stdout,
            StreamName::Stderr => &mut self.stderr,
        };
        // Nobody may be listening any more (`woozle run … | head`): the run goes on all the same.
        let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
        self.at_line_start = text.ends_with('\n');
        self.show();
    }

    fn head(&mut self, number: usize, note: &str) {
        self.end_line();
        self.header = number;
        let _ =
            writeln!(self.stdout, "── cell [{number}]{note} ──").and_then(|()| self.stdout.flush());
    }

    fn end_line(&mut self) {
        if !self.at_line_start {
            let _ = self
                .stdout
                .write_all(b"\n")
                .and_then(|()| self.stdout.flush());
            self.at_line_start = true;
        }
    }

    fn hide(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn show(&mut self) {
        let Some(running) = &self.running else { return };
        if !self.moving || !self.at_line_start {
            return;
        }
        let style = ProgressStyle::with_template("{spinner} {prefix} {wide_msg} {elapsed}");
        let bar = ProgressBar::new_spinner()
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
            .with_prefix(format!("[{}/{}]", running.number, self.total))
            .with_message(running.line.clone())
            .with_elapsed(running.since.elapsed());
        bar.enable_steady_tick(TICK);
        self.bar = Some(bar);
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.hide();
    }
}

/// A value as text, or else what else there is of it.
fn plain(data: &MimeBundle) -> String {
    match data.get("text/plain").and_then(|text| text.as_str()) {
        Some(text) => text.to_owned(),
        None => format!(
            "[{}]",
            data.keys()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

#[cfg(test)]
mod tests;
