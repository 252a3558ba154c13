//! The crates that a session has.

use std::collections::BTreeMap;

use crate::build::deps::graph::Graph;
use crate::build::deps::requested::Settings;
use crate::build::deps::requested::Specs;

/// The crates that `:dep` has added.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dependencies {
    /// What has been added, in steps.
    pub(crate) graph: Graph,
    /// How crates are built.
    pub(crate) build: Settings,
    /// The patches before `:patch` has changed them: the crates have to be built anew.
    pub(crate) patches_before: Option<BTreeMap<String, Specs>>,
}
