//! Variables that a cell only seemed to bind: an attribute has taken the `let` away, or a macro does not bind its argument.

use crate::compiler::codegen::{Emitted, Generated};
use crate::compiler::diagnostics::report::Cells;
use crate::compiler::plan::Plan;
use crate::compiler::refine::generated::generated_at;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::contract::code;
use crate::compiler::rustc::messages::Message;
use crate::compiler::unit::Cell;

/// Finds them, and plans the cell without them; false if there are none.
pub(crate) fn learn(
    cell: &mut Cell,
    emitted: &Emitted,
    scope: &Scope,
    errors: &[&Message],
    cells: &Cells,
) -> bool {
    let mut found = false;
    for error in errors
        .iter()
        .filter(|error| error.code() == code::UNKNOWN_VALUE)
    {
        // A type that is not known there has the same code.
        let missing = error.named();
        for span in error.spans.iter().filter(|span| span.is_primary) {
            if let Some(Generated::Keep(name) | Generated::End(name)) =
                generated_at(span, emitted, cells)
                && missing == Some(&*name)
            {
                for statement in &mut cell.parsed.statements {
                    let before = statement.binds.len();
                    statement.binds.retain(|binding| binding.name != name);
                    found |= statement.binds.len() < before;
                }
            }
        }
    }
    if found {
        cell.plan = Plan::new(&cell.parsed, scope);
    }
    found
}
