//! What is inserted into a cell's text.

pub(crate) mod interrupt_checks;
pub(crate) mod macro_rules;
pub(crate) mod measured;
pub(crate) mod no_inline;
pub mod statics;
pub mod visibility;
