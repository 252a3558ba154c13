//! Modules of tests: a program has none, so one that does not compile does not keep the rest of the cell from it.

use std::sync::Arc;

use crate::compiler::diagnostics::place::place;
use crate::compiler::diagnostics::report::Cells;
use crate::compiler::names::cell_name;
use crate::compiler::rustc::messages::Message;
use crate::compiler::syntax::source::Source;
use crate::compiler::syntax::test_functions;
use crate::compiler::unit::Cell;

/// Leaves out such modules, and notes why; false if no error is in one.
pub(crate) fn learn(cell: &mut Cell, errors: &[&Message], cells: &Cells) -> bool {
    let text = Arc::clone(&cell.source.text);
    let mut has_learned = false;
    for item in &cell.plan.own {
        let [name] = &item.names[..] else { continue };
        let is_within = |error: &&&Message| {
            let primary = error.spans.iter().filter(|span| span.is_primary);
            let mut places = primary.filter_map(|span| place(span, cells));
            places.any(|(number, range)| {
                number == cell.source.cell && item.range.contains(&range.start)
            })
        };
        let Some(error) = errors.iter().find(is_within) else {
            continue;
        };
        if !test_functions::is_for_tests(&text[item.range.clone()])
            || !cell.findings.untested.insert(name.clone())
        {
            continue;
        }
        cell.edits
            .retain(|edit| !item.range.contains(&edit.range.start));
        cell.notes.push(format!(
            "the tests in `{name}` are left out, as they do not compile in {}: {}",
            cell_name(cell.source.cell),
            error.message
        ));
        has_learned = true;
    }
    if has_learned {
        let edits = cell.placing.iter().chain(&cell.edits).cloned().collect();
        cell.source = Arc::new(Source::new(cell.source.cell, &text, edits));
    }
    has_learned
}
