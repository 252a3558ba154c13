//! What a cell's crate consists of.

pub mod crate_plan;

pub use crate_plan::Plan;
