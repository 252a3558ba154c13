//! What the names of earlier cells stand for.
//!
//! The [`Scope`](session_scope::Scope) is what a session knows of its cells: items, `use` declarations, variables. The
//! [`Definitions`](definitions::Definitions) are the meaning of its names at one time: they follow `use`, renames, globs and modules.

pub mod definitions;
pub mod external;
pub mod files;
pub mod held;
mod paths;
pub mod session_scope;
pub mod similar_names;
