//! What the cells of a Woozle notebook use.
//!
//! It has Python's tools for concurrency under their names, with what Rust adds: guards, results,
//! types. Each module says, name by name, what became of Python's, and what is not there and why:
//!
//! | Python | Woozle |
//! | --- | --- |
//! | `threading` | [`threading`] |
//! | `queue` | [`queue`] |
//! | `concurrent.futures` | [`concurrent`] |
//! | `multiprocessing` | [`multiprocessing`] |
//! | `IPython.display` | [`mod@display`], [`display!`] |
//! | tqdm | [`progress`] |
//! | ipywidgets | [`widgets`] |
//! | `comm` | [`comm`] |
//! | `input`, `getpass` | [`input()`], [`getpass`] |
//! | `print` | [`print!`], [`println!`], [`eprint!`], [`eprintln!`], [`dbg!`]: into the cell of the thread |
//!
//! At run time this crate is one shared library, to which the cell host and every cell are
//! linked, so that its statics, and those of the crates inside it, exist once.

#![warn(missing_docs)]
#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        reason = "what tests start waits as users' code does"
    )
)]

#[macro_use]
mod prelude;
#[macro_use]
mod debug;

mod checkpoint;
pub mod comm;
pub mod concurrent;
pub mod display;
mod glue;
#[doc(hidden)]
pub mod host;
mod input;
pub mod multiprocessing;
mod process;
pub mod progress;
#[doc(hidden)]
pub mod protocol;
pub mod queue;
mod sync;
#[cfg(test)]
mod testing;
pub mod threading;
mod timeline;
mod wait;
pub mod widgets;

#[doc(hidden)]
pub use glue::{borrows, cell, names, variables};
pub use input::{getpass, input};
#[doc(hidden)]
pub use process::output;
