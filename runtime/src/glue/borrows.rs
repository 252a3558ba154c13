//! What the generated part of a cell calls for variables that borrow from others. Not for users.
//!
//! The kernel's `codegen/BORROWS.md` says why that code is sound: the lifetimes of these functions are spelled by it, and
//! rustc judges it.

use std::future::Future;
use std::pin::Pin;

pub use crate::glue::kind::{Kind, Tied, tied};
use crate::glue::variable_store as store;

/// Takes a variable for the cell.
pub fn take<T>(name: &str) -> T {
    store::take_borrower(name)
}

/// Takes a variable that ends within the cell.
pub fn take_ended<T>(name: &str) -> T {
    store::take_ended(name)
}

/// Puts a variable back after the cell, which may have come to borrow from more.
pub fn put_back<T>(name: &str, value: T, owners: &[&str]) {
    store::put_back_borrower(name, value, owners);
}

/// Lends a variable where it stands.
pub fn at<'a, T>(name: &str) -> &'a mut T {
    store::at(name)
}

/// Lends a variable of the type that a kind stands for, where it stands.
pub fn at_kind<'a, T: 'a>(name: &str, _: Option<Tied<'a, T>>) -> &'a mut T {
    store::at(name)
}

/// The same for one whose name the cell binds anew.
pub fn shadow_kind<'a, T: 'a>(name: &str, _: Option<Tied<'a, T>>) -> &'a mut T {
    store::shadow(name)
}

/// Takes the box of such a variable, which the cell moves away.
pub fn take_owner_kind<'a, T: 'a>(name: &str, _: Option<Tied<'a, T>>) -> Box<T> {
    store::take_owner(name)
}

/// The kind of what borrows from nothing, at any lifetime. The function is only there for its result's type.
pub fn at_any<'a, T: 'static>(_: impl FnOnce() -> Kind<T>) -> Option<Tied<'a, T>> {
    None
}

/// Lends a variable where it stands, whose name the cell binds anew: it goes on without one.
pub fn shadow<'a, T>(name: &str) -> &'a mut T {
    store::shadow(name)
}

/// Gives such a variable its name back.
pub fn unshadow(name: &str) {
    store::unshadow(name);
}

/// Takes the box of a variable that the cell moves away.
pub fn take_owner<T>(name: &str) -> Box<T> {
    store::take_owner(name)
}

/// Puts a value where it stays that borrows from no variable, and that no later cell can name.
pub fn hold<'a: 'a, T: 'static>(value: T) -> &'a mut T {
    store::hold(value)
}

/// The same for a value that may borrow.
pub fn hold_borrower<'a: 'a, T>(value: T) -> &'a mut T {
    store::hold_borrower(value)
}

/// Notes that a new variable, kept at the end of the cell, is as old as this.
pub fn age(name: &str) {
    store::age(name);
}

/// Keeps a variable that was placed.
pub fn keep_placed(name: &str, owners: &[&str]) {
    store::keep_placed(name, owners);
}

/// Leaves a variable as it is, never to be used or dropped.
pub fn leak(name: &str) {
    store::leak(name);
}

/// Drops what the cell has placed and not kept.
pub fn end_cell() {
    store::end_cell();
}

/// Refused by rustc unless a value may live for `'a`. Tells whether it does something at its end.
pub fn outlives<'a: 'a, T: 'a>(_: &T) -> bool {
    std::mem::needs_drop::<T>()
}

/// A use of what is borrowed from, which rustc refuses if it is borrowed mutably.
pub fn shared<T: ?Sized>(_: &T) {}

/// Borrows for `'a`.
pub fn tie<'a: 'a, T: ?Sized>(_: &'a T) {}

/// Borrows mutably for `'a`.
pub fn tie_mut<'a: 'a, T: ?Sized>(_: &'a mut T) {}

/// Lends a field apart from the rest of its variable, which stands in place for `'i`.
pub fn lend<'i: 'i, 'p: 'p, T: ?Sized + 'p>(place: &'i T) -> &'p T {
    store::lend(place)
}

