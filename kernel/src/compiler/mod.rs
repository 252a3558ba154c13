//! The cell compiler: from a cell's text to a library.
//!
//! | step | module |
//! |---|---|
//! | the text is taken apart | [`parse`], [`item`], [`uses`], [`visibility`], [`tokens`] |
//! | what must be compiled and imported | [`plan`], against the session's [`scope`] |
//! | the crate's source | [`emit`], with the user's lines kept by [`source`] |
//! | one run of rustc, more when it finds something out | [`rustc`], [`compile`] |
//! | the types of the variables | [`mir`], [`types`], [`locate`] |
//! | errors, against the user's text | [`diagnostics`] |

pub mod compile;
pub mod complete;
pub mod diagnostics;
pub mod emit;
pub mod item;
pub mod locate;
pub mod mir;
pub mod parse;
pub mod plan;
pub mod rustc;
pub mod scope;
pub mod source;
pub mod tokens;
pub mod types;
pub mod uses;
pub mod visibility;
