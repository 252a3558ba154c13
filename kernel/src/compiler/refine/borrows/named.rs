//! The variables that errors about borrowing name.

use crate::compiler::codegen::owners::lifetime;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rewrite::in_place::placing;
use crate::compiler::rustc::contract::{code, phrase};
use crate::compiler::rustc::messages::Message;
use crate::compiler::unit::Cell;

/// The variable that is borrowed from.
pub(super) fn owner_of(error: &Message, cell: &Cell, scope: &Scope) -> Option<String> {
    if let Some((owner, _)) = outlived(error) {
        let is_of = |name: &String| lifetime(name) == format!("'{owner}");
        let ties = cell.findings.borrowing.ties.keys();
        let mut known = cell
            .findings
            .borrowing
            .owners
            .iter()
            .chain(ties)
            .chain(&cell.plan.reads);
        return known.find(|name| is_of(name)).cloned();
    }
    let name = named(error)?;
    let is_earlier = || {
        let earlier = scope.variables.get(&name);
        let is_whole = !cell.findings.parts.contains_key(&name);
        let there = is_whole && earlier.is_some_and(|earlier| earlier.moved_by.is_none());
        there && cell.plan.reads.contains(&name) && !cell.parsed.binds(&name)
    };
    let is_new = placing::binding(&name, &cell.parsed).is_some_and(|(statement, _)| {
        let has_value = cell.source.text[statement.range.clone()].contains('=');
        let is_whole = !cell.findings.parts.contains_key(&name);
        is_whole && has_value && !cell.findings.not_kept.contains(&name)
    });
    let is_earlier_too = scope.variables.contains_key(&name) && cell.plan.reads.contains(&name);
    let is_new = is_new && !is_earlier_too;
    (is_new || is_earlier()).then_some(name)
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
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '#';
    place.chars().take_while(|c| is_part(*c)).collect()
}
