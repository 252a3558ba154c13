//! Finding the `evcxr_display` of a value: one that its type has, or a trait that is in scope gives it, behind references and in
//! boxes, too.
//!
//! Each type has [`ByEvcxr`]'s, which says that there is none. It is for one reference more than the others, so that method
//! resolution comes to it last.

use std::rc::Rc;
use std::sync::Arc;

/// Says that a type has no `evcxr_display` of its own.
#[doc(hidden)]
pub struct NotRich;

/// What calling `evcxr_display` gave: a type's own method returns nothing.
#[doc(hidden)]
pub trait Rich {
    /// Whether the type showed itself.
    fn shown(&self) -> bool;
}

impl Rich for NotRich {
    fn shown(&self) -> bool {
        false
    }
}

impl Rich for () {
    fn shown(&self) -> bool {
        true
    }
}

/// Gives every type an `evcxr_display`, behind the one that it may have itself.
#[doc(hidden)]
pub trait ByEvcxr {
    /// Shows nothing.
    fn evcxr_display(&self) -> NotRich {
        NotRich
    }
}

// A trait for all types may be for `&str`, but not for `str`.
impl<T> ByEvcxr for &T {}

/// The same of what is in a box, which may have any size.
#[doc(hidden)]
pub trait ByEvcxrInside {
    /// Shows nothing.
    fn evcxr_display(&self) -> NotRich {
        NotRich
    }
}

impl<T: ?Sized> ByEvcxrInside for &T {}

/// A value whose type is looked into.
#[doc(hidden)]
pub struct Around<'v, T: ?Sized>(pub &'v T);

/// What a reference refers to: a trait for all types would find its method for a reference as well.
#[doc(hidden)]
pub trait ByReference<'v> {
    /// Its type.
    type Is: ?Sized + 'v;
    /// It.
    fn stripped(&self) -> &'v Self::Is;
}

impl<'v, T> ByReference<'v> for Around<'v, &'v T> {
    type Is = T;
    fn stripped(&self) -> &'v T {
        self.0
    }
}

/// For what is no reference.
#[doc(hidden)]
pub trait ByItself<'v> {
    /// Its type.
    type Is: ?Sized + 'v;
    /// It.
    fn stripped(&self) -> &'v Self::Is;
}

impl<'v, T: ?Sized + 'v> ByItself<'v> for &Around<'v, T> {
    type Is = T;
    fn stripped(&self) -> &'v T {
        self.0
    }
}

/// What is in a box or the like. Other types may do something when they are asked for it.
#[doc(hidden)]
pub trait ByPointer<'v> {
    /// Its type.
    type Is: ?Sized + 'v;
    /// It.
    fn inside(&self) -> &'v Self::Is;
}

macro_rules! pointers {
    ($($pointer:ty),*) => {$(
        impl<'v, T: ?Sized> ByPointer<'v> for Around<'v, $pointer> {
            type Is = T;
            fn inside(&self) -> &'v T {
                self.0
            }
        }
    )*};
}

pointers!(&'v mut T, Box<T>, Rc<T>, Arc<T>);

/// For what is none of them.
#[doc(hidden)]
pub trait ByNothing {
    /// Nothing.
    fn inside(&self) -> &'static Nothing;
}

/// There is nothing more to look into.
#[doc(hidden)]
pub struct Nothing;

impl<T: ?Sized> ByNothing for &Around<'_, T> {
    fn inside(&self) -> &'static Nothing {
        &Nothing
    }
}

/// Calls the `evcxr_display` of what a variable refers to; whether there was one.
#[doc(hidden)]
#[macro_export]
macro_rules! show_rich {
    ($value:ident) => {{
        #[allow(unused_imports)]
        use $crate::display::rich::{
            Around, ByItself as _, ByNothing as _, ByPointer as _, ByReference as _, Rich as _,
        };
        let outer = (&Around($value)).stripped();
        let outer = (&Around((&Around(outer)).stripped())).stripped();
        let is_shown = {
            #[allow(unused_imports)]
            use $crate::display::rich::ByEvcxr as _;
            outer.evcxr_display().shown()
        };
        is_shown || {
            #[allow(unused_imports)]
            use $crate::display::rich::ByEvcxrInside as _;
            let inner = (&Around((&Around(outer)).inside())).stripped();
            inner.evcxr_display().shown() || {
                let inmost = (&Around((&Around(inner)).inside())).stripped();
                inmost.evcxr_display().shown()
            }
        }
    }};
}

#[cfg(test)]
mod tests;
