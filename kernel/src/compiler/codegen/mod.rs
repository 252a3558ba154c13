//! The source of a cell's crate.
//!
//! ```text
//! root.rs      the attributes, the runtime; include!s lib.rs
//! lib.rs       include!s the items, imports, and the function that runs the statements
//! cell [2]     the text of cell 2, blank but for the items compiled again here
//! cell [5]_    the text of this cell, blank but for its items
//! cell [3]     the text of cell 3, blank but for statements that have waited for this cell, and within them those of this one
//! cell [5]     the text of this cell, blank but for its statements; then what keeps the variables
//! ```
//!
//! # Variables
//!
//! Between cells, each variable lives in a box of its own in the host, by name. The entry function of a cell takes those that the
//! cell names, runs the statements in a closure under `catch_unwind`, and puts them back:
//!
//! ```text
//! let mut v: ::woozle::names::Vec<i32> = ::woozle::cell::take("v");
//! let woozle_completed = { /* a closure that include!s the statements, run under catch_unwind */ };
//! { ::woozle::cell::put_back("v", v); }
//! ```
//!
//! The files have the names by which the user knows the cells (the blank of `cell [5]_` has no width), so that rustc need not be told to
//! show others.
//!
//! The closure captures as Rust's closures do. What the statements only borrow is still there after a panic. New variables go
//! through `keep_variable::<_, 0>("w", w)` at the end of the body; the number tells the calls apart in the MIR. Variables that
//! the cell does not name are not touched.
//!
//! A variable of an earlier cell that was moved away stays declared with its type: `let v: T;` and code that is never run and
//! moves it. So its use is rustc's own E0382, and an assignment gives it a value again.
//!
//! Statements of earlier cells that waited for a type are in files of their own, one around the other, with the body inmost:
//! see `held`.
//!
//! Each piece whose errors mean something is recorded as [`Generated`], for `refine`.

mod announced;
mod body;
pub mod borrowing;
pub mod emitted;
mod entry;
pub mod findings;
mod held;
mod imports;
mod kinds;
pub mod krate;
pub(crate) mod owners;
pub(crate) mod parts;
mod writer;

pub use emitted::{Emitted, Generated};
pub use findings::{Erasure, Findings, Sent};
pub use krate::emit;
pub use writer::Input;
