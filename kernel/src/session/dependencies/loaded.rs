//! The crates that a session has.

use crate::build::deps::add::Settings;
use crate::build::deps::graph::Graph;

/// The crates that `:dep` has added.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dependencies {
    /// What has been added, in steps.
    pub(crate) graph: Graph,
    /// How crates are built.
    pub(crate) build: Settings,
    /// Whether the crates have to be built anew, since `:patch` has changed what they are.
    pub(crate) is_stale: bool,
}
