//! One variable's memory.

use std::alloc::Layout;
use std::mem::MaybeUninit;

/// A box with a variable's value, whose type only its functions know.
pub(super) struct Slot {
    pub(super) value: *mut u8,
    pub(super) layout: Layout,
    /// Drops and frees the value; for an empty slot only frees its memory.
    release: unsafe fn(*mut u8, bool),
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

/// Releases what [`Slot::new`] boxed as a `T`.
///
/// # Safety
/// `value` comes from `Box::<T>::into_raw`; it holds a valid `T` if `full`.
unsafe fn release<T>(value: *mut u8, full: bool) {
    // SAFETY: the caller's promise; `MaybeUninit` has the layout of `T` and drops nothing.
    unsafe {
        if full {
            drop(Box::from_raw(value.cast::<T>()));
        } else {
            drop(Box::from_raw(value.cast::<MaybeUninit<T>>()));
        }
    }
}

impl Slot {
    /// Puts a value into a box.
    pub(super) fn new<T>(value: T, number: u64, owners: Vec<u64>) -> Self {
        Self {
            value: Box::into_raw(Box::new(value)).cast(),
            layout: Layout::new::<T>(),
            release: release::<T>,
            full: true,
            rest: None,
            number,
            owners,
            is_bound: false,
        }
    }

    /// Has what is left of the value dropped by a function, as a part of it was moved away.
    pub(super) fn drop_rest_by<T: 'static>(&mut self, drop_rest: fn(T)) {
        assert_eq!(self.layout, Layout::new::<T>(), "it is another variable");
        self.rest = Some(Box::new(move |value| {
            // SAFETY: called once, by `drop`, on the value of a full slot, which is a `T` by the promise of the kernel's
            // code; of it, the function drops what was not moved away.
            drop_rest(unsafe { value.cast::<T>().read() });
        }));
    }

    /// Has the value never dropped.
    pub(super) fn leak(&mut self) {
        self.full = false;
        self.rest = None;
    }

    /// Marks it full or empty; false if it is not a full, or empty, slot of that layout.
    pub(super) fn exchange(&mut self, layout: Layout, full: bool) -> bool {
        let is_right = self.layout == layout && self.full != full;
        if is_right {
            self.full = full;
            self.rest = None;
        }
        is_right
    }

    /// The box, if it is full and of that layout; the slot frees it no more.
    pub(super) fn into_box(self, layout: Layout) -> Option<*mut u8> {
        let slot = std::mem::ManuallyDrop::new(self);
        (slot.layout == layout && slot.full).then_some(slot.value)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(drop_rest) = self.rest.take().filter(|_| self.full) {
            self.full = false;
            drop_rest(self.value);
        }
        // SAFETY: `value` and `release` were made together by `new`, for one type.
        unsafe { (self.release)(self.value, self.full) }
    }
}

/// Drops slots: what borrows before what it borrows from, and what was made last first.
pub(super) fn drop_in_order(mut slots: Vec<Slot>) {
    slots.sort_by_key(|slot| slot.number);
    while !slots.is_empty() {
        let is_free = |slot: &Slot| {
            !slots
                .iter()
                .any(|other| other.owners.contains(&slot.number))
        };
        let last = slots.iter().rposition(is_free);
        drop(slots.remove(last.unwrap_or(slots.len() - 1)));
    }
}
