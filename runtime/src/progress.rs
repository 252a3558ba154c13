//! Progress bars that move in the notebook, with Python's tqdm in mind.
//!
//! The bars are [indicatif](https://docs.rs/indicatif)'s, drawn into the cell. They are updated in place, and what
//! stays, in the notebook as in what nbconvert writes, is their last state.
//!
//! | tqdm | Woozle |
//! | --- | --- |
//! | `for x in tqdm(items):` | `for x in items.iter().progress()` ([`ProgressIterator`]) |
//! | `tqdm(total=n)`, `bar.update()` | [`bar`], `bar.inc(1)` |
//! | `bar.set_description` | `bar.set_message` |
//! | several bars | [`bars`] |
//! | `tqdm.write` | `bar.println` |
//! | over a rayon iterator | `items.par_iter().progress_with(bar(n))` (`indicatif::ParallelProgressIterator`) |
//!
//! A bar that indicatif makes itself (`ProgressBar::new`) draws on a terminal, and a notebook is
//! none; `.with_draw_target(..)` with a [`draw_target`] mends that.

use std::fmt;
use std::io;
use std::sync::{Mutex, MutexGuard};

pub use indicatif::{MultiProgress, ProgressBar, ProgressBarIter};
use indicatif::{ProgressDrawTarget, ProgressFinish, ProgressState, ProgressStyle, TermLike};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::display::{MimeBundle, send};
use crate::process::output;
use crate::process::output::random_id;
use crate::sync::lock_std;

/// Columns of a notebook's bar.
const WIDTH: u16 = 80;
/// Drawings in a second, at most.
const RATE: u8 = 10;

/// A bar for `len` steps.
///
/// ```
/// let bar = woozle::progress::bar(3);
/// for _ in 0..3 {
///     bar.inc(1);
/// }
/// bar.finish();
/// assert_eq!(bar.position(), 3);
/// ```
#[must_use]
pub fn bar(len: u64) -> ProgressBar {
    let template = "{msg}{percent:>3}%|{wide_bar}| {pos}/{len} [{elapsed}<{eta}, {rate}]";
    styled(
        ProgressBar::with_draw_target(Some(len), draw_target()),
        template,
    )
}

/// A bar for nobody knows how many steps.
///
/// ```
/// let bar = woozle::progress::spinner();
/// bar.inc(1);
/// bar.finish();
/// ```
#[must_use]
pub fn spinner() -> ProgressBar {
    let template = "{msg}{spinner} {pos} [{elapsed}, {rate}]";
    styled(ProgressBar::with_draw_target(None, draw_target()), template)
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    let bar = bar.with_finish(ProgressFinish::AndLeave);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style.with_key("rate", rate).progress_chars("█▉▊▋▌▍▎▏ ")),
        Err(_) => bar,
    }
}

/// Steps in a second, to be read at a glance.
fn rate(state: &ProgressState, to: &mut dyn fmt::Write) {
    let rate = state.per_sec();
    let digits = if rate < 100.0 { 1 } else { 0 };
    let _ = write!(to, "{rate:.digits$}/s");
}

/// Several bars, one below the other: `bars.add(bar(n))`.
///
/// ```
/// use woozle::progress::{bar, bars};
///
/// let bars = bars();
/// let (left, right) = (bars.add(bar(10)), bars.add(bar(20)));
/// left.inc(1);
/// right.inc(2);
/// ```
#[must_use]
pub fn bars() -> MultiProgress {
    MultiProgress::with_draw_target(draw_target())
}

/// Where indicatif is to draw: in the cell of the thread that calls this. Outside a notebook, on the terminal.
///
/// ```
/// use indicatif::ProgressBar;
///
/// let bar = ProgressBar::with_draw_target(Some(10), woozle::progress::draw_target());
/// bar.inc(1);
/// ```
#[must_use]
pub fn draw_target() -> ProgressDrawTarget {
    if !output::is_connected() {
        return ProgressDrawTarget::stderr();
    }
    ProgressDrawTarget::term_like_with_hz(Box::new(Page::new()), RATE)
}

/// An iterator that draws how far it is.
///
/// ```
/// use woozle::progress::ProgressIterator;
///
/// let sum: u64 = (0..100u64).progress().sum();
/// assert_eq!(sum, 4950);
/// ```
pub trait ProgressIterator: Iterator + Sized {
    /// Draws a bar, or a [`spinner`] when the iterator does not know its length.
    fn progress(self) -> ProgressBarIter<Self> {
        let bar = match self.size_hint() {
            (_, Some(len)) => bar(len as u64),
            (_, None) => spinner(),
        };
        self.progress_with(bar)
    }

    /// Draws this bar.
    fn progress_with(self, bar: ProgressBar) -> ProgressBarIter<Self> {
        bar.wrap_iter(self)
    }
}

impl<I: Iterator> ProgressIterator for I {}

/// What indicatif takes for a terminal: lines that are shown as a whole. (indicatif fills each line
/// and relies on the terminal to go on in the next one. Its bars have no colours here: it takes this for no terminal.)
struct Page {
    cell: u32,
    id: String,
    state: Mutex<BarState>,
}

#[derive(Default)]
struct BarState {
    lines: Vec<String>,
    /// The line that is written next.
    row: usize,
    /// What was sent last.
    shown: Option<String>,
}

impl Page {
    fn new() -> Self {
        Self {
            cell: output::current_target(),
            id: random_id(),
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, BarState> {
        lock_std(&self.state)
    }
}

impl BarState {
    fn line(&mut self) -> &mut String {
        if self.lines.len() <= self.row {
            self.lines.resize(self.row + 1, String::new());
        }
        &mut self.lines[self.row]
    }

    /// Writes text, of which none is beyond the width: what follows a full line begins the next.
    fn write(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\r' => self.line().clear(),
                '\n' => self.row += 1,
                c => {
                    let width = c.width().unwrap_or_default();
                    if self.line().width() + width > usize::from(WIDTH) {
                        self.row += 1;
                        self.line().clear();
                    }
                    self.line().push(c);
                }
            }
        }
    }

    fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.trim_end()).collect();
        lines.join("\n").trim_end().to_owned()
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the output of a cell")
    }
}

impl TermLike for Page {
    fn width(&self) -> u16 {
        WIDTH
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        let mut state = self.state();
        state.row = state.row.saturating_sub(n);
        Ok(())
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.state().row += n;
        Ok(())
    }

    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(()) // lines are only ever written whole
    }

    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        let mut state = self.state();
        state.write(text);
        state.row += 1;
        Ok(())
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.state().write(text);
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.state().line().clear();
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        let mut state = self.state();
        let text = state.text();
        if state.shown.as_ref() == Some(&text) || (state.shown.is_none() && text.is_empty()) {
            return Ok(());
        }
        let update = state.shown.is_some();
        // Updates have the running cell as their parent: a headless client hears of no other.
        let cell = match output::running_cell() {
            running if update && running != 0 => running,
            _ => self.cell,
        };
        send(cell, MimeBundle::text(&text), &self.id, update);
        state.shown = Some(text);
        Ok(())
    }
}
