//! Variables that others borrow from, and those that borrow.
//!
//! What is borrowed from stays in its box. A cell that names it gets a reference of a lifetime that generated code spells; rustc has
//! judged that code (`kernel/src/compiler/codegen/BORROWS.md` has the argument).
//!
//! Each function panics when there is no such variable, or when it is of another layout: the kernel and its host disagree.

use std::alloc::Layout;

use super::slot::{Memory, Slot, drop_in_order};
use super::store::{Placed, STORE, Store, insert};

impl Store {
    /// The numbers of the slots that something borrows from which is kept: those of these names, and what the cell has placed without
    /// a name. Of that, what may borrow may do so from the others, too.
    fn owners(&mut self, names: &[&str]) -> Vec<u64> {
        let bound = self.placed.iter_mut().filter(|p| p.may_borrow);
        for placed in bound.filter(|_| !names.is_empty()) {
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

/// Where the value of a full slot of this layout is. The slot counts as empty from here on.
pub(super) fn take(name: &str, layout: Layout) -> *mut u8 {
    STORE.with_borrow_mut(|store| store.exchange(name, layout, false).memory.value)
}

/// Has what has no name and borrows from what a variable borrows from never dropped: that is changed or moved, and it would look
/// at what is not there any more.
pub(super) fn leak_bound(name: &str) {
    STORE.with_borrow_mut(|store| {
        let owners = store.slots.get(name).map(|slot| &slot.owners);
        let of_it = |slot: &&mut Slot| owners.is_some_and(|owners| owners.contains(&slot.number));
        let bound = store.hidden.iter_mut().filter(of_it);
        for slot in bound.filter(|slot| slot.is_bound || !slot.owners.is_empty()) {
            slot.leak();
        }
    });
}

/// Where the value of an empty slot of this layout goes, which may have come to borrow from more owners. The slot counts as full from
/// here on.
pub(super) fn put_back(name: &str, layout: Layout, owners: &[&str]) -> *mut u8 {
    STORE.with_borrow_mut(|store| {
        let more = if owners.is_empty() {
            Vec::new()
        } else {
            store.owners(owners)
        };
        let slot = store.exchange(name, layout, true);
        slot.owners.extend(more);
        slot.memory.value
    })
}

/// Stores a new variable that borrows from others.
pub(super) fn keep(name: &str, value: Memory, owners: &[&str], has_end: bool) {
    let slot = STORE.with_borrow_mut(|store| {
        let owners = store.owners(owners);
        store.slot_of(name, value, owners)
    });
    insert(name, slot, has_end);
}

/// Puts a new variable where it stays, or a value without a name, which may borrow or not; gives that place.
pub(super) fn place(name: Option<&str>, value: Memory, may_borrow: bool) -> *mut u8 {
    STORE.with_borrow_mut(|store| {
        let slot = store.slot(value, Vec::new());
        let place = slot.memory.value;
        store.placed.push(Placed {
            name: name.map(str::to_owned),
            was: None,
            may_borrow: may_borrow && name.is_none(),
            slot,
        });
        place
    })
}

/// Gives a new variable its number, before it is stored.
pub(crate) fn age(name: &str) {
    STORE.with_borrow_mut(|store| {
        store.made += 1;
        store.ages.insert(name.to_owned(), store.made);
    });
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
        insert(name, placed.slot, true);
    }
}

/// Where a full slot of this layout has its value.
pub(super) fn at(name: &str, layout: Layout) -> *mut u8 {
    let place = STORE.with_borrow(|store| {
        let slot = store.slots.get(name);
        let slot = slot.filter(|slot| slot.memory.layout == layout && slot.full);
        slot.map(|slot| slot.memory.value)
    });
    place.unwrap_or_else(|| panic!("the variable `{name}` is not there"))
}

/// The same for a variable whose name the cell binds anew.
pub(super) fn shadow(name: &str, layout: Layout) -> *mut u8 {
    let place = at(name, layout);
    STORE.with_borrow_mut(|store| {
        if let Some(slot) = store.slots.remove(name) {
            store.placed.push(Placed {
                name: None,
                was: Some(name.to_owned()),
                // If it does, its slot tells from what.
                may_borrow: false,
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

/// The memory of a variable that the cell moves away.
pub(super) fn take_owner(name: &str, layout: Layout) -> *mut u8 {
    let slot = STORE.with_borrow_mut(|store| {
        let slot = store.slots.remove(name)?;
        let taken = (name.to_owned(), slot.number, slot.owners.clone());
        store.taken.push(taken);
        Some(slot)
    });
    let value = slot.and_then(|slot| slot.into_value(layout));
    value.unwrap_or_else(|| panic!("the variable `{name}` is not there"))
}

/// Leaves a variable as it is, never to be used or dropped.
pub(crate) fn leak(name: &str) {
    let slot = STORE.with_borrow_mut(|store| store.slots.remove(name));
    std::mem::forget(slot);
}

/// Drops what the cell has placed and not kept, unless something borrows from it.
pub(crate) fn end_cell() {
    let ended = STORE.with_borrow_mut(|store| {
        let taken = std::mem::take(&mut store.taken).into_iter();
        let numbers = taken.map(|(name, number, _)| (name, number));
        store.moved.extend(numbers);
        store.ages.clear();
        let placed = std::mem::take(&mut store.placed);
        store
            .hidden
            .extend(placed.into_iter().map(|placed| placed.slot));
        store.unborrowed()
    });
    drop_in_order(ended);
}
