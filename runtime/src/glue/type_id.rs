//! Whether two types are the same, also where lifetimes keep [`TypeId::of`] from being asked.

use std::any::TypeId;
use std::marker::PhantomData;

/// The id of a type; types that differ in lifetimes alone have the same one.
pub(crate) fn of<T: ?Sized>() -> TypeId {
    trait Ask {
        fn id(&self) -> TypeId
        where
            Self: 'static;
    }
    impl<T: ?Sized> Ask for PhantomData<T> {
        fn id(&self) -> TypeId
        where
            Self: 'static,
        {
            TypeId::of::<T>()
        }
    }
    let phantom = PhantomData::<T>;
    // SAFETY: only the lifetime bound changes. The one function of the object reads nothing that could have ended: it
    // is the same code for all lifetimes, and gives a number.
    let phantom = unsafe { std::mem::transmute::<&dyn Ask, &(dyn Ask + 'static)>(&phantom) };
    phantom.id()
}

#[cfg(test)]
mod tests {
    #[test]
    fn lifetimes_do_not_count() {
        fn same<'a>(_: &'a str) -> bool {
            super::of::<&'a str>() == std::any::TypeId::of::<&'static str>()
        }
        assert!(same(&String::from("a")));
        assert_eq!(super::of::<u8>(), std::any::TypeId::of::<u8>());
        assert_ne!(super::of::<&str>(), super::of::<&[u8]>());
    }
}
