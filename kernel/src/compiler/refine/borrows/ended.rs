//! What borrows from earlier variables and ends within the cell, as that changes or moves them.

use crate::compiler::codegen::borrowing::places::is_field;
use crate::compiler::names::EXPRESSION;
use crate::compiler::resolve::session_scope::{Loan, Scope, variable_of};
use crate::compiler::rustc::messages::Message;
use crate::compiler::unit::Cell;

/// What borrows from a place in an earlier variable ends: that which borrows mutably, or all.
pub(super) fn end_borrowers(cell: &mut Cell, place: &str, loan: Loan, scope: &Scope) -> bool {
    if cell.source.cell == EXPRESSION {
        return false; // it only looks
    }
    let going_on = scope.borrowers(variable_of(place));
    let is_of_it = |other: &String| !is_field(place) || *other == place;
    let ending = going_on.filter(|(_, other, by)| *by >= loan && is_of_it(other));
    let ending: Vec<String> = ending.map(|(name, ..)| name.clone()).collect();
    // Several errors may say the same: that they have ended is what each of them teaches.
    let is_any = !ending.is_empty();
    cell.findings.borrowing.ended.extend(ending);
    is_any
}

/// What ends without a type of its own has one that is dropped, though what is in it may need no drop: then it is not dropped.
pub(super) fn leak(cell: &mut Cell, error: &Message, scope: &Scope) -> bool {
    let is_erased = |name: &&str| scope.variables.get(*name).is_some_and(|v| v.is_erased);
    let Some(name) = error.dropped().find(is_erased) else {
        return false;
    };
    let borrowing = &mut cell.findings.borrowing;
    let is_ended = borrowing.ended.contains(name);
    if is_ended {
        borrowing.leaked.insert(name.to_owned());
    }
    is_ended
}
