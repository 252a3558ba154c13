//! A cell's text and what it consists of: tokens, items, imports, statements.

pub mod cell;
pub mod cost;
pub mod imports;
pub mod is_complete;
pub mod item;
pub mod item_macros;
pub mod primitives;
pub mod source;
pub mod tokens;
