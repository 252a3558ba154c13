//! The places that variables borrow from: variables that stand in place, and fields of them that are lent apart from the rest.

use std::collections::BTreeMap;

use crate::compiler::codegen::findings::{Erasure, Findings};
use crate::compiler::names;
use crate::compiler::resolve::session_scope::{Loan, Loans, variable_of};
use crate::compiler::syntax::cell::Binding;
use crate::compiler::types::lifetimes::living_for;

/// What stands for the dots of a place in a name.
pub(crate) const DOT: char = '\u{b7}';

/// The lifetime of a variable, or of a field that is lent: that in which what it borrows from is left alone, and it is itself.
pub(crate) fn lifetime(place: &str) -> String {
    match place.strip_prefix("r#") {
        Some(raw) => format!("'raw_{}", dotted(raw)),
        None => format!("'{}", dotted(place)),
    }
}

/// What a field that is lent is called in the statement that borrows it.
pub(crate) fn lent_name(place: &str) -> String {
    dotted(place.trim_start_matches("r#"))
}

fn dotted(place: &str) -> String {
    place.replace('.', &DOT.to_string())
}

/// Whether a place is a field of a variable.
pub(crate) fn is_field(place: &str) -> bool {
    variable_of(place) != place
}

/// A place in a variable that stands in place, as code has it.
pub(crate) fn written(place: &str) -> String {
    let variable = variable_of(place);
    match &place[variable.len()..] {
        "" => format!("*{variable}"),
        path => format!("(*{variable}){path}"),
    }
}

/// Whether a place is another one, or what that is a part of.
pub(crate) fn holds(place: &str, other: &str) -> bool {
    let rest = other.strip_prefix(place);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Loans of which none is of a part of another one's place.
pub(crate) fn apart<'a>(
    loans: impl IntoIterator<Item = (&'a String, Loan)>,
) -> BTreeMap<&'a String, Loan> {
    let mut all: BTreeMap<&String, Loan> = BTreeMap::new();
    for (place, loan) in loans {
        let held: Vec<&String> = all
            .keys()
            .copied()
            .filter(|other| holds(place, other))
            .collect();
        let held = held.into_iter().filter_map(|other| all.remove(other));
        let loan = held.fold(loan, Loan::max);
        match all.iter_mut().find(|(other, _)| holds(other, place)) {
            Some((_, known)) => *known = (*known).max(loan),
            None => {
                all.insert(place, loan);
            }
        }
    }
    all
}

/// What lends a field apart from the rest of its variable, before the statement that borrows it.
pub(crate) fn lend(place: &str, loan: Loan) -> String {
    let (name, own) = (lent_name(place), lifetime(place));
    let of = lifetime(variable_of(place));
    let (by, function) = match loan {
        Loan::Mutable => ("mut ", "lend_mut"),
        Loan::Shared => ("", "lend"),
    };
    format!(
        "let {name}: &{own} {by}_ = ::woozle::borrows::{function}::<{of}, {own}, _>(&{by}{}); ",
        written(place)
    )
}

/// The field of this name that is lent.
pub(crate) fn lent_field<'a>(name: &str, lent: &'a Loans) -> Option<&'a String> {
    lent.keys().find(|place| lent_name(place) == name)
}

/// What puts a variable into its place; one whose type has no name is what it is kept as from there on.
pub(crate) fn place(binding: &Binding, number: usize, findings: &Findings) -> String {
    let borrowing = &findings.borrowing;
    let name = &binding.name;
    let borrows = borrowing.ties.contains_key(name);
    let own = lifetime(name);
    let by = if binding.mutable || borrowing.is_mutably_borrowed(name) {
        "mut "
    } else {
        ""
    };
    let (ty, value) = match findings.erased.get(name) {
        Some(Erasure::Pointer(ty)) => (ty.clone(), name.clone()),
        Some(erased @ (Erasure::Boxed(..) | Erasure::Copied(..) | Erasure::Curried(..))) => {
            let (ty, value) = erased.in_box(name).unwrap_or_default();
            let tied = borrows.then(|| living_for(&ty, &own)).flatten();
            (tied.unwrap_or(ty), value)
        }
        _ => ("_".to_owned(), name.clone()),
    };
    let (function, value) = match findings.erased.get(name) {
        _ if borrows => ("borrower::keep_variable", value),
        Some(Erasure::Kind(..)) => {
            let kind = names::kind_variable(number);
            ("keep_kind", format!("{value}, {kind}"))
        }
        _ => ("keep_variable", value),
    };
    format!(
        " let {name}: &{own} {by}_ = ::woozle::borrows::placed::{function}::<{ty}, {number}>({name:?}, {value});"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_spelled_for_code() {
        assert_eq!(lifetime("v.a.0"), "'v·a·0");
        assert_eq!(lifetime("r#type.a"), "'raw_type·a");
        assert_eq!(written("v"), "*v");
        assert_eq!(written("v.a.0"), "(*v).a.0");
        assert!(is_field("v.a") && !is_field("v"));
    }

    #[test]
    fn of_loans_that_overlap_one_is_left() {
        let places = ["v.a", "v.a.b", "w", "v.ab", "w.x"].map(str::to_owned);
        let loans = [
            Loan::Shared,
            Loan::Mutable,
            Loan::Shared,
            Loan::Shared,
            Loan::Shared,
        ];
        let found = apart(places.iter().zip(loans));
        let expected = [
            ("v.a", Loan::Mutable),
            ("v.ab", Loan::Shared),
            ("w", Loan::Shared),
        ];
        let found: Vec<(&str, Loan)> = found
            .into_iter()
            .map(|(place, loan)| (place.as_str(), loan))
            .collect();
        assert_eq!(found, expected);
    }
}
