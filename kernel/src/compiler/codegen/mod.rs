//! The source of a cell's crate.
//!
//! ```text
//! lib.rs     include!s the items, imports, and the function that runs the statements
//! 2.items    the text of cell 2, blank but for the items compiled again here
//! 5.items    the text of this cell, blank but for its items
//! 5.body     the text of this cell, blank but for its statements; then what keeps the variables
//! ```

mod body;
pub mod emitted;
mod entry;
pub mod findings;
mod imports;
pub mod krate;
mod writer;

pub use emitted::{Emitted, Generated};
pub use findings::{Erasure, Findings};
pub use krate::emit;
pub use writer::Input;
