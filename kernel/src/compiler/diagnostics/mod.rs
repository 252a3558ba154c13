//! rustc's messages as the user sees them: against `cell [3]` and its own text, with no generated name.
//!
//! | file | |
//! |---|---|
//! | `select` | which errors and warnings are shown |
//! | `render`, `place`, `plain`, `closures` | one message: its places in cells, its words |
//! | `as_written` | variables that stand in place |
//! | `advice`, `open_types`, `default_types` | notes that only the session can add |
//! | `main_function` | a note on a `fn main`, which nothing calls |
//! | `syntax_errors`, `send_errors` | errors of texts that are not Rust, and of values that cannot go to another process |
//!
//! A cell shows the warnings on its own text, so nothing is repeated when an item is compiled again.

pub mod advice;
mod as_written;
mod closures;
pub mod compile_error;
mod default_types;
pub(crate) mod main_function;
mod open_types;
pub mod place;
pub mod plain;
pub mod render;
pub mod report;
pub(crate) mod select;
mod send_errors;
pub(crate) mod syntax_errors;

pub use plain::plain;
pub use report::{Cells, Report};
