//! What rustc's errors in generated code teach: which variables the cell has moved away, and which
//! cannot be kept.

use super::compile::Cell;
use super::diagnostics::Cells;
use super::emit::{Emitted, Glue};
use super::rustc::{self, Message, ROOT};
use super::source::cell_of_name;
use super::unnamed::next_way;

/// Learns from errors in generated code; false if there is an error that is the user's.
pub(super) fn find_out(
    cell: &mut Cell,
    emitted: &Emitted,
    errors: &[&Message],
    cells: &Cells,
) -> bool {
    let before = cell.findings.clone();
    let mut all = true;
    for error in errors {
        all &= learn(cell, emitted, error, cells);
    }
    if !all || cell.findings == before {
        cell.findings = before;
        return false;
    }
    true
}

fn learn(cell: &mut Cell, emitted: &Emitted, error: &Message, cells: &Cells) -> bool {
    let glue = |primary: Option<bool>| {
        let mut spans = error
            .spans
            .iter()
            .filter(|span| primary.is_none_or(|p| p == span.is_primary));
        spans.find_map(|span| glue_at(span, emitted, cells))
    };
    let code = error.code.as_ref().map_or("", |code| &code.code);
    match (code, glue(Some(true)).or_else(|| glue(None))) {
        ("E0382" | "E0381", Some(Glue::PutBack(name))) => {
            cell.findings.moved.insert(name);
            true
        }
        ("E0382" | "E0381", Some(Glue::Keep(name))) => {
            cell.findings.not_kept.insert(name);
            true
        }
        ("E0432" | "E0433", Some(Glue::Import(declaration))) => {
            cell.findings.absent.insert(declaration);
            true
        }
        // borrows of what ends with the cell
        (
            "E0597" | "E0505" | "E0506" | "E0515" | "E0521" | "E0716" | "E0373" | "E0310" | "E0499"
            | "E0502" | "E0503",
            _,
        ) => {
            // what borrows, rather than what is borrowed from: that one is not at fault
            let kept = |primary: bool| {
                let mut spans = error.spans.iter().filter(|span| span.is_primary == primary);
                spans.find_map(|span| match glue_at(span, emitted, cells) {
                    Some(Glue::Keep(name)) => Some(name),
                    _ => None,
                })
            };
            let kept = kept(false).or_else(|| kept(true));
            let Some(name) = kept else { return false };
            let note = format!(
                "`{name}` borrows from something that ends with this cell, so it ends with it too"
            );
            // Several errors may say the same of it.
            if cell.findings.not_kept.insert(name) {
                cell.notes.push(note);
            }
            true
        }
        (_, Some(Glue::Keep(name))) => keep_otherwise(cell, name),
        _ => false,
    }
}

/// Another way to keep a variable, after one that rustc refused.
fn keep_otherwise(cell: &mut Cell, name: String) -> bool {
    let Some(refused) = cell.findings.kept_as.get(&name) else {
        return false; // the user's error, such as a type that cannot be inferred
    };
    let Some(next) = next_way(refused) else {
        cell.notes.push(format!(
            "the type of `{name}` has no name, so `{name}` ends with this cell"
        ));
        return cell.findings.not_kept.insert(name);
    };
    cell.findings.kept_as.insert(name, next);
    true
}

/// The generated piece that a span is in, following macro calls outwards.
fn glue_at(span: &rustc::Span, emitted: &Emitted, cells: &Cells) -> Option<Glue> {
    let mut span = span;
    loop {
        let glue = if span.file_name == ROOT {
            &emitted.root_glue
        } else if cell_of_name(&span.file_name).is_some_and(|cell| cells.contains_key(&cell)) {
            &emitted.body_glue
        } else {
            span = &span.expansion.as_ref()?.span;
            continue;
        };
        let beyond_user = |cell: u32| cells[&cell].original(span.byte_start).is_none();
        let found = glue
            .iter()
            .find(|(range, _)| range.contains(&span.byte_start));
        if let Some((_, found)) = found
            && cell_of_name(&span.file_name).is_none_or(beyond_user)
        {
            return Some(found.clone());
        }
        span = &span.expansion.as_ref()?.span;
    }
}
