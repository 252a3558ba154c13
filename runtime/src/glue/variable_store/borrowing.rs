//! Variables that others borrow from, and those that borrow.
//!
//! What is borrowed from stays in its box. A cell that names it gets a reference of a lifetime that generated code spells; rustc has
//! judged that code (`kernel/src/compiler/codegen/BORROWS.md` has the argument).

use std::alloc::Layout;

use super::slot::{Slot, drop_in_order};
use super::store::{Placed, STORE, Store, insert};

impl Store {
    /// The numbers of the slots that something borrows from which is kept: those of these names, and what the cell has placed without
    /// a name, which then may borrow from the others, too.
    fn owners(&mut self, names: &[&str]) -> Vec<u64> {
        let unnamed = self.placed.iter_mut().filter(|p| p.name.is_none());
        for placed in unnamed.filter(|_| !names.is_empty()) {
            placed.slot.is_bound = true;
        }
        self.numbers(names)
    }

    fn numbers(&self, names: &[&str]) -> Vec<u64> {
        let number = |name: &&str| {
            let placed = self
                .placed
                .iter()
                .rfind(|placed| placed.name.as_deref() == Some(*name));
            let placed = placed.map(|placed| placed.slot.number);
            placed.or_else(|| self.slots.get(*name).map(|slot| slot.number))
        };
        // Temporary values of the cell belong to all that it keeps.
        let temporary = self.placed.iter().filter(|placed| placed.name.is_none());
        let temporary = temporary.map(|placed| placed.slot.number);
        // What was moved away may go on in what borrows from it.
        let taken = self.taken.iter();
        let taken = taken.filter(|(name, ..)| names.contains(&name.as_str()));
        let taken = taken.flat_map(|(_, _, owners)| owners.iter().copied());
        let numbers = names.iter().filter_map(number);
        numbers.chain(taken).chain(temporary).collect()
    }

    /// A slot's value, after it was marked full or empty.
    fn exchange(&mut self, name: &str, layout: Layout, full: bool) -> &mut Slot {
        let slot = self.slots.get_mut(name);
        let slot = slot.and_then(|slot| slot.exchange(layout, full).then_some(slot));
        slot.unwrap_or_else(|| panic!("the variable `{name}` is not there"))
    }
}

/// Takes a variable's value out, at whatever lifetimes generated code spells.
///
/// # Panics
/// When there is no such variable, or it is not a `T`: the kernel and its host disagree.
pub(crate) fn take_borrower<T>(name: &str) -> T {
    let value =
        STORE.with_borrow_mut(|store| store.exchange(name, Layout::new::<T>(), false).value);
    // SAFETY: the slot was full and holds a value of this layout, whose type is the one that the
    // kernel wrote for this name; it counts as empty now, so nobody else reads or drops it.
    unsafe { value.cast::<T>().read() }
}

/// Takes out the value of a variable that ends, as what it borrows from is changed or moved. What has no name and borrows from that,
/// too, is never dropped: it would look at what is not there any more.
///
/// # Panics
/// As [`take_borrower`].
pub(crate) fn take_ended<T>(name: &str) -> T {
    STORE.with_borrow_mut(|store| {
        let owners = store.slots.get(name).map(|slot| &slot.owners);
        let of_it = |slot: &&mut Slot| owners.is_some_and(|owners| owners.contains(&slot.number));
        let bound = store.hidden.iter_mut().filter(of_it);
        for slot in bound.filter(|slot| slot.is_bound || !slot.owners.is_empty()) {
            slot.leak();
        }
    });
    take_borrower(name)
}

/// Puts a variable's value back, which may have come to borrow from more owners.
///
/// # Panics
/// As [`take_borrower`].
pub(crate) fn put_back_borrower<T>(name: &str, value: T, owners: &[&str]) {
    let slot = STORE.with_borrow_mut(|store| {
        let more = if owners.is_empty() {
            Vec::new()
        } else {
            store.owners(owners)
        };
        let slot = store.exchange(name, Layout::new::<T>(), true);
        slot.owners.extend(more);
        slot.value
    });
    // SAFETY: the slot was empty and has memory for a value of this layout.
    unsafe { slot.cast::<T>().write(value) }
}

/// Stores a new variable that borrows from others.
pub(crate) fn keep_borrower<T>(name: &str, value: T, owners: &[&str], has_end: bool) {
    let slot = STORE.with_borrow_mut(|store| {
        let owners = store.owners(owners);
        store.slot_of(name, value, owners)
    });
    insert(name, slot, std::any::type_name::<T>(), has_end);
}

