//! What is inserted into a cell's text for the variables that stand in place: what puts new ones there, and each of their uses.

use std::collections::BTreeSet;

use super::InPlace;
use super::fields::{self, Lent};
use crate::compiler::codegen::borrowing::Borrowing;
use crate::compiler::codegen::borrowing::earlier_owners;
use crate::compiler::codegen::borrowing::places::{lifetime, place};
use crate::compiler::codegen::{Findings, parts};
use crate::compiler::plan::Plan;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::syntax::cell::{Binding, Parsed, Statement};
use crate::compiler::syntax::source::{Edit, Part};

/// The edits, none for a cell in which nothing stands in place. The first statements, as many as are `held`, are of earlier cells.
pub(crate) fn edits(
    text: &str,
    parsed: &Parsed,
    plan: &Plan,
    scope: &Scope,
    findings: &Findings,
    held: usize,
) -> Vec<Edit> {
    let borrowing = &findings.borrowing;
    let earlier = earlier_owners(plan, scope, borrowing);
    let mut variables: BTreeSet<InPlace> = earlier
        .map(|(name, variable)| InPlace {
            name: name.clone(),
            from: 0,
            mutable: variable.mutable,
        })
        .collect();
    let mut edits = ages(parsed, borrowing, held);
    let mut number = 0;
    for owner in &borrowing.owners {
        let Some((statement, binding)) = binding(owner, parsed) else {
            continue;
        };
        let is_held = is_held(statement, parsed, held);
        let from = if is_held { 0 } else { statement.range.end };
        if !is_held {
            let place = place(binding, number, findings);
            edits.push(Edit::after(from, place, Part::Body));
        }
        variables.insert(InPlace {
            name: owner.clone(),
            from,
            mutable: binding.mutable,
        });
        number += 1;
    }
    for (statement, binding, borrower) in shadowed(parsed, borrowing) {
        let from = statement.range.end;
        let hold = hold_variable(binding, borrower, borrowing);
        edits.push(Edit::after(from, hold, Part::Body));
        variables.insert(InPlace {
            name: binding.name.clone(),
            from,
            mutable: binding.mutable,
        });
    }
    for (&(start, end), name) in &borrowing.held {
        let hold = hold(start, &lifetime(name), borrowing);
        edits.push(Edit::before(start, format!("(*{hold}("), Part::Body));
        edits.push(Edit::after(end, "))", Part::Body));
    }
    for (name, parts) in &findings.parts {
        if let Some((statement, binding)) = binding(name, parsed) {
            let copy = parts::copy_new(name, parts, binding.mutable);
            edits.push(Edit::after(statement.range.end, copy, Part::Body));
        }
    }
    if !variables.is_empty() {
        let lent = lent(borrowing);
        edits.extend(fields::lendings(&lent));
        edits.extend(super::edits(text, &variables, &borrowing.whole, &lent));
    }
    edits
}

/// Whether a statement is one of an earlier cell: its variables are put in their places before the cell's own statements.
fn is_held(statement: &Statement, parsed: &Parsed, held: usize) -> bool {
    let mut first = parsed.statements[..held].iter();
    first.any(|other| std::ptr::eq(other, statement))
}

/// The fields that statements borrow apart from the rest of their variables.
fn lent(borrowing: &Borrowing) -> Lent {
    let all = borrowing.lent();
    let lends = borrowing.lends.iter().map(|(start, places)| {
        let places = places.iter();
        let lent = places.filter_map(|place| Some((place.clone(), *all.get(place)?)));
        (*start, lent.collect())
    });
    lends.collect()
}

