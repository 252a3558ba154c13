//! The crates that a session has.

use crate::build::deps::{self, Settings, Specs};
use crate::build::toolchain::Toolchain;

/// The crates that `:dep` has added.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dependencies {
    /// As they would stand in Cargo.toml.
    pub(crate) specs: Specs,
    /// How crates are built.
    pub(crate) build: Settings,
    /// What the host has loaded: the crates of one cell, and the package that was built for them.
    loaded: Vec<(Specs, String)>,
}

impl Dependencies {
    /// Whether the host has loaded this package.
    pub(crate) fn is_loaded(&self, package: &str) -> bool {
        self.loaded.iter().any(|(_, loaded)| loaded == package)
    }

    /// Notes crates that the host has loaded, in the place of an older build of them.
    pub(crate) fn insert(&mut self, specs: Specs, package: String) {
        self.specs.extend(specs.clone());
        self.loaded.retain(|(other, _)| *other != specs);
        self.loaded.push((specs, package));
    }

    /// Of the crates that a cell asks for, those that have to be built or found: the others are there.
    pub(crate) fn missing(&self, mut requested: Specs, toolchain: &Toolchain) -> Specs {
        requested.retain(|name, value| {
            let one = Specs::from([(name.clone(), value.clone())]);
            let is_there = self.specs.get(name) == Some(value) && !deps::has_local(&one);
            !is_there && !deps::is_built_in(name, value)
        });
        if requested.is_empty() || self.is_loaded(&deps::package(toolchain, &requested)) {
            return Specs::new();
        }
        requested
    }

    /// The crates that have changed on the disk since they were loaded.
    pub(crate) fn changed(&self, toolchain: &Toolchain) -> Vec<Specs> {
        let changed = self.loaded.iter().filter(|(specs, package)| {
            deps::has_local(specs) && deps::package(toolchain, specs) != *package
        });
        changed.map(|(specs, _)| specs.clone()).collect()
    }

    /// Whether these are the same builds.
    pub(crate) fn are(&self, others: &Self) -> bool {
        self.loaded == others.loaded
    }
}
