//! How a cell ended that did not complete: by a panic, an error or an interrupt.

use woozle::protocol::{Frame, Outcome, Panic, Place};

use super::backtrace::{self, CellIndex};
use super::errors::CellError;
use super::place::{BOLD, OFF, RED, excerpt, shown};
use crate::backtrace::Lines;
use crate::compiler::diagnostics::{Cells, plain};
use crate::compiler::driver::Compiler;
use crate::compiler::syntax::source::cell_of_name;

/// A cell's outcome as an error, if it is one.
pub(crate) fn result(
    outcome: &Outcome,
    compiler: &Compiler,
    index: &dyn CellIndex,
) -> Result<(), CellError> {
    let cells = &compiler.cells;
    let mut lines = Lines::new(compiler);
    match outcome {
        Outcome::Completed => Ok(()),
        Outcome::Interrupted { place, frames } => {
            let place = place_in_cells(Some(place), frames, &mut lines);
            let called = called(frames, index, &mut lines);
            Err(interrupted(place.as_ref(), cells, &called))
        }
        Outcome::Panicked(panic) => {
            let own = panic.place.as_ref();
            let place = place_in_cells(own, &panic.frames, &mut lines);
            let called = called(&panic.frames, index, &mut lines);
            Err(panicked(panic, place.as_ref().or(own), cells, &called))
        }
        Outcome::Failed {
            type_name,
            message,
            place,
        } => Err(failed(type_name, message, place.as_ref(), cells)),
    }
}

/// The calls in words; with lines if there are several, else the place says all.
fn called(frames: &[Frame], index: &dyn CellIndex, lines: &mut Lines<'_>) -> Vec<String> {
    let called = backtrace::shown(frames, index);
    match called.len() {
        2.. => backtrace::with_lines(frames, index, lines),
        _ => called,
    }
}

/// Where in the cells something happened: at its own place, or in the innermost of the calls, since some functions of std
/// panic at their own.
fn place_in_cells(own: Option<&Place>, frames: &[Frame], lines: &mut Lines<'_>) -> Option<Place> {
    let users = own.filter(|place| cell_of_name(&place.file).is_some());
    users.cloned().or_else(|| backtrace::place(frames, lines))
}

/// An interrupt that the cell noticed, and the calls that it went through.
fn interrupted(place: Option<&Place>, cells: &Cells, called: &[String]) -> CellError {
    let message = "the cell was interrupted";
    let mut traceback = vec![format!("{RED}KeyboardInterrupt{OFF}: {BOLD}{message}{OFF}")];
    traceback.extend(place.map(|place| excerpt(place, cells)));
    traceback.extend(calls(called));
    CellError {
        name: "KeyboardInterrupt".to_owned(),
        message: message.to_owned(),
        traceback,
    }
}

/// A list of calls, unless it is a single one.
fn calls(called: &[String]) -> Vec<String> {
    if called.len() < 2 {
        return Vec::new();
    }
    let head = [String::new(), "called, innermost first:".to_owned()];
    let calls = called.iter().map(|call| format!("  {call}"));
    head.into_iter().chain(calls).collect()
}

/// A panic that ended the cell, where the user's code was, and the calls that it went through.
fn panicked(panic: &Panic, place: Option<&Place>, cells: &Cells, called: &[String]) -> CellError {
    let mut traceback = vec![format!("{RED}panicked{OFF}: {BOLD}{}{OFF}", panic.message)];
    traceback.extend(place.map(|place| excerpt(place, cells)));
    traceback.extend(calls(called));
    CellError {
        name: "panic".to_owned(),
        message: panic.message.clone(),
        traceback,
    }
}

/// An error that `?` ended the cell with, or tests that have failed.
fn failed(type_name: &str, message: &str, place: Option<&Place>, cells: &Cells) -> CellError {
    let name = short_type(type_name);
    let mut traceback = vec![format!("{RED}{name}{OFF}: {BOLD}{message}{OFF}")];
    traceback.extend(place.map(|place| excerpt(place, cells)));
    CellError {
        name,
        message: message.to_owned(),
        traceback,
    }
}

/// A panic of a thread, as std's own hook words it.
pub(crate) fn panic_line(panic: &Panic, cells: &Cells, index: &dyn CellIndex) -> String {
    let thread = panic.thread.as_deref().unwrap_or("<unnamed>");
    let place = panic
        .place
        .as_ref()
        .map(|place| format!(" at {}", shown(place, cells)));
    let called = backtrace::shown(&panic.frames, index);
    let called = called.iter().map(|frame| format!("\n  called: {frame}"));
    format!(
        "thread '{thread}' panicked{}:\n{}{}",
        place.unwrap_or_default(),
        panic.message,
        called.collect::<String>()
    )
}

/// A type's name without module paths: `core::num::error::ParseIntError` is `ParseIntError`. Of what is only called `Error`
/// the module is told, as in `io::Error`.
fn short_type(name: &str) -> String {
    let mut short = String::new();
    let mut module = String::new();
    let mut word = String::new();
    for c in plain(name).chars().chain([' ']) {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
        } else if c == ':' {
            // A crate of std's says nothing, nor does a module for errors alone.
            if !["", "error", "std", "core", "alloc"].contains(&&*word) {
                module = std::mem::take(&mut word);
            }
            word.clear();
        } else {
            if word == "Error" && !module.is_empty() {
                short = format!("{short}{module}::");
            }
            short.push_str(&word);
            short.push(c);
            word.clear();
            module.clear();
        }
    }
    short.pop();
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_named_without_its_modules() {
        for (long, short) in [
            ("core::num::error::ParseIntError", "ParseIntError"),
            ("cell_3::MyErr", "MyErr"),
            (
                "alloc::boxed::Box<dyn core::error::Error>",
                "Box<dyn Error>",
            ),
            ("std::io::error::Error", "io::Error"),
            ("core::fmt::Error", "fmt::Error"),
            ("(u8, std::io::error::Error)", "(u8, io::Error)"),
            ("&str", "&str"),
        ] {
            assert_eq!(short_type(long), short);
        }
    }
}
