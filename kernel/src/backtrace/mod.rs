//! From addresses in a host that has died, or hangs, to the user's functions and lines.
//!
//! Cells are compiled without line tables, since those take time in every cell. When an address has to be explained, the
//! cell that it lies in is compiled once more, with the same flags and line tables: the code is the
//! same then, which is checked.
//!
//! | part | module |
//! |---|---|
//! | addresses to calls | [`explain`] |
//! | an address to a line, by a cell that is compiled once more | [`lines`] |
//! | an address to a library | [`maps`] |
//! | how functions are named | [`names`] |

mod explain;
mod lines;
mod maps;
mod names;

pub use explain::{Explainer, called, users};
pub(crate) use lines::Lines;
pub(crate) use names::{Call, demangled, short};
