//! What stands in std's place in a cell that is explored (`rustc --extern std=…`): std itself, but for what is about threads.
//!
//! | part | module |
//! |---|---|
//! | what of std is replaced: locks, atomics, channels | [`sync`], [`thread`], [`time`], [`hint`] |
//! | the macros that print, and `thread_local!` | `macros` |
//! | schedules, what they did, and the report | [`engine`] |
//!
//! `README.md` says how the parts work together.

pub use std::*;

#[doc(hidden)]
pub mod engine;
mod macros;
pub mod sync;
pub mod thread;
pub mod time;

/// As `std::hint`.
pub mod hint {
    pub use std::hint::*;

    /// As `std::hint::spin_loop`: another thread runs.
    #[track_caller]
    pub fn spin_loop() {
        crate::thread::yield_now();
    }
}

/// As `std::panic`; the hook is the search's.
pub mod panic {
    pub use std::panic::*;

    /// What a hook is.
    type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send + 'static>;

    /// As std's, but that it has no effect: panics are noted.
    pub fn set_hook(_: Hook) {}

    /// As std's; it does nothing.
    #[must_use]
    pub fn take_hook() -> Hook {
        Box::new(|_| ())
    }
}

/// As `std::prelude`.
pub mod prelude {
    macro_rules! preludes {
        ($($edition:ident)*) => { $(
            /// The prelude of an edition.
            pub mod $edition {
                pub use crate::{dbg, eprint, eprintln, print, println, thread_local};
                pub use std::prelude::$edition::*;
            }
        )* };
    }
    preludes!(v1 rust_2015 rust_2018 rust_2021 rust_2024);
}
