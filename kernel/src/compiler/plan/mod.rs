//! What a cell's crate consists of: its own items, the earlier items that must be compiled again
//! with them, and what it imports.

mod build;
pub mod crate_plan;
mod imports;
mod recompile;
mod respell;
mod statics;

pub use crate_plan::{Amendments, Plan};
