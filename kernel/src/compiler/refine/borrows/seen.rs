//! Where errors are: in the cell's text, or in generated pieces.

use crate::compiler::codegen::{Emitted, Generated};
use crate::compiler::diagnostics::report::Cells;
use crate::compiler::names::cell_of_name;
use crate::compiler::refine::generated::generated_at;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::messages::{Message, Span};
use crate::compiler::unit::Cell;

/// What errors are read with.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub(crate) emitted: &'a Emitted,
    pub(crate) cells: &'a Cells,
    pub(crate) scope: &'a Scope,
}

impl Seen<'_> {
    /// The generated pieces of an error's places: where what is borrowed is used last comes first, then what is at fault.
    pub(super) fn pieces(&self, error: &Message) -> Vec<Generated> {
        let children = error.children.iter().flat_map(|child| &child.spans);
        let own = |primary| {
            error
                .spans
                .iter()
                .filter(move |span| span.is_primary == primary)
        };
        let spans = own(false).chain(own(true)).chain(children);
        let found = spans.filter_map(|span| generated_at(span, self.emitted, self.cells));
        found.collect()
    }

    /// Where an error is in the cell's text, if it is there.
    pub(super) fn place(&self, cell: &Cell, error: &Message) -> Option<usize> {
        let mut primary = error.spans.iter().filter(|span| span.is_primary);
        let primary = primary.next().filter(|span| self.is_in_text(span))?;
        place_of(primary, cell)
    }

    pub(super) fn is_in_text(&self, span: &Span) -> bool {
        generated_at(span, self.emitted, self.cells).is_none()
    }
}

/// Where a place of an error is in the cell's text.
pub(super) fn place_of(span: &Span, cell: &Cell) -> Option<usize> {
    cell.source.original(in_cell(span, cell)?.byte_start)
}

/// That place, or what has led there, in the cell's file.
fn in_cell<'a>(span: &'a Span, cell: &Cell) -> Option<&'a Span> {
    let own = |span: &&Span| cell_of_name(&span.file_name) == Some(cell.source.cell);
    span.levels().find(own)
}

/// The piece of the cell's text that a place of an error covers.
pub(crate) fn text_of<'a>(span: &Span, cell: &'a Cell) -> Option<&'a str> {
    let own = in_cell(span, cell)?;
    let start = cell.source.original(own.byte_start)?;
    let end = cell.source.original(own.byte_end)?;
    cell.source.text.get(start..end)
}
