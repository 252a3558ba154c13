//! One variable's memory.

use std::alloc::{self, Layout};

/// Memory for a value, and what only its type knows.
pub(super) struct Memory {
    pub(super) value: *mut u8,
    pub(super) layout: Layout,
    /// Drops the value; `None` if nothing happens at its end.
    drop: Option<unsafe fn(*mut u8)>,
    pub(super) type_name: &'static str,
}

impl Memory {
    /// Memory for a value of this layout, which is to be written there before anything else happens.
    pub(super) fn new(
        layout: Layout,
        drop: Option<unsafe fn(*mut u8)>,
        type_name: &'static str,
    ) -> Self {
        let value = if layout.size() == 0 {
            std::ptr::without_provenance_mut(layout.align())
        } else {
            // SAFETY: the size is not 0.
            unsafe { alloc::alloc(layout) }
        };
        if value.is_null() {
            alloc::handle_alloc_error(layout);
        }
        Self {
            value,
            layout,
            drop,
            type_name,
        }
    }

    /// Whether something happens at the value's end.
    pub(super) fn has_end(&self) -> bool {
        self.drop.is_some()
    }
}

/// One variable's memory, with what is known of it.
pub(super) struct Slot {
    pub(super) memory: Memory,
    /// False while a cell has the value.
    pub(super) full: bool,
    /// Drops what is left of a value of which a part was moved away.
    rest: Option<Box<dyn Fn(*mut u8)>>,
    /// Slots are numbered in the order in which they are made.
    pub(super) number: u64,
    /// The slots that the value borrows from.
    pub(super) owners: Vec<u64>,
    /// Whether a value without a name may borrow from what has one.
    pub(super) is_bound: bool,
}

impl Slot {
    /// A slot with a value.
    pub(super) fn new(memory: Memory, number: u64, owners: Vec<u64>) -> Self {
        Self {
            memory,
            full: true,
            rest: None,
            number,
            owners,
            is_bound: false,
        }
    }

    /// Has what is left of the value dropped by a function, as a part of it was moved away.
    pub(super) fn drop_rest_by(&mut self, layout: Layout, drop_rest: Box<dyn Fn(*mut u8)>) {
        assert_eq!(self.memory.layout, layout, "it is another variable");
        self.rest = Some(drop_rest);
    }

    /// Has the value never dropped.
    pub(super) fn leak(&mut self) {
        self.full = false;
        self.rest = None;
    }

    /// Whether something happens as it is dropped.
    fn has_end(&self) -> bool {
        self.full && (self.rest.is_some() || self.memory.has_end())
    }

    /// Whether it borrows from the slot of a number, perhaps by way of others.
    fn reaches(&self, number: u64, slots: &[Self]) -> bool {
        let mut reached = self.owners.clone();
        let mut at = 0;
        while at < reached.len() {
            let slot = slots.iter().find(|slot| slot.number == reached[at]);
            for owner in slot.into_iter().flat_map(|slot| &slot.owners) {
                if !reached.contains(owner) {
                    reached.push(*owner);
                }
            }
            at += 1;
        }
        reached.contains(&number)
    }

    /// Marks it full or empty; false if it is not a full, or empty, slot of that layout.
    pub(super) fn exchange(&mut self, layout: Layout, full: bool) -> bool {
        let is_right = self.memory.layout == layout && self.full != full;
        if is_right {
            self.full = full;
            self.rest = None;
        }
        is_right
    }

    /// The memory of a value, if there is one of that layout; the slot frees it no more.
    pub(super) fn into_value(self, layout: Layout) -> Option<*mut u8> {
        let mut slot = std::mem::ManuallyDrop::new(self);
        slot.owners = Vec::new();
        (slot.memory.layout == layout && slot.full).then_some(slot.memory.value)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(drop_rest) = self.rest.take().filter(|_| self.full) {
            self.full = false;
            drop_rest(self.memory.value);
        }
        let drop = self.memory.drop.filter(|_| self.full);
        // Frees it also if its end panics, as a box does.
        let memory = Freed(&self.memory);
        if let Some(drop) = drop {
            // SAFETY: the slot is full, so there is a value of the type that `drop` was made for.
            unsafe { drop(memory.0.value) }
        }
    }
}

/// Frees memory.
struct Freed<'a>(&'a Memory);

impl Drop for Freed<'_> {
    fn drop(&mut self) {
        let Memory { value, layout, .. } = *self.0;
        if layout.size() > 0 {
            // SAFETY: it comes from `Memory::new`, with this layout, and its slot is being dropped.
            unsafe { alloc::dealloc(value, layout) }
        }
    }
}

/// Drops slots: what borrows and does something at its end before what it borrows from, and what was made last first.
pub(super) fn drop_in_order(mut slots: Vec<Slot>) {
    slots.sort_by_key(|slot| slot.number);
    while !slots.is_empty() {
        let last = slots.iter().rposition(|slot| {
            let mut others = slots.iter().filter(|other| other.has_end());
            !others.any(|other| other.number != slot.number && other.reaches(slot.number, &slots))
        });
        drop(slots.remove(last.unwrap_or(slots.len() - 1)));
    }
}
