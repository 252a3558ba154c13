//! Fields that are borrowed apart from the rest of their variable: `let log = &mut bank.log;`.

use super::named::first_name;
use crate::compiler::codegen::borrowing::places::{DOT, is_field, lent_field};
use crate::compiler::resolve::session_scope::{Loan, Loans, variable_of};
use crate::compiler::rewrite::in_place::used;
use crate::compiler::rustc::messages::Message;
use crate::compiler::syntax::cell::Statement;
use crate::compiler::unit::Cell;

/// What something borrows from a variable: some of its fields, if the statements that may do that mention no more of it, or all of
/// it. rustc says so at a place in the text, or at the end of the cell.
pub(super) fn borrowed(cell: &mut Cell, borrower: &str, owner: &str, at: Option<usize>) -> Loans {
    let whole = || Loans::from([(owner.to_owned(), Loan::Shared)]);
    if cell.findings.borrowing.undivided.contains(owner) {
        return whole();
    }
    let text = &cell.source.text;
    let own = &cell.parsed.statements[cell.waiting.before.len()..];
    let is_there = |statement: &&Statement| at.is_some_and(|at| statement.range.contains(&at));
    let mentions_both = |statement: &&Statement| {
        let names = [borrower, owner];
        let mut binds = statement.binds.iter();
        let is_bound = binds.any(|binding| binding.name == borrower);
        names[usize::from(is_bound)..]
            .iter()
            .all(|name| statement.names.contains(*name))
    };
    let fields = |statement: &Statement| {
        let used = used::fields(text, &statement.range, owner)?;
        Some((statement.range.start, used))
    };
    let there = own.iter().find(is_there).and_then(fields);
    let both = || own.iter().filter(mentions_both).map(fields).collect();
    let Some(lends) = there.map(|one| vec![one]).or_else(both) else {
        return whole();
    };
    let mut places = Loans::new();
    for (start, fields) in lends {
        let lends = cell.findings.borrowing.lends.entry(start).or_default();
        lends.extend(fields.keys().cloned());
        places.extend(fields);
    }
    if places.is_empty() { whole() } else { places }
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
    let is_it =
        |place: &String| is_field(place) && owner.is_none_or(|owner| variable_of(place) == owner);
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
