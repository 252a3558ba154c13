//! As `std::sync::atomic`.

use std::fmt;
use std::marker::PhantomData;
pub use std::sync::atomic::{Ordering, compiler_fence};

use super::history::{self, Atomic};

/// As std's.
#[track_caller]
pub fn fence(order: Ordering) {
    history::fence(order);
}

/// What all atomics have; `$bits` makes bits of a value, `$value` a value of bits.
macro_rules! atomic {
    ($name:ident $(<$parameter:ident>)?, $ty:ty, $bits:expr, $value:expr) => {
        /// As std's.
        pub struct $name $(<$parameter>)? {
            atomic: Atomic,
            of: PhantomData<$ty>,
        }

        // SAFETY: all threads of a run are coroutines of one thread of the system's.
        unsafe impl $(<$parameter>)? Sync for $name $(<$parameter>)? {}
        // SAFETY: as above.
        unsafe impl $(<$parameter>)? Send for $name $(<$parameter>)? {}

        impl $(<$parameter>)? $name $(<$parameter>)? {
            /// As std's.
            #[track_caller]
            pub const fn new(value: $ty) -> Self {
                Self { atomic: Atomic::new(stringify!($name), $bits(value)), of: PhantomData }
            }

            /// As std's.
            #[track_caller]
            pub fn load(&self, order: Ordering) -> $ty {
                $value(self.atomic.load(order))
            }

            /// As std's.
            #[track_caller]
            pub fn store(&self, value: $ty, order: Ordering) {
                self.atomic.store($bits(value), order);
            }

            /// As std's.
            #[track_caller]
            pub fn swap(&self, value: $ty, order: Ordering) -> $ty {
                self.always("swap", order, |_| value)
            }

            /// As std's.
            ///
            /// # Errors
            /// When the value is not the expected one.
            #[track_caller]
            pub fn compare_exchange(
                &self,
                expected: $ty,
                new: $ty,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$ty, $ty> {
                let change = |bits| (bits == $bits(expected)).then_some($bits(new));
                let old = self.atomic.update("compare_exchange", (success, failure), change);
                old.map($value).map_err($value)
            }

            /// As std's; it never fails without a reason.
            ///
            /// # Errors
            /// When the value is not the expected one.
            #[track_caller]
            pub fn compare_exchange_weak(
                &self,
                expected: $ty,
                new: $ty,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$ty, $ty> {
                self.compare_exchange(expected, new, success, failure)
            }

            /// As std's.
            ///
            /// # Errors
            /// When `change` gives nothing.
            #[track_caller]
            pub fn fetch_update(
                &self,
                set: Ordering,
                fetch: Ordering,
                mut change: impl FnMut($ty) -> Option<$ty>,
            ) -> Result<$ty, $ty> {
                let change = |bits| change($value(bits)).map(|value| $bits(value));
                let old = self.atomic.update("fetch_update", (set, fetch), change);
                old.map($value).map_err($value)
            }

            /// As std's.
            ///
            /// # Errors
            /// When `change` gives nothing.
            #[track_caller]
            pub fn try_update(
                &self,
                set: Ordering,
                fetch: Ordering,
                change: impl FnMut($ty) -> Option<$ty>,
            ) -> Result<$ty, $ty> {
                self.fetch_update(set, fetch, change)
            }

            /// As std's.
            #[track_caller]
            pub fn update(
                &self,
                set: Ordering,
                _: Ordering,
                mut change: impl FnMut($ty) -> $ty,
            ) -> $ty {
                self.always("update", set, |value| change(value))
            }

            #[track_caller]
            fn always(
                &self,
                method: &'static str,
                order: Ordering,
                change: impl FnOnce($ty) -> $ty,
            ) -> $ty {
                let change = |bits| Some($bits(change($value(bits))));
                let old = self.atomic.update(method, (order, order), change);
                $value(old.unwrap_or_else(|old| old))
            }

            /// As std's.
            pub fn get_mut(&mut self) -> &mut $ty {
                // SAFETY: the value is the first bytes of the bits (see the assertion below), and nobody else has it.
                unsafe { &mut *self.as_ptr() }
            }

            /// As std's.
            pub fn into_inner(self) -> $ty {
                $value(self.atomic.newest())
            }

            /// As std's; deprecated there.
            #[deprecated = "use `compare_exchange`"]
            #[track_caller]
            pub fn compare_and_swap(&self, expected: $ty, new: $ty, order: Ordering) -> $ty {
                let failure = match order {
                    Ordering::AcqRel => Ordering::Acquire,
                    Ordering::Release => Ordering::Relaxed,
                    order => order,
                };
                let old = self.compare_exchange(expected, new, order, failure);
                old.unwrap_or_else(|old| old)
            }

            /// Its number among what threads share.
            #[doc(hidden)]
            pub fn number(&self) -> u32 {
                self.atomic.number()
            }

            /// As std's.
            pub fn as_ptr(&self) -> *mut $ty {
                self.atomic.as_ptr().cast()
            }
        }

        impl $(<$parameter>)? fmt::Debug for $name $(<$parameter>)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let value: $ty = $value(self.atomic.newest());
                fmt::Debug::fmt(&value, f)
            }
        }

        impl $(<$parameter>)? From<$ty> for $name $(<$parameter>)? {
            #[track_caller]
            fn from(value: $ty) -> Self {
                Self::new(value)
            }
        }
    };
}

