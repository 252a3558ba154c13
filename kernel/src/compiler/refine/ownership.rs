//! What rustc's errors in generated code teach: which variables the cell has moved away, and which
//! cannot be kept.

use super::borrows;
use super::generated::generated_at;
use super::parts;
use super::unnameable::{has_no_name, next_way};
use crate::compiler::codegen::{Emitted, Generated};
use crate::compiler::diagnostics::report::Cells;
use crate::compiler::names::cell_of_name;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rewrite::in_place::placing::placed_by;
use crate::compiler::rustc::contract::{code, phrase};
use crate::compiler::rustc::messages::Message;
use crate::compiler::unit::Cell;

/// Learns from errors in generated code; false if there is nothing to learn, so that the errors are the user's.
pub(crate) fn learn(
    cell: &mut Cell,
    emitted: &Emitted,
    errors: &[&Message],
    cells: &Cells,
    scope: &Scope,
) -> bool {
    let before = cell.findings.clone();
    // What the cell has moved away borrows no more.
    let is_move = |error: &&&Message| code::MOVED.contains(&error.code());
    let (moves, others): (Vec<&&Message>, Vec<&&Message>) = errors.iter().partition(is_move);
    let seen = borrows::Seen {
        emitted,
        cells,
        scope,
    };
    if borrows::unnamed::learn(cell, errors, &seen)
        || borrows::give_up_some_exactness(cell, errors, &seen)
    {
        return true;
    }
    // What ends with the cell needs no owner.
    let others = others
        .into_iter()
        .filter(|error| !borrows::ends(cell, error, &seen));
    let others: Vec<&&Message> = others.collect();
    for error in moves.into_iter().chain(others) {
        if borrows::learn(cell, error, &seen) {
            continue;
        }
        learn_from(cell, emitted, error, &seen);
    }
    // The others may be consequences; if they are not, they come again.
    cell.findings != before
}

fn learn_from(cell: &mut Cell, emitted: &Emitted, error: &Message, seen: &borrows::Seen<'_>) {
    let cells = seen.cells;
    let generated = |primary: Option<bool>| {
        let mut spans = error
            .spans
            .iter()
            .filter(|span| primary.is_none_or(|p| p == span.is_primary));
        spans.find_map(|span| generated_at(span, emitted, cells))
    };
    let code = error.code();
    let found = generated(Some(true)).or_else(|| generated(None));
    if let Some(Generated::Exact(name)) = &found {
        borrows::exact::give_up_exactness(cell, name);
        return;
    }
    match (code, found) {
        (code::USED_AFTER_MOVE, Some(Generated::PutBack(name)))
            if parts::may_be_left(cell, &name, error, seen.scope) =>
        {
            cell.findings.in_body.insert(name);
        }
        // What is left of a variable whose name the cell binds anew has no name.
        (code, Some(Generated::PutBack(name)))
            if code::MOVED.contains(&code)
                && !cell.parsed.binds(&name)
                && parts::moved(cell, &name, error) => {}
        (code, Some(Generated::Keep(name)))
            if code::MOVED.contains(&code) && parts::moved(cell, &name, error) => {}
        (code, Some(Generated::PutBack(name))) if code::MOVED.contains(&code) => {
            cell.findings.moved.insert(name);
        }
        (code, Some(Generated::Keep(name))) if code::MOVED.contains(&code) => {
            let is_assigned = cell.parsed.assigned.contains(&name);
            if cell.findings.in_body.contains(&name) && !is_assigned {
                cell.findings.moved.insert(name);
            } else {
                cell.findings.not_kept.insert(name);
            }
        }
        (code, Some(Generated::End(name))) if code::MOVED.contains(&code) => {
            cell.findings.gone.insert(name);
        }
        (code, Some(Generated::Import(declaration))) if code::ABSENT_IMPORT.contains(&code) => {
            cell.findings.absent.insert(declaration);
        }
        (_, Some(Generated::Tell(ty))) => {
            cell.findings.untold.insert(ty);
        }
        // A path to its type is private, say.
        (code, Some(Generated::Take(name))) if code::UNNAMEABLE.contains(&code) => {
            cell.findings.unusable.insert(name);
        }
        // A macro awaits, such as tokio's `join!`.
        (code::AWAIT, _) => cell.findings.awaits = true,
        (code, _) if code::BORROWS.contains(&code) || error.message == phrase::LIFETIME => {
            if let Some(Generated::End(name)) = generated(Some(false)) {
                // It has no destructor, else this were an error without us: it has ended where it was used last.
                cell.findings.gone.insert(name);
            } else if let Some(name) = borrower(emitted, error, cells) {
                borrows(cell, name);
            }
        }
        (_, Some(Generated::Keep(name) | Generated::Kind(name))) => keep_otherwise(cell, name),
        (code, None) if code::BOUNDS.contains(&code) => {
            let mut primary = error.spans.iter().filter(|span| span.is_primary);
            let placed = primary.find_map(|span| {
                let is_own = cell_of_name(&span.file_name) == Some(cell.source.cell);
                let edit = cell.source.insertion(span.byte_start).filter(|_| is_own)?;
                placed_by(edit).map(str::to_owned)
            });
            if let Some(name) = placed {
                keep_otherwise(cell, name);
            }
        }
        _ => {}
    }
}

/// The variable that borrows, rather than the one that is borrowed from: that one is not at fault.
fn borrower(emitted: &Emitted, error: &Message, cells: &Cells) -> Option<String> {
    let own = |primary: bool| {
        let spans = error.spans.iter();
        spans.filter(move |span| span.is_primary == primary)
    };
    let children = error.children.iter().flat_map(|child| &child.spans);
    let mut spans = own(false).chain(own(true)).chain(children);
    spans.find_map(|span| match generated_at(span, emitted, cells) {
        Some(Generated::Keep(name)) => Some(name),
        _ => None,
    })
}

fn borrows(cell: &mut Cell, name: String) {
    let note =
        format!("`{name}` borrows from something that ends with this cell, so it ends with it too");
    // Several errors may say the same of it.
    if cell.findings.not_kept.insert(name.clone()) {
        cell.notes.push(note);
        cell.findings.borrowers.insert(name);
    }
}

/// Another way to keep a variable, after one that rustc refused.
fn keep_otherwise(cell: &mut Cell, name: String) {
    let Some(refused) = cell.findings.erased.get(&name) else {
        return; // the user's error, such as a type that cannot be inferred
    };
    match next_way(refused) {
        Some(next) => {
            cell.findings.erased.insert(name, next);
        }
        None => {
            if cell.findings.not_kept.insert(name.clone()) {
                cell.notes.push(has_no_name(&name));
            }
        }
    }
}

/// Whether an error is about generated code, or about what that does with the user's.
pub(crate) fn is_of_frame(error: &Message, emitted: &Emitted, cells: &Cells) -> bool {
    let mut spans = error.spans.iter();
    spans.any(|span| generated_at(span, emitted, cells).is_some())
}
