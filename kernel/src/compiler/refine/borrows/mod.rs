//! What rustc's errors teach of borrowing: which variables borrow from which, and where that ends.
//!
//! Nothing depends on the errors being read right: what is found out is written into the next run's code, and there rustc judges
//! it (`codegen/BORROWS.md`). What is read wrong costs a variable, which ends with its cell as it would without.

mod covariant;
mod ended;
pub(super) mod exact;
mod fields;
mod named;
mod refused;
pub(super) mod seen;
pub(super) mod unnamed;

use super::parts;
use crate::compiler::codegen::Generated;
use crate::compiler::codegen::borrowing::{Tie, earlier_owners};
use crate::compiler::names::EXPRESSION;
use crate::compiler::resolve::session_scope::{Loan, Scope};
use crate::compiler::rewrite::in_place::placing::{self, is_bound_before};
use crate::compiler::rustc::contract::{code, phrase};
use crate::compiler::rustc::messages::{Message, Span};
use crate::compiler::syntax::tokens::Names;
use crate::compiler::unit::Cell;
pub(crate) use ended::note_ended;
use ended::{end_borrowers, leak};
use exact::{give_up_exactness, grows_exact};
use named::{first_name, is_borrow_error, is_there, outlived, owner_of, shadowed_owner};
pub(crate) use refused::refuse;
pub(crate) use seen::Seen;
use seen::place_of;

/// Whether an error says that a new variable borrows from what the cell goes on to change or move, so that it ends where it is
/// used last.
pub(crate) fn ends(cell: &mut Cell, error: &Message, seen: &Seen<'_>) -> bool {
    let pieces = seen.pieces(error);
    let is_of_tie = pieces
        .iter()
        .any(|piece| matches!(piece, Generated::Tie(..)));
    let is_conflict = code::CONFLICTS.contains(&error.code()) && !is_of_tie;
    let primary = error.spans.iter().find(|span| span.is_primary);
    let kept = pieces.into_iter().find_map(|piece| match piece {
        Generated::Keep(name) => Some(name),
        _ => None,
    });
    let Some(name) =
        kept.filter(|_| is_conflict && primary.is_some_and(|span| seen.is_in_text(span)))
    else {
        return false;
    };
    // Its own value is in its place by now, and others borrow from it.
    if cell.findings.borrowing.owners.contains(&name) {
        return refuse(cell);
    }
    cell.findings.borrowing.ties.remove(&name);
    cell.findings.not_kept.insert(name)
}

/// Learns which types do not live exactly as long as their variables. Other errors may follow from that; if not, they come again.
pub(crate) fn give_up_some_exactness(
    cell: &mut Cell,
    errors: &[&Message],
    seen: &Seen<'_>,
) -> bool {
    let is_exact = |piece| match piece {
        Generated::Exact(name) => Some(name),
        _ => None,
    };
    for error in errors
        .iter()
        .filter(|error| exact::is_opaque_iterator(error))
    {
        let mut names = seen.pieces(error).into_iter().filter_map(is_exact);
        if let Some(name) = names.next() {
            return exact::keep_as_iterator(cell, &name);
        }
    }
    let pieces = errors.iter().flat_map(|error| seen.pieces(error));
    let mut names: Names = pieces.filter_map(is_exact).collect();
    names.extend(exact::shorter_than_what_is_lent(cell, errors));
    let given_up = names.iter().map(|name| give_up_exactness(cell, name));
    given_up.filter(|given_up| *given_up).count() > 0
}

