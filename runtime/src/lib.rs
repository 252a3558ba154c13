//! What the cells of a Woozle notebook use.
#![warn(missing_docs)]

pub mod concurrent;
pub mod queue;
mod sync;
#[cfg(test)]
mod testing;
pub mod threading;
mod wait;
