//! The Debug form of common types, without the question who implements `Debug`.
//!
//! For that question rustc reads the head of each impl that there is, some thousands, in each cell that shows a value: a seventh
//! of such a cell's time. Of this trait there are few, and their code is here, not in the cell.

use std::fmt::Debug;

/// A common type of std.
#[doc(hidden)]
pub trait Plain {
    /// Its Debug form.
    fn debug(&self) -> String;
}

impl<T: Plain + ?Sized> Plain for &T {
    fn debug(&self) -> String {
        (**self).debug()
    }
}

macro_rules! plain {
    ($($ty:ty),*) => {$(
        impl Plain for $ty {
            fn debug(&self) -> String {
                text(&self)
            }
        }
    )*};
}

/// Types, and what holds them.
macro_rules! plain_and_in {
    ($($ty:ty),*) => {$(
        plain!($ty, Vec<$ty>, Option<$ty>, [$ty]);
    )*};
}

plain_and_in!(i8, i16, i32, i64, i128, isize);
plain_and_in!(u8, u16, u32, u64, u128, usize);
plain_and_in!(f32, f64, bool, char, String);
plain!((), str, Vec<&str>, Option<&str>, [&str]);

fn text(value: &dyn Debug) -> String {
    format!("{value:?}")
}