const _: () = assert!(
    cfg!(target_endian = "little"),
    "the first bytes of the bits are the value"
);

macro_rules! changes {
    ($name:ident $ty:ident: $($method:ident($old:ident, $by:ident) $change:expr;)*) => {
        impl $name { $(
            /// As std's.
            #[track_caller]
            pub fn $method(&self, $by: $ty, order: Ordering) -> $ty {
                self.always(stringify!($method), order, |$old| $change)
            }
        )* }
    };
}

macro_rules! integers {
    ($($name:ident $ty:ident;)*) => { $(
        atomic!($name, $ty, bits_of::$ty, |bits: u64| bits as $ty);

        impl Default for $name {
            #[track_caller]
            fn default() -> Self {
                Self::new(0)
            }
        }

        changes! { $name $ty:
            fetch_add(old, by) old.wrapping_add(by);
            fetch_sub(old, by) old.wrapping_sub(by);
            fetch_max(old, by) old.max(by);
            fetch_min(old, by) old.min(by);
            fetch_and(old, by) old & by;
            fetch_nand(old, by) !(old & by);
            fetch_or(old, by) old | by;
            fetch_xor(old, by) old ^ by;
        }
    )*
    mod bits_of { $(
        pub const fn $ty(value: $ty) -> u64 {
            value as u64
        }
    )* }
    };
}

integers! {
    AtomicU8 u8;
    AtomicU16 u16;
    AtomicU32 u32;
    AtomicU64 u64;
    AtomicUsize usize;
    AtomicI8 i8;
    AtomicI16 i16;
    AtomicI32 i32;
    AtomicI64 i64;
    AtomicIsize isize;
}

const fn bits_of_bool(value: bool) -> u64 {
    value as u64
}

atomic!(AtomicBool, bool, bits_of_bool, |bits: u64| bits != 0);

impl Default for AtomicBool {
    #[track_caller]
    fn default() -> Self {
        Self::new(false)
    }
}

changes! { AtomicBool bool:
    fetch_and(old, by) old & by;
    fetch_nand(old, by) !(old & by);
    fetch_or(old, by) old | by;
    fetch_xor(old, by) old ^ by;
}

impl AtomicBool {
    /// As std's.
    #[track_caller]
    pub fn fetch_not(&self, order: Ordering) -> bool {
        self.always("fetch_not", order, |old| !old)
    }
}

union PointerOrBits {
    pointer: *mut (),
    bits: u64,
}

const fn bits_of_pointer<T>(pointer: *mut T) -> u64 {
    let pointer = pointer.cast();
    // SAFETY: a pointer has 64 bits.
    unsafe { PointerOrBits { pointer }.bits }
}

const fn pointer_of_bits<T>(bits: u64) -> *mut T {
    // SAFETY: as above.
    unsafe { PointerOrBits { bits }.pointer.cast() }
}

atomic!(AtomicPtr<T>, *mut T, bits_of_pointer, pointer_of_bits);

impl<T> Default for AtomicPtr<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(std::ptr::null_mut())
    }
}

impl<T> AtomicPtr<T> {
    /// As std's.
    #[track_caller]
    pub fn fetch_ptr_add(&self, by: usize, order: Ordering) -> *mut T {
        self.always("fetch_ptr_add", order, |old| old.wrapping_add(by))
    }

    /// As std's.
    #[track_caller]
    pub fn fetch_ptr_sub(&self, by: usize, order: Ordering) -> *mut T {
        self.always("fetch_ptr_sub", order, |old| old.wrapping_sub(by))
    }

    /// As std's.
    #[track_caller]
    pub fn fetch_byte_add(&self, by: usize, order: Ordering) -> *mut T {
        self.always("fetch_byte_add", order, |old| old.wrapping_byte_add(by))
    }

    /// As std's.
    #[track_caller]
    pub fn fetch_byte_sub(&self, by: usize, order: Ordering) -> *mut T {
        self.always("fetch_byte_sub", order, |old| old.wrapping_byte_sub(by))
    }

    /// As std's.
    #[track_caller]
    pub fn fetch_or(&self, by: usize, order: Ordering) -> *mut T {
        self.always("fetch_or", order, |old| old.map_addr(|bits| bits | by))
    }

    /// As std's.
    #[track_caller]
    pub fn fetch_and(&self, by: usize, order: Ordering) -> *mut T {
        self.always("fetch_and", order, |old| old.map_addr(|bits| bits & by))
    }

    /// As std's.
    #[track_caller]
    pub fn fetch_xor(&self, by: usize, order: Ordering) -> *mut T {
        self.always("fetch_xor", order, |old| old.map_addr(|bits| bits ^ by))
    }
}
