//! The cell compiler: from a cell's text to a library.
//!
//! Cell N becomes the crate `cell_N` of type `dylib`. N is a serial number, of which each session has its own; the number
//! that the user sees (`cell [3]`) is the execution count. One run of rustc does it in the normal case: no cargo, no linking of
//! dependencies.
//!
//! | step | room |
//! |---|---|
//! | the text is taken apart | [`syntax`] |
//! | what is inserted into it | [`rewrite`] |
//! | what earlier cells have defined | [`resolve`] |
//! | which earlier items are compiled again, what is imported | [`plan`] |
//! | the crate's source | [`codegen`] |
//! | one run of rustc, and what it prints; or what one gave before for the same | [`rustc`] |
//! | what that has found out, for another run | [`refine`] |
//! | the types of the variables, for later cells | [`types`] |
//! | errors, against the user's text | [`diagnostics`] |
//!
//! [`driver`] takes these steps for a [`unit`], which is one cell; [`profile`] has what it is compiled for and how; [`names`]
//! has the names that generated code uses.
//!
//! # One crate per cell
//!
//! An item lives in the crate of the cell that defined it, and later cells import it from there. So a static has one copy, and
//! the time to compile does not grow with the notebook. The price is Rust's rules for crates, which `rewrite`, `plan` and
//! `refine` pay: all is made public, an item is compiled again when what it mentions is redefined, and an `impl` brings its
//! type along.

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
