//! The cell compiler: from a cell's text to a library.
//!
//! | step | module |
//! |---|---|
//! | the text is taken apart | [`parse`], [`item`], [`uses`], [`tokens`] |
//! | what is changed in it | [`visibility`], [`statics`], `interruptible`, `whole` |
//! | what must be compiled and imported | [`plan`], against the session's [`scope`] |
//! | the crate's source | [`emit`], with the user's lines kept by [`source`] |
//! | one run of rustc, more when it finds something out | [`rustc`], [`compile`], `learn`, `conflicts`, [`standby`], [`linker`] |
//! | the types of the variables | [`mir`], [`types`], [`locate`], `unnamed` |
//! | what a cell is compiled for, and how | [`options`], `weight`, `bench` |
//! | errors, against the user's text | [`diagnostics`], [`advice`], `refusal`, `sent` |

pub mod advice;
mod bench;
pub mod compile;
pub mod complete;
mod conflicts;
pub mod diagnostics;
pub mod emit;
mod interruptible;
pub mod item;
mod learn;
pub mod linker;
pub mod locate;
pub mod mir;
pub mod options;
pub mod parse;
pub mod plan;
mod refusal;
pub mod rustc;
pub mod scope;
mod sent;
pub mod source;
pub mod standby;
pub mod statics;
#[cfg(test)]
pub(crate) mod testing;
pub mod tokens;
pub mod types;
mod unnamed;
pub mod uses;
pub mod visibility;
mod weight;
mod whole;
