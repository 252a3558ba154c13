//! What is given up when a cell does not compile with what was found out of its borrowing: one thing after the other.

use super::{fields, unnamed};
use crate::compiler::unit::Cell;

/// Gives up what borrows beyond the cell, after errors that teach nothing more; false if there is nothing to give up.
pub(crate) fn refuse(cell: &mut Cell) -> bool {
    let borrowing = &mut cell.findings.borrowing;
    if !borrowing.exact.is_empty() {
        let exact = std::mem::take(&mut borrowing.exact);
        borrowing.inexact.extend(exact.into_keys());
        return true;
    }
    if fields::undivide(cell, None) || unnamed::may_borrow(cell, |_| true) {
        return true;
    }
    let borrowing = &mut cell.findings.borrowing;
    if borrowing.refused || borrowing.ties.is_empty() && !borrowing.unsure {
        return false;
    }
    borrowing.refused = true;
    borrowing.ties.clear();
    borrowing.owners.clear();
    borrowing.held.clear();
    borrowing.may_borrow.clear();
    borrowing.shadowed.clear();
    borrowing.rebound.clear();
    true
}
