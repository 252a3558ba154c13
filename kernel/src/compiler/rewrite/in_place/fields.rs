//! Fields that something borrows are lent apart from the rest of their variable: before the statement, which has what is lent in
//! the place of `v.a`.

use std::collections::BTreeMap;

use super::taken::Use;
use crate::compiler::codegen::borrowing::places::{lend, lent_name};
use crate::compiler::resolve::session_scope::Loans;
use crate::compiler::syntax::source::{Edit, Part};

/// By where a statement begins: the fields that it borrows.
pub(crate) type Lent = BTreeMap<usize, Loans>;

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
