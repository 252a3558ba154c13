//! What cells mean: items, variables, crates, and the kernel's own commands.

mod borrows;
mod cache;
mod commands;
mod crates;
mod evcxr;
mod inference;
mod items;
mod kept_types;
mod linking;
mod meaning;
mod odd_cells;
mod rewritten;
mod variables;
