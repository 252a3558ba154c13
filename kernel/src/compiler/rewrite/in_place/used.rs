//! Which fields of a variable a statement uses.

use std::collections::BTreeSet;
use std::ops::Range;

use super::InPlace;
use crate::compiler::codegen::borrowing::places::apart;
use crate::compiler::resolve::session_scope::{Loan, Loans};
use crate::compiler::syntax::tokens::Names;

/// The fields of a variable that the statement there uses, and whether it is seen that they are changed; `None` if it uses more of
/// the variable.
pub(crate) fn fields(text: &str, statement: &Range<usize>, variable: &str) -> Option<Loans> {
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
