//! What the cells of a Woozle notebook use.
#![warn(missing_docs)]

mod sync;
pub mod threading;
mod wait;
