//! What the store consists of.

use std::cell::RefCell;
use std::collections::HashMap;

use super::slot::{Memory, Slot, drop_in_order};
use crate::protocol::Stored;

/// A value that a cell has put where it stays, and not yet kept.
pub(super) struct Placed {
    /// `None` for a temporary value, or a variable whose name the cell binds anew.
    pub(super) name: Option<String>,
    /// The name that it had before the cell.
    pub(super) was: Option<String>,
    /// Whether it is a value without a name that may borrow from what has one.
    pub(super) may_borrow: bool,
    pub(super) slot: Slot,
}

#[derive(Default)]
pub(super) struct Store {
    pub(super) slots: HashMap<String, Slot>,
    /// What has no name any more, and is still borrowed from.
    pub(super) hidden: Vec<Slot>,
    pub(super) placed: Vec<Placed>,
    /// Of the variables whose boxes the cell has taken: the numbers, and what they borrow from, which stays until the cell is over.
    pub(super) taken: Vec<(String, u64, Vec<u64>)>,
    /// The numbers of the variables whose boxes an earlier cell has taken: one that is given a value again is as old as it was.
    pub(super) moved: HashMap<String, u64>,
    pub(super) stored: Vec<Stored>,
    /// The numbers of new variables of the cell that are older than what it has placed.
    pub(super) ages: HashMap<String, u64>,
    /// How many slots there have been.
    pub(super) made: u64,
}

impl Store {
    /// A slot for a new value.
    pub(super) fn slot(&mut self, memory: Memory, owners: Vec<u64>) -> Slot {
        self.made += 1;
        Slot::new(memory, self.made, owners)
    }

    /// A slot for a new variable, which may have been there for a while.
    pub(super) fn slot_of(&mut self, name: &str, memory: Memory, owners: Vec<u64>) -> Slot {
        let mut slot = self.slot(memory, owners);
        slot.number = self.ages.remove(name).unwrap_or(slot.number);
        slot
    }

    /// Whether something borrows from the slot of this number.
    pub(super) fn is_borrowed(&self, number: u64) -> bool {
        let slots = self.slots.values().chain(&self.hidden);
        let taken = self.taken.iter().map(|(_, _, owners)| owners);
        slots
            .chain(self.placed.iter().map(|placed| &placed.slot))
            .map(|slot| &slot.owners)
            .chain(taken)
            .any(|owners| owners.contains(&number))
    }

    /// The number of a variable that the cell has taken, or an earlier one.
    pub(super) fn number_of_taken(&self, name: &str) -> Option<u64> {
        let mut taken = self.taken.iter().filter(|(taken, ..)| taken == name);
        let taken = taken.next_back().map(|(_, number, _)| *number);
        let empty = self.slots.get(name).filter(|slot| !slot.full);
        let here = taken.or_else(|| empty.map(|slot| slot.number));
        here.or_else(|| self.moved.get(name).copied())
    }

    /// Takes out what has no name and is not borrowed from any more.
    pub(super) fn unborrowed(&mut self) -> Vec<Slot> {
        let mut ended = Vec::new();
        while let Some(n) = self
            .hidden
            .iter()
            .position(|slot| !self.is_borrowed(slot.number))
        {
            ended.push(self.hidden.swap_remove(n));
        }
        ended
    }
}

thread_local! {
    pub(super) static STORE: RefCell<Store> = RefCell::default();
}

pub(super) fn insert(name: &str, slot: Slot, has_end: bool) {
    let old = STORE.with_borrow_mut(|store| {
        store.stored.push(Stored {
            name: name.to_owned(),
            type_name: slot.memory.type_name.to_owned(),
            has_end,
        });
        let old = store.slots.insert(name.to_owned(), slot);
        // What borrows from it goes on.
        store.hidden.extend(old);
        store.unborrowed()
    });
    drop_in_order(old); // outside the borrow: it may be the user's `Drop`, which may print
}
