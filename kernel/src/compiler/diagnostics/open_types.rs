//! Notes of ours on variables whose types an earlier cell has left open.

use super::advice::Known;
use super::place::place;
use super::report::Cells;
use crate::compiler::resolve::held::Held;
use crate::compiler::rustc::contract::code::{CAPTURED_BY_ITEM, INFERENCE, UNKNOWN_VALUE};
use crate::compiler::rustc::messages::Message;

/// Notes on an error.
pub(super) fn advice(error: &Message, cells: &Cells, known: &Known<'_>) -> Vec<String> {
    let code = error.code();
    if INFERENCE.contains(&code) {
        let places = error.spans.iter().filter_map(|span| place(span, cells));
        let places: Vec<_> = places.collect();
        let is_about = |held: &&Held| {
            let mut places = places.iter();
            places.any(|(cell, range)| {
                *cell == held.source.cell && held.statement.range.contains(&range.start)
            })
        };
        let left = known.waiting.left.iter().filter(is_about);
        return left.filter_map(still_open).collect();
    }
    let names = error.message.split('`').skip(1).step_by(2);
    let open = names.filter_map(|name| Some((name, known.scope.open_variable(name)?)));
    let is_missing = code == UNKNOWN_VALUE || code == CAPTURED_BY_ITEM;
    open.filter(|_| is_missing)
        .map(|(name, held)| {
            format!(
                "`{name}` of cell [{}] has no type yet, so it is not made before a cell's statements tell that",
                held.source.cell
            )
        })
        .collect()
}

/// What is said of an open variable that the cell uses.
fn still_open(held: &Held) -> Option<String> {
    let names: Vec<String> = held.bindings().map(|b| format!("`{}`", b.name)).collect();
    let (it, its) = match names.len() {
        0 => return None,
        1 => ("it", "its type"),
        _ => ("them", "their types"),
    };
    Some(format!(
        "cell [{}] has left {} open, and this cell does not tell {its} either: write {its} there, or use {it} here in a way that does",
        held.source.cell,
        names.join(", "),
    ))
}