/// The same, mutably.
pub fn lend_mut<'i: 'i, 'p: 'p, T: ?Sized + 'p>(place: &'i mut T) -> &'p mut T {
    store::lend_mut(place)
}

/// Keeps a new variable; `N` tells the calls of a cell apart in its MIR.
pub fn keep_variable<T, const N: usize>(name: &str, value: T, owners: &[&str], has_end: bool) {
    store::keep_borrower(name, value, owners, has_end);
}

/// Keeps a new variable of the type that a kind stands for; `N` tells the calls of a cell apart in its MIR.
pub fn keep_kind<'a, T: 'a, const N: usize>(
    name: &str,
    value: T,
    _: Tied<'a, T>,
    owners: &[&str],
    has_end: bool,
) {
    store::keep_borrower(name, value, owners, has_end);
}

/// Takes a variable of the type that a kind stands for. There is none: only its type counts.
pub fn take_kind<'a, T: 'a>(name: &str, _: Option<Tied<'a, T>>) -> T {
    store::take_borrower(name)
}

/// The same for a variable that ends within the cell.
pub fn take_ended_kind<'a, T: 'a>(name: &str, _: Option<Tied<'a, T>>) -> T {
    store::take_ended(name)
}

/// Stands for the value of such a variable that was moved away: never reached at run time.
pub fn moved_kind<'a, T: 'a>(_: Option<Tied<'a, T>>) -> T {
    unreachable!("a moved variable has no value")
}

/// Keeps an iterator whose type has no name.
pub fn keep_iterator<'a, I: Iterator<Item = T> + 'a, T: 'a, const N: usize>(
    name: &str,
    value: I,
    owners: &[&str],
    has_end: bool,
) {
    store::keep_borrower::<Box<dyn Iterator<Item = T> + 'a>>(
        name,
        Box::new(value),
        owners,
        has_end,
    );
}

/// Keeps a future whose type has no name.
pub fn keep_future<'a, F: Future<Output = T> + 'a, T: 'a, const N: usize>(
    name: &str,
    value: F,
    owners: &[&str],
    has_end: bool,
) {
    store::keep_borrower::<Pin<Box<dyn Future<Output = T> + 'a>>>(
        name,
        Box::pin(value),
        owners,
        has_end,
    );
}

/// Keeping what may be sent to another thread.
pub mod sent {
    use std::pin::Pin;

    use crate::glue::variable_store as store;

    /// As the other `keep_iterator`.
    pub fn keep_iterator<'a, I: Iterator<Item = T> + Send + 'a, T: 'a, const N: usize>(
        name: &str,
        value: I,
        owners: &[&str],
        has_end: bool,
    ) {
        store::keep_borrower::<Box<dyn Iterator<Item = T> + Send + 'a>>(
            name,
            Box::new(value),
            owners,
            has_end,
        );
    }

    /// As the other `keep_future`.
    pub fn keep_future<'a, F: Future<Output = T> + Send + 'a, T: 'a, const N: usize>(
        name: &str,
        value: F,
        owners: &[&str],
        has_end: bool,
    ) {
        store::keep_borrower::<Pin<Box<dyn Future<Output = T> + Send + 'a>>>(
            name,
            Box::pin(value),
            owners,
            has_end,
        );
    }
}

/// Placing a new variable, which shows its type as keeping does.
pub mod placed {
    use crate::glue::variable_store as store;

    /// Puts a new variable where it stays, and lends it.
    pub fn keep_variable<'a, T: 'static, const N: usize>(name: &str, value: T) -> &'a mut T {
        store::place(Some(name), value)
    }

    /// The same for one of the type that a kind stands for.
    pub fn keep_kind<'a, T: 'static, const N: usize>(
        name: &str,
        value: T,
        _: super::Kind<T>,
    ) -> &'a mut T {
        store::place(Some(name), value)
    }

    /// The same for a variable that itself borrows.
    pub mod borrower {
        use crate::glue::variable_store as store;

        /// Puts a new variable where it stays, and lends it.
        pub fn keep_variable<'a, T, const N: usize>(name: &str, value: T) -> &'a mut T {
            store::place(Some(name), value)
        }
    }
}
