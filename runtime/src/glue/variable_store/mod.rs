//! The variables of a session, kept between cells.
//!
//! Each lives in a box of its own, by name. The kernel knows every variable's exact type and
//! writes it into the code of the cell that uses it; the store checks name, size and alignment.
//! Only the thread that runs cells touches the store.
//!
//! A variable may borrow from others: its slot lists theirs, and they are neither moved nor dropped before it. `borrowing` has
//! what generated code does with those.

mod borrowing;
mod slot;
mod store;

pub(crate) use borrowing::{
    age, at, end_cell, hold, keep_borrower, keep_placed, leak, place, put_back_borrower, shadow,
    take_borrower, take_ended, take_owner, unshadow,
};

use crate::protocol::Stored;
use slot::{Slot, drop_in_order};
use store::{STORE, insert};

/// Stores a new variable, and drops the one that had its name.
pub(crate) fn keep<T: 'static>(name: &str, value: T) {
    let slot = STORE.with_borrow_mut(|store| store.slot_of(name, value, Vec::new()));
    insert(
        name,
        slot,
        std::any::type_name::<T>(),
        std::mem::needs_drop::<T>(),
    );
}

/// Takes a variable's value out, for the cell that names it.
///
/// # Panics
/// When there is no such variable, or it is not a `T`: the kernel and its host disagree.
pub(crate) fn take<T: 'static>(name: &str) -> T {
    take_borrower(name)
}

/// Puts a variable's value back after the cell.
///
/// # Panics
/// As [`take`].
pub(crate) fn put_back<T: 'static>(name: &str, value: T) {
    put_back_borrower(name, value, &[]);
}

/// Puts a variable back of which a part was moved away; `drop_rest` drops the rest.
///
/// # Panics
/// As [`take`].
pub(crate) fn put_back_in_part<T: 'static>(name: &str, value: T, drop_rest: fn(T)) {
    put_back(name, value);
    set_rest(name, drop_rest);
}

/// Stores a new variable of which a part was moved away.
pub(crate) fn keep_in_part<T: 'static>(name: &str, value: T, drop_rest: fn(T)) {
    keep(name, value);
    set_rest(name, drop_rest);
}

/// Stores a value of an earlier variable that the cell has taken.
pub(crate) fn keep_again<T: 'static>(name: &str, value: T) {
    let slot = STORE.with_borrow_mut(|store| {
        let number = store.number_of_taken(name);
        let mut slot = store.slot(value, Vec::new());
        slot.number = number.unwrap_or(slot.number);
        slot
    });
    insert(
        name,
        slot,
        std::any::type_name::<T>(),
        std::mem::needs_drop::<T>(),
    );
}

/// Has what is left of a stored variable dropped by a function.
pub(crate) fn set_rest<T: 'static>(name: &str, drop_rest: fn(T)) {
    STORE.with_borrow_mut(|store| {
        if let Some(slot) = store.slots.get_mut(name) {
            slot.drop_rest_by(drop_rest);
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

#[cfg(all(test, not(shuttle)))]
mod tests;
