//! What is found out of a cell's borrowing, and which variables stand in place for it.

pub(crate) mod places;

use std::collections::{BTreeMap, BTreeSet};

use crate::compiler::plan::Plan;
use crate::compiler::resolve::session_scope::{Loan, Loans, Scope, Variable, variable_of};
use crate::compiler::syntax::tokens::Names;
use crate::compiler::types::lifetimes::Own;

/// Who borrows from whom in a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Borrowing {
    /// Variables, new and earlier, that stand in place since the cell borrows from them for longer than itself.
    pub owners: Names,
    /// By what borrows, new or earlier: what it borrows from.
    pub ties: BTreeMap<String, Tie>,
    /// Where the temporary values are that are borrowed from, and the variable that they end with.
    pub held: BTreeMap<(usize, usize), String>,
    /// Where the names stand of variables that are borrowed from and whose name the cell binds anew, and the variable that they
    /// end with.
    pub shadowed: BTreeMap<usize, String>,
    /// Of these two: where those begin that may themselves borrow from a variable.
    pub may_borrow: BTreeSet<usize>,
    /// Earlier variables that are borrowed from and whose name the cell binds anew: they stand in place, without a name from then
    /// on.
    pub rebound: Names,
    /// Earlier variables that borrow and end within the cell, as it changes or moves what they borrow from.
    pub ended: Names,
    /// Earlier variables that borrow and whose type cannot live for less than it did, so that no cell can use them.
    pub rigid: Names,
    /// New variables whose type may not live for less than it does, with that type: what of it is the variable's
    /// own lives exactly as long as the variable.
    pub exact: BTreeMap<String, (String, Own)>,
    /// Of those: the ones of which rustc has refused that.
    pub inexact: Names,
    /// Of those that end: the ones that are not dropped.
    pub leaked: Names,
    /// Variables that stand in place and that a `move` closure takes as a whole, though it names one field.
    pub whole: Names,
    /// By where statements begin: the fields that are lent to them apart from the rest of their variables.
    pub lends: BTreeMap<usize, Names>,
    /// Variables of which no field is borrowed from without the others: it did not compile so.
    pub undivided: Names,
    /// Whether there was an error of lifetimes that was not understood.
    pub unsure: bool,
    /// Whether new variables are not to borrow beyond the cell: it did not compile so.
    pub refused: bool,
}

/// What a variable of the cell borrows from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tie {
    /// Places in variables that stand in place.
    pub owners: Loans,
    /// Other variables that it has taken its references from.
    pub derived: Names,
}

impl Tie {
    /// The names of all variables that it depends on.
    pub fn names(&self) -> BTreeSet<&str> {
        let owners = self.owners.keys().map(|place| variable_of(place));
        owners
            .chain(self.derived.iter().map(String::as_str))
            .collect()
    }
}

impl Borrowing {
    /// Whether the cell puts something in its place.
    pub fn places(&self) -> bool {
        !(self.owners.is_empty()
            && self.held.is_empty()
            && self.shadowed.is_empty()
            && self.rebound.is_empty())
    }

    /// Whether something borrows from a variable mutably.
    pub fn is_mutably_borrowed(&self, owner: &str) -> bool {
        let mut loans = self.ties.values().flat_map(|tie| &tie.owners);
        loans.any(|(place, loan)| variable_of(place) == owner && *loan == Loan::Mutable)
    }

    /// The fields that the cell lends apart from the rest of their variable, and whether mutably.
    pub fn lent(&self) -> Loans {
        let mut lent = Loans::new();
        let all = self.ties.values().flat_map(|tie| &tie.owners);
        for (place, loan) in all.filter(|(place, _)| variable_of(place) != *place) {
            let known = lent.entry(place.clone()).or_insert(*loan);
            *known = (*known).max(*loan);
        }
        lent
    }

    /// What a variable of the cell borrows from once the cell is over: its owners, and theirs.
    pub fn loans(&self, name: &str, scope: &Scope) -> Option<Loans> {
        self.ties.get(name)?;
        let mut loans = Loans::new();
        let mut left = self.own_loans(name, scope, &mut Names::new());
        while let Some((place, loan)) = left.pop() {
            let known = loans.get(&place);
            if known.is_some_and(|known| *known >= loan) {
                continue;
            }
            let owner = variable_of(&place);
            left.extend(self.own_loans(owner, scope, &mut Names::new()));
            left.extend(earlier_loans(owner, scope));
            loans.insert(place, loan);
        }
        Some(loans)
    }

    /// What a variable of the cell borrows from, and what that has from which it has taken its references.
    fn own_loans(&self, name: &str, scope: &Scope, seen: &mut Names) -> Vec<(String, Loan)> {
        let Some(tie) = self.ties.get(name) else {
            return Vec::new();
        };
        let owners = tie.owners.iter();
        let mut loans: Vec<_> = owners.map(|(owner, loan)| (owner.clone(), *loan)).collect();
        for from in &tie.derived {
            loans.extend(earlier_loans(from, scope));
            if seen.insert(from.clone()) {
                loans.extend(self.own_loans(from, scope, seen));
            }
        }
        loans
    }
}

fn earlier_loans(name: &str, scope: &Scope) -> Loans {
    let variable = scope.variables.get(name);
    variable
        .and_then(|variable| variable.borrows.clone())
        .unwrap_or_default()
}

/// The earlier variables that stand in place while the cell runs: those that it names and that something borrows from.
pub fn earlier_owners<'a>(
    plan: &'a Plan,
    scope: &'a Scope,
    borrowing: &'a Borrowing,
) -> impl Iterator<Item = (&'a String, &'a Variable)> + Clone {
    let reads = plan.reads.iter();
    let reads = reads.filter_map(|name| scope.variables.get_key_value(name));
    reads.filter(|(name, variable)| {
        let is_borrowed = || scope.borrowers(name).next().is_some();
        !borrowing.rigid.contains(*name)
            && variable.moved_by.is_none()
            && (borrowing.owners.contains(*name)
                || borrowing.rebound.contains(*name)
                || is_borrowed())
    })
}
