//! Crates that are asked for.

use std::collections::BTreeMap;

/// Crates as they stand in Cargo.toml: names and values.
pub type Specs = BTreeMap<String, String>;
