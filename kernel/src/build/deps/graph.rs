//! The crates of a session: one graph, to which the lines of each cell add a step.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::add::Settings;
use super::local;
use super::specs::{self, Specs};
use super::step::{Local, Package, Step};
use crate::build::runtime;
use crate::build::toolchain::Toolchain;

/// The crates of a session.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// All lines, as they would stand in Cargo.toml.
    pub lines: Specs,
    /// The steps, in their order.
    pub steps: Vec<Arc<Step>>,
}

impl Graph {
    /// Of the lines of a cell, those that ask for something that is not there.
    #[must_use]
    pub fn missing(&self, mut requested: Specs) -> Specs {
        requested.retain(|name, value| match self.lines.get(name) {
            Some(own) => own != value || self.has_changed(name),
            None => !is_built_in(name, value),
        });
        requested
    }

    /// The lines of local crates that have changed on the disk since they were built; `is_wanted` is asked with the
    /// crate's name in Rust.
    pub fn changed(&self, is_wanted: impl Fn(&str) -> bool) -> Specs {
        let lines = self.lines.iter().filter(|(name, _)| {
            self.local(name)
                .is_some_and(|local| is_wanted(&local.name) && self.has_changed(name))
        });
        lines
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    fn has_changed(&self, name: &str) -> bool {
        let Some((local, value)) = self.local(name).zip(self.lines.get(name)) else {
            return false;
        };
        let one = Specs::from([(name.to_owned(), value.clone())]);
        let now = local::states(&one);
        now.get(name)
            .is_some_and(|state| state.fingerprint != local.fingerprint)
    }

    /// A local crate as it was built last.
    fn local(&self, line: &str) -> Option<&Local> {
        let local = &self.steps.last()?.local;
        local.iter().find(|local| local.line == line)
    }

    /// All lines, with those of one more cell.
    pub(super) fn lines_with(&self, more: &Specs) -> Specs {
        let mut lines = self.lines.clone();
        specs::add(&mut lines, more);
        lines
    }

    /// The name of the step that lines would be.
    pub(super) fn key(
        &self,
        toolchain: &Toolchain,
        runtime: &Path,
        more: &Specs,
        settings: &Settings,
    ) -> String {
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update(text);
            hash.update("\n");
        };
        add(&toolchain.version);
        add(&runtime.to_string_lossy());
        self.steps.iter().for_each(|step| add(&step.bundle));
        let lines = |specs: &Specs| -> String {
            let lines = specs.iter();
            lines
                .map(|(name, value)| format!("{name} = {value}\n"))
                .collect()
        };
        add(&lines(more));
        add(&lines(&settings.environment));
        for (source, patches) in &settings.patches {
            add(source);
            add(&lines(patches));
        }
        add(&settings.config.text);
        for state in local::states(&settings.with_patches(self.lines_with(more))).values() {
            add(&state.fingerprint);
        }
        hex::encode(&hash.finalize()[..8])
    }

    /// The folders with the files of all steps.
    pub(super) fn folders(&self) -> impl Iterator<Item = &Path> {
        self.steps.iter().map(|step| &*step.search)
    }

    /// Notes a step that has been loaded.
    pub fn push(&mut self, step: Arc<Step>) {
        specs::add(&mut self.lines, &step.lines);
        self.steps.push(step);
    }

    /// Whether the same steps have been made.
    #[must_use]
    pub fn has_the_steps_of(&self, other: &Self) -> bool {
        let own = self.steps.iter().map(|step| &step.bundle);
        own.eq(other.steps.iter().map(|step| &step.bundle))
    }

    /// The packages of a step of which there is another build already, of a version that would have done: here, or in
    /// the runtime, whose files are these.
    pub(super) fn copies<'a>(&self, step: &'a Step, runtime: &BTreeSet<String>) -> Vec<&'a str> {
        let mut builds: BTreeMap<(&str, &str), &str> = BTreeMap::new();
        for package in self.steps.iter().flat_map(|step| &step.packages) {
            builds.insert((&package.name, package.series()), package.build());
        }
        let is_copy = |package: &&Package| {
            let build = package.build();
            match builds.get(&(&*package.name, package.series())) {
                Some(before) => *before != build,
                None => !runtime.contains(build) && is_runtimes(package, runtime),
            }
        };
        let copies = step.packages.iter().filter(is_copy);
        copies.map(|package| &*package.name).collect()
    }
}

/// Whether the runtime uses a package of this version, or of one like it.
fn is_runtimes(package: &Package, runtime: &BTreeSet<String>) -> bool {
    let name = |file: &str| file.rsplit_once('-').map(|(name, _)| name.to_owned());
    let own = name(package.build());
    let series = package.series();
    let is_like = |version: &str| {
        version == series
            || version
                .strip_prefix(series)
                .is_some_and(|rest| rest.starts_with('.'))
    };
    own.is_some()
        && runtime.iter().any(|file| name(file) == own)
        && runtime::versions(&package.name).any(is_like)
}

/// Whether the runtime brings a crate that will do.
fn is_built_in(name: &str, value: &str) -> bool {
    let Some(version) = runtime::crate_version(name) else {
        return false;
    };
    let requirement = value.trim_matches('"');
    semver::VersionReq::parse(requirement).is_ok_and(|requirement| requirement.matches(&version))
}