/// Puts a new variable where it stays, and lends it.
pub(crate) fn place<'a, T>(name: Option<&str>, value: T) -> &'a mut T {
    let place = STORE.with_borrow_mut(|store| {
        let slot = store.slot(value, Vec::new());
        let place = slot.value;
        store.placed.push(Placed {
            name: name.map(str::to_owned),
            was: None,
            type_name: std::any::type_name::<T>(),
            slot,
        });
        place
    });
    // SAFETY: the box is full, and was made for a `T` just now. It stays, and nothing else of this process uses it, until the
    // cell is over or what borrows from it has ended: the lifetime is one that the cell's code is generic over.
    unsafe { &mut *place.cast::<T>() }
}

/// Gives a new variable its number, before it is stored.
pub(crate) fn age(name: &str) {
    STORE.with_borrow_mut(|store| {
        store.made += 1;
        store.ages.insert(name.to_owned(), store.made);
    });
}

/// Puts a temporary value where it stays, and lends it.
pub(crate) fn hold<'a, T>(value: T) -> &'a mut T {
    place(None, value)
}

/// Keeps a variable that stands in its place; it may itself borrow from others.
pub(crate) fn keep_placed(name: &str, owners: &[&str]) {
    let placed = STORE.with_borrow_mut(|store| {
        let placed = store
            .placed
            .iter()
            .rposition(|placed| placed.name.as_deref() == Some(name));
        let mut placed = store.placed.remove(placed?);
        if !owners.is_empty() {
            placed.slot.owners = store.owners(owners);
        }
        Some(placed)
    });
    if let Some(placed) = placed {
        insert(name, placed.slot, placed.type_name, true);
    }
}

/// Lends a variable where it stands.
///
/// # Panics
/// As [`take_borrower`].
#[inline(never)]
pub(crate) fn at<'a, T>(name: &str) -> &'a mut T {
    let place = STORE.with_borrow(|store| {
        let slot = store.slots.get(name);
        let slot = slot.filter(|slot| slot.layout == Layout::new::<T>() && slot.full);
        slot.map(|slot| slot.value)
    });
    let Some(place) = place else {
        panic!("the variable `{name}` is not there");
    };
    // SAFETY: the slot is full and holds a value of this layout, whose type is the one that the kernel wrote for this name. A
    // cell's code asks once for each name, and what else refers into the value is tied to this reference by that code.
    unsafe { &mut *place.cast::<T>() }
}

/// Lends a variable where it stands, whose name the cell binds anew.
///
/// # Panics
/// As [`take_borrower`].
#[inline(never)]
pub(crate) fn shadow<'a, T>(name: &str) -> &'a mut T {
    let place = at(name);
    STORE.with_borrow_mut(|store| {
        if let Some(slot) = store.slots.remove(name) {
            store.placed.push(Placed {
                name: None,
                was: Some(name.to_owned()),
                type_name: std::any::type_name::<T>(),
                slot,
            });
        }
    });
    place
}

/// Gives a variable its name back, as the cell did not get to bind that anew.
pub(crate) fn unshadow(name: &str) {
    STORE.with_borrow_mut(|store| {
        let is_it = |placed: &mut Placed| placed.was.as_deref() == Some(name);
        let placed = store.placed.extract_if(.., is_it).next();
        let slot = placed.map(|placed| (name.to_owned(), placed.slot));
        store.slots.extend(slot);
    });
}

/// Takes out the box of a variable that the cell moves away.
///
/// # Panics
/// As [`take_borrower`].
pub(crate) fn take_owner<T>(name: &str) -> Box<T> {
    let slot = STORE.with_borrow_mut(|store| {
        let slot = store.slots.remove(name)?;
        let taken = (name.to_owned(), slot.number, slot.owners.clone());
        store.taken.push(taken);
        Some(slot)
    });
    let Some(value) = slot.and_then(|slot| slot.into_box(Layout::new::<T>())) else {
        panic!("the variable `{name}` is not there");
    };
    // SAFETY: the box was made for a `T`, as above; the slot has let go of it.
    unsafe { Box::from_raw(value.cast::<T>()) }
}

/// Leaves a variable as it is, never to be used or dropped.
pub(crate) fn leak(name: &str) {
    let slot = STORE.with_borrow_mut(|store| store.slots.remove(name));
    std::mem::forget(slot);
}

/// Drops what the cell has placed and not kept, unless something borrows from it.
pub(crate) fn end_cell() {
    let ended = STORE.with_borrow_mut(|store| {
        store.taken.clear();
        store.ages.clear();
        let placed = std::mem::take(&mut store.placed);
        store
            .hidden
            .extend(placed.into_iter().map(|placed| placed.slot));
        store.unborrowed()
    });
    drop_in_order(ended);
}
