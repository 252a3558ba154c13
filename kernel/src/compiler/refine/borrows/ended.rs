//! What borrows from earlier variables and ends within the cell, as that changes or moves them.

use std::collections::{BTreeMap, BTreeSet};

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

/// Notes, for the user, what has ended though the cell did not name it: together what borrows from the same.
pub(crate) fn note_ended(cell: &mut Cell, scope: &Scope) {
    let mut ended: BTreeMap<BTreeSet<&str>, Vec<String>> = BTreeMap::new();
    let reads = &cell.plan.reads;
    let unnamed = cell.findings.borrowing.ended.difference(reads);
    for name in unnamed {
        let variable = scope.variables.get(name);
        let loans = variable.and_then(|variable| variable.borrows.as_ref());
        let places = loans.into_iter().flat_map(|loans| loans.keys());
        let owners = places.map(|place| variable_of(place));
        let owners = owners.filter(|owner| reads.contains(*owner)).collect();
        ended.entry(owners).or_default().push(format!("`{name}`"));
    }
    let notes = ended.into_iter().map(|(owners, names)| {
        let owners: Vec<String> = owners.iter().map(|owner| format!("`{owner}`")).collect();
        let (borrow, end) = match names.len() {
            1 => ("borrows", "it has"),
            _ => ("borrow", "they have"),
        };
        format!(
            "{} {borrow} from {}, which this cell changes or moves, so {end} ended",
            names.join(", "),
            owners.join(" and ")
        )
    });
    cell.notes.extend(notes);
}
