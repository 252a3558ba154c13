//! What an item defines ([`namespace`], [`contents`]) and what it refers to: the free names in it, each with its namespace, found by structure.
//!
//! Fields, methods' own names, labels, lifetimes, locals, parameters and generics are no references to what the session defines,
//! nor is what a nested module has itself. A path refers by its first name: what that means decides what the rest means.
//! Methods are called by name alone, so they are noted apart. The arguments of macros that are not known here are tokens: each name
//! in them counts, in every namespace.

mod collector;
pub mod contents;
mod frames;
mod macros;
mod mention;
pub mod namespace;
mod visitor;

pub use mention::{How, Mention, References};
pub use visitor::{of_item, of_macro};
