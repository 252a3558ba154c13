//! What completion and documentation know of a session.

use std::collections::BTreeMap;

use crate::build::deps::requested::Specs;
use crate::compiler::resolve::session_scope::Scope;

/// A session as it was after a cell.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// What is defined.
    pub scope: Scope,
    /// The crates that `:dep` has added.
    pub crates: Specs,
    /// The variables' values as text, as they were when they were last looked at.
    pub values: BTreeMap<String, String>,
}
