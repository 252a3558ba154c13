//! The generated piece of code that an error is in.

use crate::compiler::codegen::{Emitted, Generated};
use crate::compiler::diagnostics::report::Cells;
use crate::compiler::names::cell_of_name;
use crate::compiler::rustc::layout::ROOT;
use crate::compiler::rustc::messages::Span;

/// The generated piece that a span is in, following macro calls outwards.
pub(super) fn generated_at(span: &Span, emitted: &Emitted, cells: &Cells) -> Option<Generated> {
    span.levels().find_map(|span| {
        let (body, placed) = &emitted.placed;
        let mut placed = placed.iter().filter(|_| span.file_name == *body);
        if let Some((_, placed)) = placed.find(|(range, _)| range.contains(&span.byte_start)) {
            return Some(placed.clone());
        }
        let cell = cell_of_name(&span.file_name).and_then(|cell| cells.get(&cell));
        let held = emitted.held_generated.as_ref();
        let generated = match (cell, held) {
            _ if span.file_name == ROOT => &emitted.root_generated,
            (Some(cell), Some((held_in, held))) if cell.cell == *held_in => held,
            (Some(_), _) => &emitted.body_generated,
            (None, _) => return None,
        };
        let is_users = cell.is_some_and(|cell| cell.original(span.byte_start).is_some());
        let mut found = generated.iter().filter(|_| !is_users);
        let found = found.find(|(range, _)| range.contains(&span.byte_start));
        found.map(|(_, generated)| generated.clone())
    })
}
