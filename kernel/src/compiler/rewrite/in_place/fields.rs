//! Fields that something borrows are lent apart from the rest of their variable: before the statement, which has what is lent in
//! the place of `v.a`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::InPlace;
use super::taken::Use;
use crate::compiler::codegen::places::{apart, lend, lent_name};
use crate::compiler::resolve::session_scope::{Loan, Loans};
use crate::compiler::syntax::source::{Edit, Part};
use crate::compiler::syntax::tokens::Names;

/// By where a statement begins: the fields that it borrows.
pub(crate) type Lent = BTreeMap<usize, Loans>;

/// The fields of a variable that the statement there uses, and whether it is seen that they are changed; `None` if it uses more of
/// the variable.
pub(crate) fn used(text: &str, statement: &Range<usize>, variable: &str) -> Option<Loans> {
    let whole = InPlace {
        name: variable.to_owned(),
        from: statement.start,
        mutable: true,
    };
    let uses = super::uses(text, &BTreeSet::from([whole]), &Names::new());
    let (_, uses) = uses
        .into_iter()
        .find(|(start, _)| statement.contains(start))?;
    let mut places = Loans::new();
    for one in &uses {
        let (_, path) = one.fields.last()?;
        let loan = if one.is_change {
            Loan::Mutable
        } else {
            Loan::Shared
        };
        let known = places.entry(format!("{variable}{path}")).or_insert(loan);
        *known = (*known).max(loan);
    }
    let places = apart(places.iter().map(|(p, loan)| (p, *loan)));
    let places = places
        .into_iter()
        .map(|(place, loan)| (place.clone(), loan));
    let places: Loans = places.collect();
    (!places.is_empty()).then_some(places)
}

/// The edit for a use in a statement that borrows these fields.
pub(super) fn edit(one: Use, lent: &Loans) -> Edit {
    let place = |path: &str| format!("{}{path}", one.name);
    let field = one
        .fields
        .iter()
        .find(|(_, path)| lent.contains_key(&place(path)));
    match field {
        Some((range, path)) => {
            let name = format!("(*{})", lent_name(&place(path)));
            Edit::replace(range.clone(), name, Part::Body)
        }
        None => one.edit,
    }
}

/// What lends fields before the statements that borrow them.
pub(super) fn lendings(lent: &Lent) -> impl Iterator<Item = Edit> {
    lent.iter().map(|(start, places)| {
        let lend: String = places
            .iter()
            .map(|(place, loan)| lend(place, *loan))
            .collect();
        Edit::before(*start, lend, Part::Body)
    })
}
