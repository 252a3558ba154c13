//! What the cells of a Woozle notebook use.
#![warn(missing_docs)]
#![cfg_attr(
    shuttle,
    expect(unused, reason = "a model needs the raw algorithms alone")
)]

pub mod concurrent;
#[cfg(all(test, shuttle))]
mod model;
pub mod queue;
mod sync;
#[cfg(all(test, not(shuttle)))]
mod testing;
pub mod threading;
mod wait;
