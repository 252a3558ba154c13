//! Errors and panics of a cell, in words.

use std::fmt::Write as _;

use woozle::protocol::{Panic, Place};

use crate::compiler::compile::CompileError;
use crate::compiler::diagnostics::{Cells, Report, plain};
use crate::compiler::source::{cell_name, cell_of_name};
use crate::host::Death;
use crate::session::report::backtrace::{self, Homes};
use crate::wire::content::ReplyError;

const RED: &str = "\u{1b}[1;31m";
const BLUE: &str = "\u{1b}[1;34m";
const BOLD: &str = "\u{1b}[1m";
const OFF: &str = "\u{1b}[0m";

/// An error without more to say.
pub(crate) fn error(name: &str, message: &str) -> ReplyError {
    let traceback = vec![format!("{RED}{name}{OFF}: {message}")];
    ReplyError {
        ename: name.to_owned(),
        evalue: message.to_owned(),
        traceback,
    }
}

/// The end of the process that the cell ran in, by an interrupt; `left` says what there still is.
pub(crate) fn interrupted_hard(left: &str) -> ReplyError {
    let how = "the cell was interrupted, and its process ended, since it did not stop by itself";
    error("KeyboardInterrupt", &format!("{how}. {left}."))
}

/// Where a cell's process was when it ended by itself.
#[derive(Debug)]
pub(crate) struct Crashed {
    /// How it ended.
    pub(crate) how: String,
    /// The user's functions that were being called, the innermost first, with how many times in a row.
    pub(crate) calls: Vec<(String, Place, u64)>,
}

/// The end of the process that the cell ran in; `left` says what there still is.
pub(crate) fn crashed(crashed: &Crashed, left: &str, cells: &Cells) -> ReplyError {
    let message = format!("the cell's process ended ({}). {left}.", crashed.how);
    crash(&message, crashed, cells)
}

/// As [`crashed`], where no cell ran: for the cell that started the thread which did it.
pub(crate) fn crashed_between(crashed: &Crashed, left: &str, cells: &Cells) -> String {
    let message = format!(
        "the session's process ended between two cells ({}). {left}.",
        crashed.how
    );
    crash(&message, crashed, cells).traceback.join("\n")
}

/// What a thread that has crashed did, for whoever waits for it.
pub(crate) fn what_it_did(death: &Death, crashed: &Crashed, cells: &Cells) -> String {
    let place = crashed.calls.first();
    let place = place.map_or_else(String::new, |(_, place, _)| {
        format!(", at {}", spot(place, cells))
    });
    format!("crashed: {}{place}", death.cause())
}

fn crash(message: &str, crashed: &Crashed, cells: &Cells) -> ReplyError {
    let mut error = error("crash", message);
    if let Some((_, place, _)) = crashed.calls.first() {
        error.traceback.push(excerpt(place, cells));
    }
    let several = crashed.calls.len() > 1 || crashed.calls.iter().any(|(_, _, times)| *times > 1);
    for (function, place, times) in crashed.calls.iter().filter(|_| several) {
        let times = match times {
            1 => String::new(),
            times => format!(", {times} times"),
        };
        let line = format!(
            "{BLUE}  in{OFF} {function} at {}{times}",
            spot(place, cells)
        );
        error.traceback.push(line);
    }
    error
}

/// A place in a word: `cell [3]:1:5`.
pub(crate) fn spot(place: &Place, cells: &Cells) -> String {
    let source = cell_of_name(&place.file).and_then(|cell| cells.get(&cell));
    let column = source.map_or(place.column, |source| {
        source.original_column(place.line, place.column)
    });
    format!("{}:{}:{column}", file_shown(&place.file), place.line)
}

/// The codes of errors, each once.
pub(crate) fn codes(reports: &[Report]) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for report in reports {
        if !report.code.is_empty() && !codes.contains(&report.code) {
            codes.push(report.code.clone());
        }
    }
    codes
}

/// Where errors of these codes are explained. Front ends make links of addresses.
fn more_about(codes: &[String]) -> Vec<String> {
    let address = |code: &String| format!("https://doc.rust-lang.org/error_codes/{code}.html");
    let lines = codes.iter().map(|code| {
        format!(
            "For more about {code}, run {BOLD}:explain {code}{OFF}, or see {}",
            address(code)
        )
    });
    lines.collect()
}

