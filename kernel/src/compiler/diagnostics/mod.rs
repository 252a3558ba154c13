//! rustc's messages as the user sees them.

pub mod advice;
pub mod render;
pub(crate) mod send_errors;
pub(crate) mod syntax_errors;

pub use render::*;
