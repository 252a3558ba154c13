//! What a cell puts in its place and no later cell can name: temporary values whose life a `let` extends, and variables whose name
//! the cell binds anew. First it is taken for what borrows from no variable, so that it can be dropped whatever happens to those.

use super::seen::{Seen, place_of};
use crate::compiler::rewrite::in_place::placing;
use crate::compiler::rewrite::in_place::temporaries::extended_temporaries;
use crate::compiler::rustc::contract::phrase;
use crate::compiler::rustc::messages::{Message, Span};
use crate::compiler::unit::Cell;

/// Learns from errors which say that something would have to live for ever that some of it may borrow.
pub(crate) fn learn(cell: &mut Cell, errors: &[&Message], seen: &Seen<'_>) -> bool {
    let spans = |error: &&Message| {
        let children = error.children.iter().flat_map(|child| &child.spans);
        error
            .spans
            .iter()
            .chain(children)
            .cloned()
            .collect::<Vec<_>>()
    };
    let says_static = |spans: &Vec<Span>| {
        let mut labels = spans.iter().filter_map(|span| span.label.as_ref());
        labels.any(|label| label.contains(phrase::FOR_EVER))
    };
    let of_those = errors.iter().map(spans).filter(says_static);
    let spans: Vec<Span> = of_those.flatten().collect();
    if spans.is_empty() {
        return false;
    }
    let own = spans.iter().filter(|span| seen.is_in_text(span));
    let places: Vec<usize> = own.filter_map(|span| place_of(span, cell)).collect();
    let held = cell.findings.borrowing.held.clone();
    let is_there = |start: usize| {
        let end = held
            .keys()
            .find(|(at, _)| *at == start)
            .map(|(_, end)| *end);
        end.is_some_and(|end| places.iter().any(|at| (start..end).contains(at)))
    };
    may_borrow(cell, is_there) || may_borrow(cell, |_| true)
}

/// A temporary value whose life the `let` extends stands in place.
pub(super) fn hold(cell: &mut Cell, error: &Message, borrower: &str, seen: &Seen<'_>) -> bool {
    let Some(start) = seen.place(cell, error) else {
        return false;
    };
    let extended = extended_temporaries(&cell.source.text);
    let Some(range) = extended.into_iter().find(|range| range.start == start) else {
        return false;
    };
    let Some((statement, _)) = placing::binding(borrower, &cell.parsed) else {
        return false;
    };
    // An earlier `let` may have made it: `let a = &mut Toy(1); let b = a;`.
    if statement.range.end <= start {
        return false;
    }
    let borrowing = &mut cell.findings.borrowing;
    borrowing.ties.entry(borrower.to_owned()).or_default();
    let held = borrowing
        .held
        .insert((range.start, range.end), borrower.to_owned());
    held.is_none()
}

/// Notes that some of it may borrow; false if that is known.
pub(super) fn may_borrow(cell: &mut Cell, is_it: impl Fn(usize) -> bool) -> bool {
    let borrowing = &mut cell.findings.borrowing;
    let held = borrowing.held.keys().map(|(start, _)| *start);
    let unnamed = held.chain(borrowing.shadowed.keys().copied());
    let before = borrowing.may_borrow.len();
    borrowing.may_borrow.extend(unnamed.filter(|at| is_it(*at)));
    borrowing.may_borrow.len() > before
}