/// What the compiler said.
pub(crate) fn compile_error(failure: &CompileError) -> ReplyError {
    let CompileError::Errors(reports) = failure else {
        return error("compiler", &failure.to_string());
    };
    let first = reports.first();
    let name = first
        .map(|report| report.code.clone())
        .filter(|code| !code.is_empty());
    let mut traceback = Vec::new();
    for report in reports {
        traceback.extend(report.rendered.lines().map(str::to_owned));
        traceback.push(String::new());
    }
    // Only rustc's own errors have a page; lints have names.
    let mut codes = codes(reports);
    codes.retain(|code| code.starts_with('E'));
    traceback.extend(more_about(&codes));
    if codes.is_empty() {
        traceback.pop();
    }
    ReplyError {
        ename: name.unwrap_or_else(|| "error".to_owned()),
        evalue: first
            .map(|report| report.message.clone())
            .unwrap_or_default(),
        traceback,
    }
}

/// An interrupt that the cell noticed, and the calls that it went through.
pub(crate) fn interrupted(place: Option<&Place>, cells: &Cells, called: &[String]) -> ReplyError {
    let message = "the cell was interrupted";
    let mut traceback = vec![format!("{RED}KeyboardInterrupt{OFF}: {BOLD}{message}{OFF}")];
    traceback.extend(place.map(|place| excerpt(place, cells)));
    traceback.extend(calls(called));
    ReplyError {
        ename: "KeyboardInterrupt".to_owned(),
        evalue: message.to_owned(),
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
pub(crate) fn panicked(
    panic: &Panic,
    place: Option<&Place>,
    cells: &Cells,
    called: &[String],
) -> ReplyError {
    let mut traceback = vec![format!("{RED}panicked{OFF}: {BOLD}{}{OFF}", panic.message)];
    traceback.extend(place.map(|place| excerpt(place, cells)));
    traceback.extend(calls(called));
    ReplyError {
        ename: "panic".to_owned(),
        evalue: panic.message.clone(),
        traceback,
    }
}

/// An error that `?` ended the cell with.
pub(crate) fn failed(type_name: &str, message: &str, place: &Place, cells: &Cells) -> ReplyError {
    let name = short_type(type_name);
    let traceback = vec![
        format!("{RED}{name}{OFF}: {BOLD}{message}{OFF}"),
        excerpt(place, cells),
    ];
    ReplyError {
        ename: name,
        evalue: message.to_owned(),
        traceback,
    }
}

/// A panic of a thread, as std's own hook words it.
pub(crate) fn panic_line(panic: &Panic, cells: &Cells, homes: &dyn Homes) -> String {
    let thread = panic.thread.as_deref().unwrap_or("<unnamed>");
    let place = panic
        .place
        .as_ref()
        .map(|place| format!(" at {}", spot(place, cells)));
    let called = backtrace::shown(&panic.frames, homes);
    let called = called.iter().map(|frame| format!("\n  called: {frame}"));
    format!(
        "thread '{thread}' panicked{}:\n{}{}",
        place.unwrap_or_default(),
        panic.message,
        called.collect::<String>()
    )
}

/// A file's name as the user knows it; one of std's begins with `library`.
fn file_shown(file: &str) -> String {
    let of_std = || {
        file.strip_prefix("/rustc/")
            .and_then(|rest| rest.split_once('/'))
    };
    let other = || of_std().map_or(file, |(_, path)| path).to_owned();
    cell_of_name(file).map_or_else(other, cell_name)
}

/// A place, with the user's line if it is in a cell.
fn excerpt(place: &Place, cells: &Cells) -> String {
    let Some(source) = cell_of_name(&place.file).and_then(|cell| cells.get(&cell)) else {
        return format!(
            "{BLUE} -->{OFF} {}:{}:{}",
            file_shown(&place.file),
            place.line,
            place.column
        );
    };
    let column = source.original_column(place.line, place.column);
    let line = source
        .text
        .lines()
        .nth(place.line.saturating_sub(1) as usize)
        .unwrap_or_default();
    let number = place.line.to_string();
    let indent = " ".repeat(number.len());
    let before: String = line
        .chars()
        .take(column.saturating_sub(1) as usize)
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect();
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{BLUE}{indent}-->{OFF} {}:{}:{column}",
        source.name(),
        place.line
    );
    let _ = writeln!(text, "{BLUE}{indent} |{OFF}");
    let _ = writeln!(text, "{BLUE}{number} |{OFF} {line}");
    let _ = write!(text, "{BLUE}{indent} |{OFF} {before}{RED}^{OFF}");
    text
}

/// A type's name without module paths: `core::num::error::ParseIntError` is `ParseIntError`.
fn short_type(name: &str) -> String {
    let mut short = String::new();
    let mut word = String::new();
    for c in plain(name).chars() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
        } else {
            if c != ':' {
                short.push_str(&word);
                short.push(c);
            }
            word.clear();
        }
    }
    short + &word
}

#[cfg(test)]
mod tests;
