//! Variables whose type has a part without a name, such as `Option<{closure}>`: a cell writes the type with `impl` in the place
//! of that part, as the result of a function, and later cells have rustc infer it from there.

use std::marker::PhantomData;

/// Stands for a type.
pub struct Kind<T>(PhantomData<fn() -> T>);

impl<T> Clone for Kind<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Kind<T> {}

/// The type that is inferred.
pub fn kind<T>() -> Kind<T> {
    Kind(PhantomData)
}

/// Stands for a type that may borrow for `'a`, and for no other time.
pub struct Tied<'a, T>(PhantomData<(Exactly<'a>, fn() -> T)>);

/// Can live neither for less nor for more.
type Exactly<'a> = fn(&'a ()) -> &'a ();

impl<T> Clone for Tied<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Tied<'_, T> {}

/// The type that is inferred.
pub fn tied<'a, T>() -> Tied<'a, T> {
    Tied(PhantomData)
}

/// Keeps a variable of the type that a kind stands for; `N` tells the calls of a cell apart in its MIR.
pub fn keep_kind<T: 'static, const N: usize>(name: &str, value: T, _: Kind<T>) {
    crate::glue::variable_store::keep(name, value);
}

/// Takes a variable of the type that a kind stands for. The function is only there for its result's type.
pub fn take_kind<T: 'static>(name: &str, _: impl FnOnce() -> Kind<T>) -> T {
    crate::glue::variable_store::take(name)
}

/// Stands for the value of such a variable that was moved away: never reached at run time.
pub fn moved_kind<T: 'static>(_: impl FnOnce() -> Kind<T>) -> T {
    unreachable!("a moved variable has no value")
}
