//! What the names of earlier cells stand for.
//!
//! The [`Scope`](session_scope::Scope) is what a session knows of its cells: items, `use` declarations, variables. A name is looked
//! up by itself, without the path that it stands in.

pub mod held;
pub mod session_scope;
pub mod similar_names;