/// Learns from one error; false if it teaches nothing of borrowing.
pub(crate) fn learn(cell: &mut Cell, error: &Message, seen: &Seen<'_>) -> bool {
    if let Some(learnt) = learn_of_places(cell, error, seen.scope) {
        return learnt;
    }
    if !is_borrow_error(error) {
        return false;
    }
    let pieces = seen.pieces(error);
    for piece in &pieces {
        match piece {
            Generated::Tie(owner, loan) => return end_borrowers(cell, owner, *loan, seen.scope),
            Generated::Probe(owner) => return borrow_mutably(cell, owner),
            Generated::Shorter(name) => return cell.findings.borrowing.rigid.insert(name.clone()),
            Generated::Ended(_) => return leak(cell, error, seen.scope),
            Generated::Exact(name) => return give_up_exactness(cell, name),
            _ => {}
        }
    }
    if cell.source.cell == EXPRESSION {
        return false; // it keeps nothing
    }
    let lifetimes = outlived(error);
    let by_lifetime = lifetimes.is_some();
    let is_lent = |piece: &Generated| matches!(piece, Generated::Lend(_)) && !by_lifetime;
    let outlives_lent = lifetimes.is_some_and(|(_, longer)| fields::is_lent(&longer));
    if outlives_lent || pieces.iter().any(is_lent) {
        return fields::undivide(cell, None);
    }
    let at = seen.place(cell, error);
    let others = error.spans.iter();
    let at = at.or_else(|| others.clone().find_map(|span| place_of(span, cell)));
    let shadowed = at.and_then(|at| shadowed_owner(cell, error, at));
    let owner = match shadowed {
        Some(_) => None,
        None => owner_of(error, cell, at, seen.scope),
    };
    let is_rebound = |owner: &String| is_rebound(cell, owner, by_lifetime, at, seen.scope);
    let is_rebound = owner.as_ref().is_some_and(is_rebound);
    let may_borrow = |name: &&String| by_lifetime || is_rebound || Some(*name) != owner.as_ref();
    let kept = pieces.iter().filter_map(|piece| match piece {
        Generated::Keep(name) => Some(name),
        _ => None,
    });
    let taken = pieces.iter().filter_map(|piece| match piece {
        Generated::Take(name) | Generated::PutBack(name) => Some(name),
        _ => None,
    });
    let borrower = kept.chain(taken).find(may_borrow).cloned();
    let borrower = borrower.or_else(|| returned_into(cell, error, owner.as_ref(), seen));
    let moved = || thread_takes(cell, error, seen.scope);
    let Some(borrower) = borrower else {
        return moved().is_some_and(|owner| cell.findings.moved.insert(owner));
    };
    if cell.findings.borrowing.refused || cell.findings.not_kept.contains(&borrower) {
        return false;
    }
    if error.code() == code::TEMPORARY {
        return unnamed::hold(cell, error, &borrower, seen);
    }
    if let Some(at) = shadowed {
        let borrowing = &mut cell.findings.borrowing;
        borrowing.ties.entry(borrower.clone()).or_default();
        borrowing.shadowed.entry(at).or_insert(borrower);
        return true;
    }
    match owner {
        Some(owner) if is_rebound => take_from_rebound(cell, &borrower, owner),
        Some(owner) => tie(cell, &borrower, owner, by_lifetime, at, seen.scope),
        // It may follow from another error.
        None if by_lifetime => {
            cell.findings.borrowing.unsure = true;
            true
        }
        None => false,
    }
}

/// Learns from an error about what is behind a reference, if it is one.
fn learn_of_places(cell: &mut Cell, error: &Message, scope: &Scope) -> Option<bool> {
    if code::MOVED_OUT.contains(&error.code()) {
        let mut lent = error.named().map(first_name).into_iter();
        return Some(if lent.any(|name| fields::is_lent(&name)) {
            fields::undivide(cell, None)
        } else {
            owner_moved(cell, error, scope) || taken_as_a_whole(cell)
        });
    }
    if error.code() == code::BEHIND_SHARED {
        // What a new variable refers to, which is a `&mut` and need not be `mut` itself. Of a closure's place the stars are not shown.
        let is_unique = || {
            let spans = error.children.iter().flat_map(|child| &child.spans);
            let mut types = spans.filter_map(|span| span.suggested_replacement.as_ref());
            types.any(|ty| ty.starts_with(phrase::TO_UNIQUE))
        };
        let behind = error
            .named()
            .filter(|place| place.starts_with("**") || is_unique());
        let mut behind = behind.into_iter();
        return Some(
            fields::lend_mutably(cell, error)
                || behind.any(|place| borrow_mutably(cell, &first_name(place))),
        );
    }
    None
}

/// The variable of the `let` in which a closure returns what is borrowed too long: there rustc says no more.
fn returned_into(
    cell: &Cell,
    error: &Message,
    owner: Option<&String>,
    seen: &Seen<'_>,
) -> Option<String> {
    let is_return = |span: &&Span| {
        let label = span.label.as_ref();
        label.is_some_and(|label| label.starts_with(phrase::RETURNING)) && seen.is_in_text(span)
    };
    let returned = error.spans.iter().find(is_return)?;
    let at = cell.source.original(returned.byte_start)?;
    let statements = cell.parsed.statements.iter();
    let mut around = statements.filter(|statement| statement.range.contains(&at));
    let mut bound = around.next()?.binds.iter().map(|binding| &binding.name);
    bound.find(|name| Some(*name) != owner).cloned()
}

/// An owner that stands in place is moved: the cell takes its box.
fn owner_moved(cell: &mut Cell, error: &Message, scope: &Scope) -> bool {
    let Some(place) = error.named() else {
        return false;
    };
    let name = first_name(place);
    if !is_standing(cell, &name, scope) {
        return false;
    }
    end_borrowers(cell, &name, Loan::Shared, scope);
    let borrows = scope.variables[&name].borrows.is_some();
    if !borrows && !cell.parsed.binds(&name) && parts::is_path(place, &name) {
        let parts = cell.findings.parts.entry(name.clone()).or_default();
        parts.insert(place.to_owned());
    }
    cell.findings.moved.insert(name)
}

