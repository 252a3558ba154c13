//! What the store consists of.

use std::cell::RefCell;
use std::collections::HashMap;

use super::slot::{Slot, drop_in_order};
use crate::protocol::Stored;

/// A value that a cell has put where it stays, and not yet kept.
pub(super) struct Placed {
    /// `None` for a temporary value.
    pub(super) name: Option<String>,
    pub(super) type_name: &'static str,
    pub(super) slot: Slot,
}

#[derive(Default)]
pub(super) struct Store {
    pub(super) slots: HashMap<String, Slot>,
    /// What has no name any more, and is still borrowed from.
    pub(super) hidden: Vec<Slot>,
    pub(super) placed: Vec<Placed>,
    pub(super) stored: Vec<Stored>,
    /// How many slots there have been.
    pub(super) made: u64,
}

impl Store {
    /// A slot for a new value.
    pub(super) fn slot<T>(&mut self, value: T, owners: Vec<u64>) -> Slot {
        self.made += 1;
        Slot::new(value, self.made, owners)
    }

    /// Whether something borrows from the slot of this number.
    pub(super) fn is_borrowed(&self, number: u64) -> bool {
        let slots = self.slots.values().chain(&self.hidden);
        slots
            .chain(self.placed.iter().map(|placed| &placed.slot))
            .any(|slot| slot.owners.contains(&number))
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

pub(super) fn insert(name: &str, slot: Slot, type_name: &str) {
    let old = STORE.with_borrow_mut(|store| {
        store.stored.push(Stored {
            name: name.to_owned(),
            type_name: type_name.to_owned(),
        });
        let old = store.slots.insert(name.to_owned(), slot);
        // What borrows from it goes on.
        store.hidden.extend(old);
        store.unborrowed()
    });
    drop_in_order(old); // outside the borrow: it may be the user's `Drop`, which may print
}
