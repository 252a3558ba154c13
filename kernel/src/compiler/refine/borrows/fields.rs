//! Fields that are borrowed apart from the rest of their variable: `let log = &mut bank.log;`.

use super::named::first_name;
use crate::compiler::codegen::places::{DOT, is_field, lent_field};
use crate::compiler::resolve::session_scope::{Loan, Loans, variable_of};
use crate::compiler::rewrite::in_place::{fields, placing};
use crate::compiler::rustc::messages::Message;
use crate::compiler::unit::Cell;

/// What a new variable borrows from another one: some of its fields, if its statement mentions no more of that, or all of it.
pub(super) fn places(cell: &Cell, borrower: &str, owner: &str) -> Loans {
    let borrowing = &cell.findings.borrowing;
    let may_be_divided = !borrowing.undivided.contains(owner);
    let bound = placing::binding(borrower, &cell.parsed).filter(|_| may_be_divided);
    let fields = bound.and_then(|(statement, _)| {
        fields::used(&cell.source.text, &statement.range, owner)
    });
    fields.unwrap_or_else(|| Loans::from([(owner.to_owned(), Loan::Shared)]))
}

/// Has a field lent mutably which an error names.
pub(super) fn lend_mutably(cell: &mut Cell, error: &Message) -> bool {
    let borrowing = &mut cell.findings.borrowing;
    let lent = borrowing.lent();
    let name = error.named().map(first_name);
    let Some(place) = name.and_then(|name| lent_field(&name, &lent)) else {
        return false;
    };
    let ties = borrowing.ties.values_mut();
    let loans = ties.filter_map(|tie| tie.owners.get_mut(place));
    loans.for_each(|loan| *loan = Loan::Mutable);
    true
}

/// Whether a name, or a lifetime, is that of a field that is lent.
pub(super) fn is_lent(name: &str) -> bool {
    name.contains(DOT)
}

/// Has a variable, or each, borrowed from as a whole; false if that is so.
pub(super) fn undivide(cell: &mut Cell, owner: Option<&str>) -> bool {
    let borrowing = &mut cell.findings.borrowing;
    let is_it = |place: &String| {
        is_field(place) && owner.is_none_or(|owner| variable_of(place) == owner)
    };
    let mut is_any = false;
    for tie in borrowing.ties.values_mut() {
        let fields: Loans = tie.owners.extract_if(.., |place, _| is_it(place)).collect();
        for (place, loan) in fields {
            let owner = variable_of(&place).to_owned();
            borrowing.undivided.insert(owner.clone());
            let known = tie.owners.entry(owner).or_insert(loan);
            *known = (*known).max(loan);
            is_any = true;
        }
    }
    is_any
}
