//! What the generated code of a cell calls, and where its variables live between cells. Not for users.
//!
//! The kernel writes `::woozle::cell::...`, `::woozle::borrows::...`, `::woozle::names::...` and `::woozle::variables::...`; `lib.rs` gives these
//! modules those names.

#[doc(hidden)]
pub mod borrows;
#[doc(hidden)]
pub mod cell;
mod columns;
mod error_text;
mod failure;
mod kind;
mod measure;
#[doc(hidden)]
pub mod names;
mod test_functions;
pub(crate) mod type_id;
pub(crate) mod variable_store;
#[doc(hidden)]
pub mod variables;
