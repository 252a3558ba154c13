//! The variables that errors about borrowing name.

use crate::compiler::codegen::borrowing::places::{DOT, lifetime};
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rewrite::in_place::placing;
use crate::compiler::rustc::contract::{code, phrase};
use crate::compiler::rustc::messages::Message;
use crate::compiler::unit::Cell;

/// Whether an error is one of borrowing.
pub(super) fn is_borrow_error(error: &Message) -> bool {
    code::BORROWS.contains(&error.code()) || error.message == phrase::LIFETIME
}

/// The variable that is borrowed from, or the field of one that is lent.
/// The error is at `at`, if it is in the cell's text.
pub(super) fn owner_of(
    error: &Message,
    cell: &Cell,
    at: Option<usize>,
    scope: &Scope,
) -> Option<String> {
    if let Some((owner, _)) = outlived(error) {
        let is_of = |name: &String| lifetime(name) == format!("'{owner}");
        let ties = cell.findings.borrowing.ties.keys();
        let lent = cell.findings.borrowing.lent();
        let mut known = cell
            .findings
            .borrowing
            .owners
            .iter()
            .chain(ties)
            .chain(&cell.plan.reads)
            .chain(lent.keys());
        return known.find(|name| is_of(name)).cloned();
    }
    let name = named(error)?;
    let is_bound =
        |at| cell.parsed.binds(&name) && placing::is_bound_before(&name, at, &cell.parsed);
    let is_earlier = is_there(cell, &name, scope)
        && at.map_or_else(|| !cell.parsed.binds(&name), |at| !is_bound(at));
    let is_new = placing::binding(&name, &cell.parsed).is_some_and(|(statement, _)| {
        let is_held = cell.waiting.home(&name).is_some();
        let text = || &cell.source.text[statement.range.clone()];
        let has_value = !statement.declares && (is_held || text().contains('='));
        let is_whole = !cell.findings.parts.contains_key(&name);
        is_whole && has_value && !cell.findings.not_kept.contains(&name)
    });
    (is_new || is_earlier).then_some(name)
}

/// Whether a name is that of an earlier variable, which is there and whole.
pub(super) fn is_there(cell: &Cell, name: &str, scope: &Scope) -> bool {
    let is_whole = !cell.findings.parts.contains_key(name);
    let earlier = scope.variables.get(name);
    is_whole
        && cell.plan.reads.contains(name)
        && earlier.is_some_and(|earlier| earlier.moved_by.is_none())
}

/// The variable that an error names.
fn named(error: &Message) -> Option<String> {
    let place = match error.code() {
        code::CLOSURE_OUTLIVES => {
            let (_, rest) = error.message.split_once(phrase::BUT_BORROWS)?;
            rest.split('`').next()?
        }
        _ => error.named()?,
    };
    Some(first_name(place))
}

/// Where the name stands of the variable that is borrowed from, if the cell binds that name anew afterwards.
/// The error is at `at`.
pub(super) fn shadowed_owner(cell: &Cell, error: &Message, at: usize) -> Option<usize> {
    if outlived(error).is_some() {
        return None;
    }
    placing::shadowed_at(&named(error)?, at, &cell.parsed)
}

/// The lifetimes of an error that one must outlive the other.
pub(super) fn outlived(error: &Message) -> Option<(String, String)> {
    let children = error.children.iter().flat_map(|child| &child.spans);
    let labels = error
        .spans
        .iter()
        .chain(children)
        .filter_map(|span| span.label.as_ref());
    for label in labels {
        let Some((before, after)) = label.split_once(phrase::MUST_OUTLIVE) else {
            continue;
        };
        let name = |text: &str| Some(text.split_once("`'")?.1.split('`').next()?.to_owned());
        let owner = before
            .rsplit_once("`'")
            .map(|(_, owner)| owner.trim_end_matches('`'));
        return Some((owner?.to_owned(), name(after)?));
    }
    None
}

/// The variable of a place: `v` of `*v`, `v.a.b` and `v[_]`.
pub(super) fn first_name(place: &str) -> String {
    let place = place.trim_start_matches(['*', '(']);
    let is_part = |c: char| c.is_alphanumeric() || ['_', '#', DOT].contains(&c);
    place.chars().take_while(|c| is_part(*c)).collect()
}
