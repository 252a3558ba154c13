//! What cells mean: items, variables, crates, and the kernel's own commands.

mod borrows;
mod commands;
mod common_crates;
mod crate_graph;
mod crates;
mod crates_in_trouble;
mod evcxr;
mod inference;
mod items;
mod kept_types;
mod meaning;
mod odd_cells;
mod registries;
mod rewritten;
mod variables;
