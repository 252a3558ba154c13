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
    shuttle,
    expect(unused, reason = "a model needs the raw algorithms alone")
)]

#[macro_use]
mod prelude;
#[macro_use]
mod debug;

mod bench;
#[doc(hidden)]
pub mod cell;
mod checkpoint;
pub mod comm;
pub mod concurrent;
mod crash;
mod default_hook;
pub mod display;
mod errand;
mod frames;
#[doc(hidden)]
pub mod host;
mod input;
mod interrupt;
#[cfg(all(test, shuttle))]
mod model;
pub mod multiprocessing;
#[doc(hidden)]
pub mod names;
#[doc(hidden)]
pub mod output;
mod panics;
pub mod progress;
#[doc(hidden)]
pub mod protocol;
pub mod queue;
mod spare;
mod store;
mod sync;
#[cfg(all(test, not(shuttle)))]
mod testing;
pub mod threading;
mod type_id;
#[doc(hidden)]
pub mod variables;
mod wait;
pub mod widgets;

pub use input::{getpass, input};
