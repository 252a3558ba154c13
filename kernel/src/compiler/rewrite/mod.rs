//! What is inserted into a cell's text, as [`Edit`](crate::compiler::syntax::source::Edit)s.
//!
//! | file | |
//! |---|---|
//! | `visibility`, `macro_rules` | what a cell defines is `pub`, and its macros are exported |
//! | `statics` | a static can be declared in one crate and be defined in another |
//! | `no_inline` | a function that may run long is compiled in its own crate only |
//! | `interrupt_checks` | the statements look whether the cell has been interrupted |
//! | `paths` | relative paths are relative to the notebook |
//! | `places` | `file!()` and the like are about the cell |
//! | `returns` | `return` leaves the cell |
//! | `shown` | the last expression is shown |
//! | `in_place` | what others borrow from is used where it stands |
//! | `measured` | the statements of `%%bench` become the body of a closure |
//!
//! A function that computes must be as fast as under `rustc -O`, and it is compiled once, in its own cell; so nothing is inserted
//! into loops of functions.

pub(crate) mod in_place;
pub(crate) mod interrupt_checks;
pub(crate) mod macro_rules;
pub(crate) mod measured;
mod module_macros;
pub(crate) mod no_inline;
pub(crate) mod paths;
pub(crate) mod places;
pub(crate) mod returns;
pub(crate) mod shown;
pub mod statics;
pub mod visibility;
