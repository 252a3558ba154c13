//! A cell's text and what it consists of: tokens, items, imports, statements.
//!
//! For each piece there is the set of names that it mentions, found by its tokens, to know what it may need; for an item also what it
//! [refers](refers) to, found by structure, to know what it depends on. What a name stands for is not resolved here. What
//! syn cannot parse is no error here: rustc gets the text as it is, and words the error.
//!
//! # The text keeps its lines
//!
//! The crate's `lib.rs` is generated and `include!`s the user's text: once for the items, once for the statements. Each file holds
//! the whole text of the cell, with the other part blanked out, and is named as the user knows the cell ([`codegen`](super::codegen)
//! lists them). So a line stays the user's line: errors, panics, `line!()` and `file!()` need no correction of lines.
//!
//! Insertions hold no line break and are recorded as [`Edit`](source::Edit)s; both files have the insertions of both, blank where
//! they do not belong, so that one mapping ([`Source::original`](source::Source::original)) leads from any offset back to the
//! user's text.

pub mod cell;
pub mod construction;
pub mod cost;
pub mod error_types;
pub mod imports;
pub mod is_complete;
pub mod item;
pub mod item_macros;
pub(crate) mod macro_bindings;
pub mod primitives;
pub mod refers;
pub mod source;
pub mod test_functions;
pub mod tokens;
