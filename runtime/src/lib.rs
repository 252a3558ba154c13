//! What the cells of a Woozle notebook use.
#![warn(missing_docs)]

mod sync;
#[cfg(test)]
mod testing;
pub mod threading;
mod wait;
