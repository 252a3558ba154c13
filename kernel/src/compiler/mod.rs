//! The cell compiler: from a cell's text to a library.
//!
//! | step | room |
//! |---|---|
//! | the text is taken apart | [`syntax`] |
//! | what is changed in it | [`rewrite`] |
//! | what earlier cells have defined | [`resolve`] |
//! | what must be compiled and imported | [`plan`] |
//! | the crate's source | [`codegen`] |
//! | one run of rustc | [`rustc`] |
//! | what it has found out, and another run | [`refine`] |
//! | the types of the variables | [`types`] |
//! | errors, against the user's text | [`diagnostics`] |
//!
//! [`driver`] takes these steps; [`profile`] has what a cell is compiled for, and how.

pub mod codegen;
pub mod diagnostics;
pub mod driver;
pub mod names;
pub mod plan;
pub mod profile;
pub mod refine;
pub mod resolve;
pub mod rewrite;
pub mod rustc;
pub mod syntax;
#[cfg(test)]
pub(crate) mod testing;
pub mod types;
pub mod unit;

pub use driver as compile;
pub use profile as options;
pub use resolve::session_scope as scope;
pub use syntax::{cell as parse, is_complete as complete, item, source, tokens};
