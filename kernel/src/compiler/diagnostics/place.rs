//! Where in a cell something is that rustc points to.

use std::ops::Range;

use super::report::Cells;
use crate::compiler::names::cell_of_name;
use crate::compiler::rustc::messages::Span;

/// A place in a cell.
pub(super) type Place = (u32, Range<usize>);

/// The place in a cell that a span shows, following macro calls outwards.
pub fn place(span: &Span, cells: &Cells) -> Option<Place> {
    let of_cell = |span: &Span| cells.get(&cell_of_name(&span.file_name)?);
    let (span, source) = span
        .levels()
        .find_map(|span| Some((span, of_cell(span)?)))?;
    let start = source.original(span.byte_start)?;
    // What is left open goes on into the generated text.
    let end = source.original(span.byte_end).unwrap_or(source.text.len());
    let (start, end) = whole_chars(&source.text, start, end.max(start));
    Some((source.cell, start..end))
}

fn whole_chars(text: &str, mut start: usize, mut end: usize) -> (usize, usize) {
    end = end.min(text.len());
    start = start.min(end);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    (start, end)
}