/// What takes a field of what stands in place with it cannot have that without the rest.
fn taken_as_a_whole(cell: &mut Cell) -> bool {
    let before = cell.findings.borrowing.whole.len();
    if cell.source.text.contains("move") {
        let names = cell.in_place.iter().cloned();
        cell.findings.borrowing.whole.extend(names);
    }
    cell.findings.borrowing.whole.len() > before
}

/// An owner that stands in place, if the error is that something takes it that may outlive the cell.
fn thread_takes(cell: &Cell, error: &Message, scope: &Scope) -> Option<String> {
    let (owner, longer) = outlived(error)?;
    let may = longer == "static" && is_standing(cell, &owner, scope);
    may.then_some(owner)
}

/// Whether it is an earlier variable that stands in place and may still be taken.
fn is_standing(cell: &Cell, name: &str, scope: &Scope) -> bool {
    let mut standing = earlier_owners(&cell.plan, scope, &cell.findings.borrowing);
    standing.any(|(other, _)| other == name) && !cell.findings.moved.contains(name)
}

/// Something of the cell borrows mutably from an owner: nobody else may use it meanwhile.
fn borrow_mutably(cell: &mut Cell, owner: &str) -> bool {
    let ties = cell.findings.borrowing.ties.values_mut();
    let loans = ties.filter_map(|tie| tie.owners.get_mut(owner));
    loans.map(|loan| *loan = Loan::Mutable).count() > 0
}

/// Whether an owner is an earlier variable whose name the cell binds anew after the place of the error.
fn is_rebound(
    cell: &Cell,
    owner: &str,
    by_lifetime: bool,
    at: Option<usize>,
    scope: &Scope,
) -> bool {
    let is_before = || at.is_some_and(|at| !is_bound_before(owner, at, &cell.parsed));
    let is_it = if by_lifetime {
        is_standing(cell, owner, scope)
    } else {
        is_before()
    };
    is_it && cell.parsed.binds(owner) && is_there(cell, owner, scope)
}

/// Notes that a variable borrows from what has no name after the cell.
fn take_from_rebound(cell: &mut Cell, borrower: &str, owner: String) -> bool {
    let borrowing = &mut cell.findings.borrowing;
    let tie: &mut Tie = borrowing.ties.entry(borrower.to_owned()).or_default();
    tie.derived.insert(owner.clone());
    borrowing.rebound.insert(owner);
    true
}

/// Notes that a variable borrows from another. The error is at `at`, and tells of lifetimes or of a place.
fn tie(
    cell: &mut Cell,
    borrower: &str,
    owner: String,
    by_lifetime: bool,
    at: Option<usize>,
    scope: &Scope,
) -> bool {
    if grows_exact(cell, borrower, &owner, scope) {
        return false;
    }
    if let Some(loan) = cell.findings.borrowing.lent().get(&owner).copied() {
        let tie = cell.findings.borrowing.ties.entry(borrower.to_owned());
        tie.or_default().owners.entry(owner).or_insert(loan);
        return true;
    }
    let is_placed =
        is_standing(cell, &owner, scope) || cell.findings.borrowing.owners.contains(&owner);
    let outlives = by_lifetime && !is_placed;
    // At the cell's end the name is another variable's, unless that is the one that borrows.
    let is_earlier = is_standing(cell, &owner, scope) || scope.variables.contains_key(&owner);
    if is_earlier && cell.parsed.binds(&owner) {
        let is_own = owner == borrower && placing::binding(&owner, &cell.parsed).is_some();
        let is_there = cell.plan.reads.contains(&owner);
        let is_new = !by_lifetime && at.is_some_and(|at| is_bound_before(&owner, at, &cell.parsed));
        if is_there && !is_new && !(is_own && outlives) {
            return false;
        }
    }
    if outlives {
        let ties = &mut cell.findings.borrowing.ties;
        let tie: &mut Tie = ties.entry(borrower.to_owned()).or_default();
        tie.derived.insert(owner);
        return true;
    }
    let places = fields::borrowed(cell, borrower, &owner, at);
    let borrowing = &mut cell.findings.borrowing;
    let tie = borrowing.ties.entry(borrower.to_owned()).or_default();
    for (place, loan) in places {
        if !tie.owners.contains_key(&owner) {
            tie.owners.insert(place, loan);
        }
    }
    let is_mutable = borrowing.is_mutably_borrowed(&owner);
    let ties = borrowing.ties.values_mut().filter(|_| is_mutable);
    let wholes = ties.filter_map(|tie| tie.owners.get_mut(&owner));
    wholes.for_each(|loan| *loan = Loan::Mutable);
    borrowing.owners.insert(owner);
    true
}

#[cfg(test)]
mod tests;
