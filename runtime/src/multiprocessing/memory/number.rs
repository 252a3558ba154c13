//! Plain numbers: what can lie in shared memory as it is.

/// An integer or floating point number: every pattern of its bits is a value, so it can be read from
/// memory that other processes write.
///
/// # Safety
///
/// It is one, and has no padding. (The trait is sealed: the runtime implements it.)
pub unsafe trait Number: Copy + Send + Sync + 'static + sealed::Sealed {}

mod sealed {
    pub trait Sealed {}
}

macro_rules! numbers {
    ($($number:ty)*) => {
        $(
            // SAFETY: an integer or a floating point number.
            unsafe impl Number for $number {}
            impl sealed::Sealed for $number {}
        )*
    };
}

numbers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64);
