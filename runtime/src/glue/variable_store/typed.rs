//! The store as a cell's code sees it: values of any type are moved into its memory, and out.
//!
//! All functions panic when there is no such variable, or when it is of another layout: the kernel and its host disagree.

use std::alloc::Layout;

use super::borrowing;
use super::slot::Memory;

/// Puts a value into memory.
fn boxed<T>(value: T) -> Memory {
    let drop = const {
        if std::mem::needs_drop::<T>() {
            Some(drop_in_place::<T> as unsafe fn(*mut u8))
        } else {
            None
        }
    };
    let memory = Memory::new(
        const { Layout::new::<T>() },
        drop,
        std::any::type_name::<T>(),
    );
    // SAFETY: the memory was made for a value of this layout.
    unsafe { memory.value.cast::<T>().write(value) };
    memory
}

/// Drops a `T`.
///
/// # Safety
/// There is one at `value`, which nobody uses any more.
unsafe fn drop_in_place<T>(value: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe { value.cast::<T>().drop_in_place() }
}

/// Stores a new variable, and drops the one that had its name.
pub(crate) fn keep<T: 'static>(name: &str, value: T) {
    super::keep_new(name, boxed(value));
}

/// Stores a value of an earlier variable that the cell has taken.
pub(crate) fn keep_again<T: 'static>(name: &str, value: T) {
    super::keep_old(name, boxed(value));
}

/// Stores a new variable that borrows from others.
pub(crate) fn keep_borrower<T>(name: &str, value: T, owners: &[&str], has_end: bool) {
    borrowing::keep(name, boxed(value), owners, has_end);
}

/// Takes a variable's value out, for the cell that names it.
pub fn take<T: 'static>(name: &str) -> T {
    let value = borrowing::take(name, const { Layout::new::<T>() });
    // SAFETY: the slot was full and holds a value of this layout, whose type is the one that the
    // kernel wrote for this name; it counts as empty now, so nobody else reads or drops it.
    unsafe { value.cast::<T>().read() }
}

/// The same, at whatever lifetimes generated code spells.
pub(crate) fn take_borrower<T>(name: &str) -> T {
    let value = borrowing::take(name, const { Layout::new::<T>() });
    // SAFETY: as in `take`.
    unsafe { value.cast::<T>().read() }
}

/// The same for a variable that ends, as what it borrows from is changed or moved. What has no name and borrows from that, too, is
/// never dropped.
pub(crate) fn take_ended<T>(name: &str) -> T {
    borrowing::leak_bound(name);
    take_borrower(name)
}

/// Puts a variable's value back after the cell.
pub fn put_back<T: 'static>(name: &str, value: T) {
    let place = borrowing::put_back(name, const { Layout::new::<T>() }, &[]);
    // SAFETY: the slot was empty and has memory for a value of this layout.
    unsafe { place.cast::<T>().write(value) }
}

/// The same for a variable that may have come to borrow from more owners.
pub(crate) fn put_back_borrower<T>(name: &str, value: T, owners: &[&str]) {
    let place = borrowing::put_back(name, const { Layout::new::<T>() }, owners);
    // SAFETY: as in `put_back`.
    unsafe { place.cast::<T>().write(value) }
}

/// Puts a variable back of which a part was moved away; `drop_rest` drops the rest.
pub(crate) fn put_back_in_part<T: 'static>(name: &str, value: T, drop_rest: fn(T)) {
    put_back(name, value);
    set_rest(name, drop_rest);
}

/// Stores a new variable of which a part was moved away.
pub(crate) fn keep_in_part<T: 'static>(name: &str, value: T, drop_rest: fn(T)) {
    keep(name, value);
    set_rest(name, drop_rest);
}

/// Has what is left of a stored variable dropped by a function.
pub(crate) fn set_rest<T: 'static>(name: &str, drop_rest: fn(T)) {
    let drop_rest = move |value: *mut u8| {
        // SAFETY: called once, as the slot is dropped, on the value of a full slot, which is a `T` by the promise of the kernel's
        // code; of it, the function drops what was not moved away.
        drop_rest(unsafe { value.cast::<T>().read() });
    };
    super::drop_rest_by(name, Layout::new::<T>(), Box::new(drop_rest));
}

/// Puts a new variable where it stays, and lends it.
pub(crate) fn place<'a, T>(name: Option<&str>, value: T) -> &'a mut T {
    lent(borrowing::place(name, boxed(value), true))
}

/// Puts a value without a name where it stays, and lends it.
pub(crate) fn hold<'a, T: 'static>(value: T) -> &'a mut T {
    lent(borrowing::place(None, boxed(value), false))
}

/// The same for a value that may borrow.
pub(crate) fn hold_borrower<'a, T>(value: T) -> &'a mut T {
    place(None, value)
}

/// Lends what was placed just now.
fn lent<'a, T>(place: *mut u8) -> &'a mut T {
    // SAFETY: the slot is full, and was made for a `T` just now. It stays, and nothing else of this process uses it, until the
    // cell is over or what borrows from it has ended: the lifetime is one that the cell's code is generic over.
    unsafe { &mut *place.cast::<T>() }
}

/// Lends a variable where it stands.
#[inline(never)]
pub(crate) fn at<'a, T>(name: &str) -> &'a mut T {
    let place = borrowing::at(name, const { Layout::new::<T>() });
    // SAFETY: the slot is full and holds a value of this layout, whose type is the one that the kernel wrote for this name. A
    // cell's code asks once for each name, and what else refers into the value is tied to this reference by that code.
    unsafe { &mut *place.cast::<T>() }
}

/// Lends a field of a variable that stands in place, apart from the rest.
pub(crate) fn lend<'i, 'p, T: ?Sized + 'p>(place: &'i T) -> &'p T {
    // SAFETY: the variable stays where it is, and generated code has it borrowed for all of the cell by `'i`. `'p` is a lifetime of
    // the cell's code that only what borrows from this field has, and in later cells that is tied to the field again.
    unsafe { &*std::ptr::from_ref(place) }
}

/// The same, mutably.
pub(crate) fn lend_mut<'i, 'p, T: ?Sized + 'p>(place: &'i mut T) -> &'p mut T {
    // SAFETY: as in `lend`.
    unsafe { &mut *std::ptr::from_mut(place) }
}

/// Lends a variable where it stands, whose name the cell binds anew.
#[inline(never)]
pub(crate) fn shadow<'a, T>(name: &str) -> &'a mut T {
    let place = borrowing::shadow(name, const { Layout::new::<T>() });
    // SAFETY: as in `at`.
    unsafe { &mut *place.cast::<T>() }
}

/// Takes out the box of a variable that the cell moves away.
pub(crate) fn take_owner<T>(name: &str) -> Box<T> {
    let value = borrowing::take_owner(name, const { Layout::new::<T>() });
    // SAFETY: the memory was made for a `T`, as above, in the way of a box; the slot has let go of it.
    unsafe { Box::from_raw(value.cast::<T>()) }
}
