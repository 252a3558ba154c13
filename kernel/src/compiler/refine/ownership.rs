//! What rustc's errors in generated code teach: which variables the cell has moved away, and which
//! cannot be kept.

use crate::compiler::driver::Cell;
use crate::compiler::diagnostics::render::Cells;
use crate::compiler::codegen::krate::{Emitted, Glue};
use crate::compiler::rustc::invocation::{self, Message, ROOT};
use crate::compiler::syntax::source::cell_of_name;
use crate::compiler::refine::unnameable::next_way;

/// Learns from errors in generated code; false if there is nothing to learn, so that the errors are the user's.
pub(crate) fn find_out(
    cell: &mut Cell,
    emitted: &Emitted,
    errors: &[&Message],
    cells: &Cells,
) -> bool {
    let before = cell.findings.clone();
    // What the cell has moved away borrows no more.
    let is_move = |error: &&&Message| ["E0381", "E0382"].contains(&error.code());
    let (moves, others): (Vec<_>, Vec<_>) = errors.iter().partition(is_move);
    for error in moves.into_iter().chain(others) {
        learn(cell, emitted, error, cells);
    }
    // The others may be consequences; if they are not, they come again.
    cell.findings != before
}

fn learn(cell: &mut Cell, emitted: &Emitted, error: &Message, cells: &Cells) {
    let glue = |primary: Option<bool>| {
        let mut spans = error
            .spans
            .iter()
            .filter(|span| primary.is_none_or(|p| p == span.is_primary));
        spans.find_map(|span| glue_at(span, emitted, cells))
    };
    let code = error.code();
    match (code, glue(Some(true)).or_else(|| glue(None))) {
        ("E0382" | "E0381", Some(Glue::PutBack(name))) => {
            cell.findings.moved.insert(name);
        }
        ("E0382" | "E0381", Some(Glue::Keep(name))) => {
            cell.findings.not_kept.insert(name);
        }
        ("E0382" | "E0381", Some(Glue::End(name))) => {
            cell.findings.gone.insert(name);
        }
        ("E0432" | "E0433" | "E0255", Some(Glue::Import(declaration))) => {
            cell.findings.absent.insert(declaration);
        }
        // A path to its type is private, say.
        (code, Some(Glue::Take(name))) if UNNAMEABLE.contains(&code) => {
            cell.findings.unusable.insert(name);
        }
        // A macro awaits, such as tokio's `join!`.
        ("E0728", _) => cell.findings.awaits = true,
        (code, _) if BORROWS.contains(&code) || error.message == LIFETIME => {
            if let Some(Glue::End(name)) = glue(Some(false)) {
                // It has no destructor, else this were an error without us: it has ended where it was used last.
                cell.findings.gone.insert(name);
            } else if let Some(name) = borrower(emitted, error, cells) {
                borrows(cell, name);
            }
        }
        (_, Some(Glue::Keep(name))) => keep_otherwise(cell, name),
        _ => {}
    }
}

/// What rustc says of a path that leads nowhere, or to what is private.
const UNNAMEABLE: [&str; 4] = ["E0412", "E0425", "E0433", "E0603"];

/// What rustc says of what is kept and borrows from something that ends with the cell.
const BORROWS: [&str; 11] = [
    "E0597", "E0505", "E0506", "E0515", "E0521", "E0716", "E0373", "E0310", "E0499", "E0502",
    "E0503",
];

/// Of the same, an error without a code.
const LIFETIME: &str = "lifetime may not live long enough";

/// The variable that borrows, rather than the one that is borrowed from: that one is not at fault.
fn borrower(emitted: &Emitted, error: &Message, cells: &Cells) -> Option<String> {
    let own = |primary: bool| {
        let spans = error.spans.iter();
        spans.filter(move |span| span.is_primary == primary)
    };
    let children = error.children.iter().flat_map(|child| &child.spans);
    let mut spans = own(false).chain(own(true)).chain(children);
    spans.find_map(|span| match glue_at(span, emitted, cells) {
        Some(Glue::Keep(name)) => Some(name),
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
    let Some(refused) = cell.findings.kept_as.get(&name) else {
        return; // the user's error, such as a type that cannot be inferred
    };
    match next_way(refused) {
        Some(next) => {
            cell.findings.kept_as.insert(name, next);
        }
        None => {
            if cell.findings.not_kept.insert(name.clone()) {
                cell.notes.push(has_no_name(&name));
            }
        }
    }
}

/// The note on a variable that cannot be kept, since nothing can be written for its type.
pub(crate) fn has_no_name(name: &str) -> String {
    format!("the type of `{name}` has no name, so `{name}` ends with this cell")
}

/// The generated piece that a span is in, following macro calls outwards.
fn glue_at(span: &invocation::Span, emitted: &Emitted, cells: &Cells) -> Option<Glue> {
    span.levels().find_map(|span| {
        let cell = cell_of_name(&span.file_name).and_then(|cell| cells.get(&cell));
        let glue = match cell {
            _ if span.file_name == ROOT => &emitted.root_glue,
            Some(_) => &emitted.body_glue,
            None => return None,
        };
        let is_users = cell.is_some_and(|cell| cell.original(span.byte_start).is_some());
        let mut found = glue.iter().filter(|_| !is_users);
        let found = found.find(|(range, _)| range.contains(&span.byte_start));
        found.map(|(_, glue)| glue.clone())
    })
}
