//! Which of rustc's errors and warnings a cell shows.

use super::advice::{Known, advice};
use super::as_written::as_written;
use super::place::place;
use super::render::report;
use super::report::{Cells, Report};
use super::send_errors;
use super::{default_types, open_types};
use crate::compiler::rustc::contract::{code, level, phrase};
use crate::compiler::rustc::messages::Message;

/// The warnings that are about the own text of the cell with this number.
pub(crate) fn warnings(messages: &[Message], cells: &Cells, number: u32) -> Vec<Report> {
    let is_own = |message: &&Message| {
        let mut primary = message.spans.iter().filter(|span| span.is_primary);
        message.level == level::WARNING
            && primary.any(|span| place(span, cells).is_some_and(|(cell, _)| cell == number))
    };
    let own = messages.iter().filter(is_own);
    own.map(|warning| report(warning, cells, &[])).collect()
}

/// The errors, without those that only follow from others.
pub(crate) fn errors(errors: &[&Message], cells: &Cells, known: &Known<'_>) -> Vec<Report> {
    let is_own = |ty: &str| {
        let mut new = known.parsed.items.iter();
        known.scope.item(ty).is_some() || new.any(|item| item.names.iter().any(|name| name == ty))
    };
    let mut errors = send_errors::reword(errors, &is_own);
    if !known.in_place.is_empty() {
        errors
            .iter_mut()
            .for_each(|error| as_written(error, known.in_place));
    }
    let in_a_cell = |error: &Message| error.spans.iter().any(|span| place(span, cells).is_some());
    // What has no place in a cell follows from what has one.
    let some_are = errors.iter().any(in_a_cell);
    let mut reports: Vec<Report> = Vec::new();
    for error in errors.iter().filter(|error| !is_echo(error, &errors)) {
        if some_are && !in_a_cell(error) {
            continue;
        }
        let mut notes = advice(error, known);
        notes.extend(open_types::advice(error, cells, known));
        notes.extend(default_types::advice(error, cells, known.scope));
        let report = report(error, cells, &notes);
        if !reports.contains(&report) {
            reports.push(report);
        }
    }
    reports
}

/// Whether an error only says that a variable, which something borrows for ever, cannot be put back after the cell.
fn is_echo(error: &Message, errors: &[Message]) -> bool {
    let name = error.named().unwrap_or_default();
    let ends_early = format!("`{name}` {}", phrase::ENDS_EARLY);
    error.code() == code::MOVED_WHILE_BORROWED
        && errors
            .iter()
            .any(|other| other.code() == code::OUTLIVES && other.message == ends_early)
}
