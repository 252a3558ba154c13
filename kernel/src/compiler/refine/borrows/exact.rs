//! Variables that borrow and whose type may not live for less than it does: `Peekable<Chars>`, `RefCell<Vec<&str>>`, a struct of the
//! user's with one of these in it. They are kept if the type lives exactly as long as the variable.

use super::covariant::{definition, may_be_rigid};
use super::named::outlived;
use crate::compiler::codegen::borrowing::Tie;
use crate::compiler::codegen::borrowing::places::lifetime;
use crate::compiler::codegen::{Erasure, Sent};
use crate::compiler::refine::spelled::place_of;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::contract::{code, unnamed};
use crate::compiler::rustc::messages::Message;
use crate::compiler::syntax::tokens::Names;
use crate::compiler::types::lifetimes::Own;
use crate::compiler::types::spelling;
use crate::compiler::unit::Cell;

/// Has the next run ask rustc whether the type of a new variable lives exactly as long, if it may have to.
pub(in crate::compiler::refine) fn ask(name: &str, ty: &str, cell: &mut Cell, scope: &Scope) {
    let borrowing = &cell.findings.borrowing;
    let is_asked = borrowing.exact.contains_key(name) || borrowing.inexact.contains(name);
    let is_plain = borrowing.ties.contains_key(name)
        && !borrowing.owners.contains(name)
        && !cell.findings.erased.contains_key(name)
        && cell.waiting.home(name).is_none();
    if is_asked || !is_plain {
        return;
    }
    let own = if may_be_rigid(ty, &|name| definition(name, cell, scope)) {
        Own::All
    } else if ty.contains("dyn ") && ty.contains(['&', '\'']) {
        // `&Box<dyn Draw>` most often is one of what lives for ever, and only as such fits a parameter of that type.
        Own::AllButObjects
    } else {
        return;
    };
    let known = |name: &str| place_of(name, cell, scope);
    let ty = ty.replace(unnamed::LIFETIME, "'_");
    if let Some(ty) = spelling::spell_own(&ty, &known) {
        let exact = &mut cell.findings.borrowing.exact;
        exact.insert(name.to_owned(), (ty, own));
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

/// Whether an error says that a type is hidden behind an `impl Iterator`, though the MIR shows it.
pub(super) fn is_opaque_iterator(error: &Message) -> bool {
    let notes = error.children.iter().map(|child| child.message.as_str());
    let mut texts = notes.chain([error.message.as_str()]);
    let hidden = format!("`{}Iterator<", unnamed::IMPL);
    error.code() == code::MISMATCHES[0] && texts.any(|text| text.contains(&hidden))
}

/// Keeps a variable as an iterator, which is all that is said of it.
pub(super) fn keep_as_iterator(cell: &mut Cell, name: &str) -> bool {
    cell.findings.borrowing.exact.remove(name);
    let erased = &mut cell.findings.erased;
    erased.insert(name.to_owned(), Erasure::Iterator(Sent::Yes));
    true
}

/// The variables with references to something of a type that lives for ever, or for as long as what their owner borrows from.
pub(super) fn shorter_than_what_is_lent(cell: &Cell, errors: &[&Message]) -> Names {
    let borrowing = &cell.findings.borrowing;
    let mut names = Names::new();
    for (own, longer) in errors.iter().filter_map(|error| outlived(error)) {
        let is_shorter = |name: &&String| {
            let owners = borrowing.ties.get(*name).map(Tie::names);
            let mut owners = owners.into_iter().flatten();
            let is_lent = longer == "static" || owners.any(|o| lifetime(o)[1..] == longer);
            lifetime(name)[1..] == own && is_lent
        };
        names.extend(borrowing.exact.keys().find(is_shorter).cloned());
    }
    names
}

/// A variable's type does not live exactly as long as the variable, or not all that is in it.
pub(in crate::compiler::refine) fn give_up_exactness(cell: &mut Cell, name: &str) -> bool {
    let borrowing = &mut cell.findings.borrowing;
    if let Some((_, own)) = borrowing.exact.get_mut(name)
        && let Some(next) = own.next()
    {
        *own = next;
        return true;
    }
    let given_up = borrowing.exact.remove(name).is_some();
    borrowing.inexact.insert(name.to_owned());
    given_up
}
