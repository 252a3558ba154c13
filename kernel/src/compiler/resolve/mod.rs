//! What the names of earlier cells stand for.

pub mod session_scope;
pub mod similar_names;
