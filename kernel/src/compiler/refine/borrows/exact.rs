//! Variables that borrow and whose type may not live for less than it does: `Peekable<Chars>`, `RefCell<Vec<&str>>`, a struct of the
//! user's with one of these in it. They are kept if the type lives exactly as long as the variable.

use crate::compiler::refine::spelled::place_of;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::contract::unnamed;
use crate::compiler::types::spelling;
use crate::compiler::unit::Cell;

/// What makes a type such a one, of std.
const RIGID: [&str; 7] = [
    "Peekable<",
    "Cell<",
    "Mutex<",
    "RwLock<",
    "OnceLock<",
    "&mut ",
    "_ mut ",
];

/// Has the next run ask rustc whether the type of a new variable lives exactly as long, if it may have to.
pub(in crate::compiler::refine) fn ask(name: &str, ty: &str, cell: &mut Cell, scope: &Scope) {
    let borrowing = &cell.findings.borrowing;
    let is_asked = borrowing.exact.contains_key(name) || borrowing.inexact.contains(name);
    let is_plain = borrowing.ties.contains_key(name)
        && !borrowing.owners.contains(name)
        && !cell.findings.erased.contains_key(name)
        && cell.waiting.home(name).is_none();
    if is_asked || !is_plain || !(ty.contains('&') || ty.contains('\'')) {
        return;
    }
    let known = |name: &str| place_of(name, cell, scope);
    let words = ty.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let has_users = words
        .filter(|word| !word.is_empty())
        .any(|word| known(word).is_some());
    if !has_users && !RIGID.iter().any(|rigid| ty.contains(rigid)) {
        return;
    }
    let ty = ty.replace(unnamed::LIFETIME, "'_");
    if let Some(ty) = spelling::spell_own(&ty, &known) {
        cell.findings.borrowing.exact.insert(name.to_owned(), ty);
    }
}

/// Whether an earlier variable whose type is exact would come to borrow from something else: others may have a part in what is
/// in it, and do not know of that.
pub(super) fn grows_exact(cell: &Cell, borrower: &str, owner: &str, scope: &Scope) -> bool {
    let earlier = scope.variables.get(borrower);
    let Some(earlier) = earlier.filter(|earlier| earlier.is_exact) else {
        return false;
    };
    let known = |owner: &String| {
        earlier
            .borrows
            .as_ref()
            .is_some_and(|b| b.contains_key(owner))
    };
    let loans = scope.variables.get(owner).and_then(|v| v.borrows.as_ref());
    let mut loans = loans.into_iter().flat_map(|loans| loans.keys());
    let is_known = known(&owner.to_owned()) || loans.clone().next().is_some() && loans.all(known);
    cell.plan.reads.contains(borrower) && !is_known
}

/// A variable's type does not live exactly as long as the variable.
pub(in crate::compiler::refine) fn give_up_exactness(cell: &mut Cell, name: &str) -> bool {
    let borrowing = &mut cell.findings.borrowing;
    let given_up = borrowing.exact.remove(name).is_some();
    borrowing.inexact.insert(name.to_owned());
    given_up
}
