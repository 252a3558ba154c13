//! rustc's messages as the user sees them: against `cell [3]` and its own text, with no generated name.

pub mod advice;
pub mod place;
pub mod plain;
pub mod render;
pub mod report;
pub(crate) mod select;
mod send_errors;
pub(crate) mod syntax_errors;

pub use plain::plain;
pub use report::{Cells, Report};
