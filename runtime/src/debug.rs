//! The Debug form of our errors is their message.
//!
//! A cell shows the Debug form of an error that `?` returns at its top level, as `main` does, and
//! so does `unwrap`: there a person reads it.

macro_rules! debug_is_display {
    ($($error:ty),+ $(,)?) => {
        $(
            impl ::std::fmt::Debug for $error {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    ::std::fmt::Display::fmt(self, f)
                }
            }
        )+
    };
}