/// What tells how old the variables are that are kept at the cell's end and were there before one that stands in place.
fn ages(parsed: &Parsed, borrowing: &Borrowing, held: usize) -> Vec<Edit> {
    if !borrowing.places() {
        return Vec::new();
    }
    let temporaries = borrowing.held.keys().map(|(start, _)| *start);
    let temporaries = temporaries.chain(borrowing.shadowed.keys().copied()).max();
    let bound = bindings(parsed).filter(|(statement, bound)| {
        let is_own = !is_held(statement, parsed, held);
        let last = binding(&bound.name, parsed);
        is_own && last.is_some_and(|(_, last)| last.range == bound.range)
    });
    let bound: Vec<(&Statement, &String)> = bound
        .map(|(statement, binding)| (statement, &binding.name))
        .collect();
    let is_placed = |(_, name): &(&Statement, &String)| borrowing.owners.contains(*name);
    let last = bound.iter().rposition(is_placed).unwrap_or(0);
    let is_before = |(number, (statement, _)): &(usize, &(&Statement, &String))| {
        *number < last || temporaries.is_some_and(|at| statement.range.end <= at)
    };
    let before = bound.iter().enumerate().filter(is_before);
    let kept = before
        .map(|(_, bound)| bound)
        .filter(|bound| !is_placed(bound));
    let kept = kept.map(|(statement, name)| (statement.range.end, name));
    kept.map(|(end, name)| {
        let age = format!(" ::woozle::borrows::age({name:?});");
        Edit::after(end, age, Part::Body)
    })
    .collect()
}

/// The statement that binds a new variable: the last one, if there are more.
pub(crate) fn binding<'a>(name: &str, parsed: &'a Parsed) -> Option<(&'a Statement, &'a Binding)> {
    bindings(parsed)
        .filter(|(_, binding)| binding.name == name)
        .last()
}

/// Where the name of the variable stands that a name means at a place in the text, if the cell binds the name anew after that.
pub(crate) fn shadowed_at(name: &str, at: usize, parsed: &Parsed) -> Option<usize> {
    let mut of_name = bindings(parsed).filter(|(_, binding)| binding.name == name);
    let before = of_name
        .by_ref()
        .take_while(|(statement, _)| statement.range.end <= at)
        .last();
    let (_, last) = binding(name, parsed)?;
    let (_, bound) = before?;
    (bound.range != last.range).then_some(bound.range.start)
}

/// Whether the cell has bound a name anew before a place in the text.
pub(crate) fn is_bound_before(name: &str, at: usize, parsed: &Parsed) -> bool {
    let mut before = bindings(parsed).filter(|(statement, _)| statement.range.end <= at);
    before.any(|(_, binding)| binding.name == name)
}

/// All new variables, with their statements.
fn bindings(parsed: &Parsed) -> impl Iterator<Item = (&Statement, &Binding)> {
    parsed.statements.iter().flat_map(|statement| {
        let bindings = statement.binds.iter();
        bindings.map(move |binding| (statement, binding))
    })
}

/// The variables whose name the cell binds anew and that stand in place, each with what it ends with.
fn shadowed<'a>(
    parsed: &'a Parsed,
    borrowing: &'a Borrowing,
) -> impl Iterator<Item = (&'a Statement, &'a Binding, &'a String)> {
    bindings(parsed).filter_map(|(statement, binding)| {
        let borrower = borrowing.shadowed.get(&binding.range.start)?;
        Some((statement, binding, borrower))
    })
}

/// What puts a variable into its place that no later cell can name.
fn hold_variable(binding: &Binding, borrower: &str, borrowing: &Borrowing) -> String {
    let (name, own) = (&binding.name, lifetime(borrower));
    let by = if binding.mutable { "mut " } else { "" };
    let hold = hold(binding.range.start, &own, borrowing);
    format!(" let {name}: &{own} {by}_ = {hold}({name});")
}

/// The function that puts what has no name into its place.
fn hold(start: usize, own: &str, borrowing: &Borrowing) -> String {
    let function = if borrowing.may_borrow.contains(&start) {
        "hold_borrower"
    } else {
        "hold"
    };
    format!("::woozle::borrows::{function}::<{own}, _>")
}

/// The variable that an edit puts into its place.
pub(crate) fn placed_by(edit: &Edit) -> Option<&str> {
    let (name, rest) = edit.text.strip_prefix(" let ")?.split_once(':')?;
    rest.contains("::woozle::borrows::placed::").then_some(name)
}
