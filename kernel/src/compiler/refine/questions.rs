//! `?` on an `Option` among a cell's statements: rustc alone knows that it is one. It then ends the cell where there is no
//! value, as it ends a function that returns an `Option`.

use std::sync::Arc;

use crate::compiler::names::cell_of_name;
use crate::compiler::rustc::contract::{code, phrase};
use crate::compiler::rustc::layout::ROOT;
use crate::compiler::rustc::messages::Message;
use crate::compiler::syntax::source::{Edit, Part, Source};
use crate::compiler::unit::Cell;

/// What makes a result of an `Option`.
const OR_ABSENT: &str = ".ok_or(::woozle::cell::Absent)";

/// Finds such `?`s, and gives the cell a source in which they ask for a result; false if there are none.
pub(crate) fn learn(cell: &mut Cell, errors: &[&Message]) -> bool {
    let mut places: Vec<usize> = errors
        .iter()
        .filter(|error| is_of_cell(error))
        .flat_map(|error| &error.spans)
        .filter(|span| span.is_primary && cell_of_name(&span.file_name) == Some(cell.source.cell))
        .filter_map(|span| cell.source.original(span.byte_start))
        .filter(|at| cell.source.text.as_bytes().get(*at) == Some(&b'?'))
        .filter(|at| !cell.findings.questions.contains(at))
        .collect();
    places.sort_unstable();
    places.dedup();
    if places.is_empty() {
        return false;
    }
    let edits = places
        .iter()
        .map(|at| Edit::before(*at, OR_ABSENT, Part::Body));
    cell.edits.extend(edits.clone());
    cell.source = Arc::new(Source::with(&cell.source, edits));
    cell.findings.questions.extend(places);
    true
}

/// Whether it is about a `?` on an `Option` that leaves the cell, rather than a closure of the user's.
fn is_of_cell(error: &Message) -> bool {
    let mut around = error.spans.iter().filter(|span| !span.is_primary);
    code::BOUNDS.contains(&error.code())
        && error.message.starts_with(phrase::QUESTION_OF_OPTION)
        && around.any(|span| span.file_name == ROOT)
}
