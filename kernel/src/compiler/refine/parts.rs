//! Which part of a variable the cell has moved away.

use super::borrows::seen::text_of;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rewrite::in_place::placing;
use crate::compiler::rustc::contract::phrase;
use crate::compiler::rustc::messages::Message;
use crate::compiler::syntax::tokens::Names;
use crate::compiler::unit::Cell;

/// Learns from an error on a variable that is put back or kept; false if it is moved as a whole, or what is left cannot be kept.
pub(super) fn moved(cell: &mut Cell, name: &str, error: &Message) -> bool {
    let is_borrowed = cell.findings.borrowing.owners.contains(name);
    let is_new = cell.parsed.binds(name);
    let is_own = !is_new || placing::binding(name, &cell.parsed).is_some();
    // What gets its part back within the cell is whole at its end, or that is an error of the next run.
    let may_be_whole = !is_new && cell.parsed.assigned.contains(name);
    let is_in_body = cell.findings.in_body.contains(name);
    if may_be_whole && !is_in_body && !cell.findings.moved.contains(name) {
        return false;
    }
    if !error.message.contains(phrase::MOVED_IN_PART) || is_borrowed || !is_own {
        return false;
    }
    let Some(part) = part_of(error).filter(|part| is_path(part, name)) else {
        return false;
    };
    let parts: &mut Names = cell.findings.parts.entry(name.to_owned()).or_default();
    if parts.iter().any(|known| is_within(part, known)) {
        cell.findings.parts.remove(name);
        return false; // it does not help
    }
    parts.retain(|known| !is_within(known, part));
    parts.insert(part.to_owned())
}

/// Whether only a part may have moved of an earlier variable that the statements' closure takes with it as a whole, or with more
/// than that part: they use all of it, and then move a part; or the way to the part leads through a `Box`.
pub(super) fn may_be_left(cell: &Cell, name: &str, error: &Message, scope: &Scope) -> bool {
    let variable = scope.variables.get(name);
    let is_plain = variable.is_some_and(|v| v.kind.is_none() && v.borrows.is_none());
    if !is_plain || cell.parsed.binds(name) || cell.findings.borrowing.ties.contains_key(name) {
        return false;
    }
    let mut labels = error.spans.iter().filter_map(|span| span.label.as_deref());
    if labels.any(|label| label == phrase::CAPTURED_FOR) {
        return true;
    }
    let taken = part_of(error).unwrap_or(name);
    let mut places = error.spans.iter().filter_map(|span| text_of(span, cell));
    places.any(|place| is_deeper(place, taken))
}

/// Whether a place in a cell's text is a part of `taken`, and not all of it.
fn is_deeper(place: &str, taken: &str) -> bool {
    let path = place.replace(['*', '(', ')'], "");
    let rest = path.strip_prefix(taken);
    rest.is_some_and(|rest| rest.starts_with('.') || rest.is_empty() && place.contains('*'))
}

/// Whether it is a path to a part of a variable, such as `v.a.0`.
pub(super) fn is_path(part: &str, name: &str) -> bool {
    let path = part
        .strip_prefix(name)
        .and_then(|rest| rest.strip_prefix('.'));
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.' || c == '#';
    path.is_some_and(|path| path.chars().all(is_part))
}

/// The part that an error says has moved.
fn part_of(error: &Message) -> Option<&str> {
    let notes = error.children.iter();
    let mut parts = notes.filter_map(|note| {
        let (_, rest) = note.message.split_once(phrase::PART)?;
        rest.split('`').next()
    });
    parts.next().map(whole)
}

/// A part that can be given a value: of an array, the whole.
fn whole(part: &str) -> &str {
    part.split('[').next().unwrap_or(part)
}

/// Whether a part is the other, or a part of that.
fn is_within(part: &str, other: &str) -> bool {
    let rest = part.strip_prefix(other);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_within_another() {
        assert!(is_within("v.a.b", "v.a") && is_within("v.a", "v.a"));
        assert!(!is_within("v.ab", "v.a") && !is_within("v.a", "v.a.b"));
        assert_eq!(whole("v.a[..]"), "v.a");
        assert!(is_deeper("*v", "v") && is_deeper("v.a.0", "v.a") && is_deeper("(*v).0", "v"));
        assert!(!is_deeper("v", "v") && !is_deeper("v.a", "v.a") && !is_deeper("vv.a", "v"));
    }
}
