//! Crates by `:dep`.

mod added;
mod common;
mod folder;
mod graph;
mod registries;
mod trouble;
