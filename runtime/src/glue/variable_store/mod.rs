//! The variables of a session, kept between cells.
//!
//! Each lives in a box of its own, by name. The kernel knows every variable's exact type and
//! writes it into the code of the cell that uses it; the store checks name, size and alignment.
//! Only the thread that runs cells touches the store.
//!
//! A variable may borrow from others: its slot lists theirs, and they are neither moved nor dropped before it. `borrowing` has
//! what generated code does with those.
//!
//! What is generic is compiled in every cell, a tenth of a second if there is much of it. So it is all in `typed`, and does no more
//! than to move a value.

mod borrowing;
mod slot;
mod store;
mod typed;

pub(crate) use borrowing::{age, end_cell, keep_placed, leak, unshadow};
pub(crate) use typed::{
    at, hold, hold_borrower, keep, keep_again, keep_borrower, keep_in_part, lend, lend_mut, place,
    put_back_borrower, put_back_in_part, set_rest, shadow, take_borrower, take_ended, take_owner,
};
pub use typed::{put_back, take};

use crate::protocol::Stored;
use slot::{Memory, Slot, drop_in_order};
use store::{STORE, insert};

/// Stores a new variable, and drops the one that had its name.
fn keep_new(name: &str, value: Memory) {
    let has_end = value.has_end();
    let slot = STORE.with_borrow_mut(|store| store.slot_of(name, value, Vec::new()));
    insert(name, slot, has_end);
}

/// Stores a value of an earlier variable that the cell has taken.
fn keep_old(name: &str, value: Memory) {
    let has_end = value.has_end();
    let slot = STORE.with_borrow_mut(|store| {
        let number = store.number_of_taken(name);
        let mut slot = store.slot(value, Vec::new());
        slot.number = number.unwrap_or(slot.number);
        slot
    });
    insert(name, slot, has_end);
}

/// Has what is left of a stored variable dropped by a function.
fn drop_rest_by(name: &str, layout: std::alloc::Layout, drop_rest: Box<dyn Fn(*mut u8)>) {
    STORE.with_borrow_mut(|store| {
        if let Some(slot) = store.slots.get_mut(name) {
            slot.drop_rest_by(layout, drop_rest);
        }
    });
}

/// Drops variables: what borrows first, and then what was made last.
pub(crate) fn forget(names: &[String]) {
    let ended = STORE.with_borrow_mut(|store| {
        let mut ended: Vec<Slot> = names
            .iter()
            .filter_map(|name| store.slots.remove(name))
            .collect();
        let (hidden, free) = ended
            .drain(..)
            .partition(|slot| store.is_borrowed(slot.number));
        store.hidden.extend::<Vec<Slot>>(hidden);
        let mut free: Vec<Slot> = free;
        free.extend(store.unborrowed());
        free
    });
    drop_in_order(ended);
}

/// The variables stored since the last call.
pub(crate) fn stored() -> Vec<Stored> {
    STORE.with_borrow_mut(|store| std::mem::take(&mut store.stored))
}

#[cfg(test)]
mod tests;
