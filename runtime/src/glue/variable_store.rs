//! The variables of a session, kept between cells.
//!
//! Each lives in a box of its own, by name. The kernel knows every variable's exact type and
//! writes it into the code of the cell that uses it; the store checks name, size and alignment.
//! Only the thread that runs cells touches the store.

use std::alloc::Layout;
use std::cell::RefCell;
use std::collections::HashMap;

use crate::protocol::Stored;

struct Slot {
    value: *mut u8,
    layout: Layout,
    /// Drops and frees the value; for an empty slot only frees its memory.
    release: unsafe fn(*mut u8, bool),
    /// False while a cell has the value.
    full: bool,
}

#[derive(Default)]
struct Store {
    slots: HashMap<String, Slot>,
    stored: Vec<Stored>,
}

thread_local! {
    static STORE: RefCell<Store> = RefCell::default();
}

/// Releases what [`keep`] boxed as a `T`.
///
/// # Safety
/// `value` comes from `Box::<T>::into_raw`; it holds a valid `T` if `full`.
unsafe fn release<T>(value: *mut u8, full: bool) {
    // SAFETY: the caller's promise; `MaybeUninit` has the layout of `T` and drops nothing.
    unsafe {
        if full {
            drop(Box::from_raw(value.cast::<T>()));
        } else {
            drop(Box::from_raw(value.cast::<std::mem::MaybeUninit<T>>()));
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        // SAFETY: `value` and `release` were made together by `keep`, for one type.
        unsafe { (self.release)(self.value, self.full) }
    }
}

/// Stores a new variable, and drops the one that had its name.
pub(crate) fn keep<T: 'static>(name: &str, value: T) {
    let slot = Slot {
        value: Box::into_raw(Box::new(value)).cast(),
        layout: Layout::new::<T>(),
        release: release::<T>,
        full: true,
    };
    insert(name, slot, std::any::type_name::<T>());
}

fn insert(name: &str, slot: Slot, type_name: &str) {
    let old = STORE.with_borrow_mut(|store| {
        store.stored.push(Stored {
            name: name.to_owned(),
            type_name: type_name.to_owned(),
        });
        store.slots.insert(name.to_owned(), slot)
    });
    drop(old); // outside the borrow: it may be the user's `Drop`, which may print
}

/// Takes a variable's value out, for the cell that names it.
///
/// # Panics
/// When there is no such variable, or it is not a `T`: the kernel and its host disagree.
pub(crate) fn take<T: 'static>(name: &str) -> T {
    let value = exchange(name, Layout::new::<T>(), false);
    // SAFETY: the slot was full and holds a value of this layout, whose type is the one that the
    // kernel wrote for this name; it counts as empty now, so nobody else reads or drops it.
    unsafe { value.cast::<T>().read() }
}

/// Puts a variable's value back after the cell.
///
/// # Panics
/// As [`take`].
pub(crate) fn put_back<T: 'static>(name: &str, value: T) {
    let slot = exchange(name, Layout::new::<T>(), true);
    // SAFETY: the slot was empty and has memory for a value of this layout.
    unsafe { slot.cast::<T>().write(value) }
}

/// Marks a slot full or empty, and says where its value lives.
fn exchange(name: &str, layout: Layout, full: bool) -> *mut u8 {
    STORE.with_borrow_mut(|store| {
        let slot = store.slots.get_mut(name);
        let Some(slot) = slot.filter(|slot| slot.layout == layout && slot.full != full) else {
            panic!("the variable `{name}` is not there");
        };
        slot.full = full;
        slot.value
    })
}

/// Drops variables.
pub(crate) fn forget(names: &[String]) {
    for name in names {
        let slot = STORE.with_borrow_mut(|store| store.slots.remove(name));
        drop(slot);
    }
}

/// The variables stored since the last call.
pub(crate) fn stored() -> Vec<Stored> {
    STORE.with_borrow_mut(|store| std::mem::take(&mut store.stored))
}

#[cfg(all(test, not(shuttle)))]
mod tests;
