//! What the cells of a Woozle notebook use.
//!
//! At run time this crate is one shared library, to which the cell host and every cell are
//! linked, so that its statics, and those of the crates inside it, exist once.

#![warn(missing_docs)]

#[macro_use]
mod prelude;

#[doc(hidden)]
pub mod cell;
#[doc(hidden)]
pub mod display;
#[doc(hidden)]
pub mod host;
#[doc(hidden)]
pub mod names;
#[doc(hidden)]
pub mod output;
mod panics;
#[doc(hidden)]
pub mod protocol;
mod store;
mod sync;
#[cfg(test)]
mod testing;
pub mod threading;
mod wait;
