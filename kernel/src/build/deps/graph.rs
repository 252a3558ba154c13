//! The crates of a session: one graph, to which the lines of each cell add a step.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::requested::Settings;
use super::requested::local;
use super::requested::specs::{self, Specs};
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

    /// The lines of local crates that have changed on the disk since they were built, if any have; `is_wanted` is asked with
    /// a crate's name in Rust. What takes the place of another crate has no line.
    pub fn changed(&self, settings: &Settings, is_wanted: impl Fn(&str) -> bool) -> Option<Specs> {
        let last = self.steps.last()?;
        let is_wanted = |local: &&Local| match &local.name {
            Some(name) => is_wanted(name),
            // Any crate may use it.
            None => last.externs.iter().any(|(name, _)| is_wanted(name)),
        };
        // Before any file is looked at: most cells want none of them.
        let wanted: Vec<&Local> = last.local.iter().filter(is_wanted).collect();
        if wanted.is_empty() {
            return None;
        }
        let specs = settings.with_patches(self.lines.clone());
        let mut changed = changed(wanted, &specs).peekable();
        changed.peek()?;
        let lines = changed.filter_map(|local| {
            let value = self.lines.get(&local.line)?;
            Some((local.line.clone(), value.clone()))
        });
        Some(lines.collect())
    }

    /// Whether somebody has removed something from the cache.
    #[must_use]
    pub fn has_lost_files(&self) -> bool {
        self.steps.iter().any(|step| !step.is_whole())
    }

    /// The first steps.
    pub(super) fn first(&self, count: usize) -> Self {
        let mut first = Self::default();
        let steps = self.steps.iter().take(count);
        steps.for_each(|step| first.push(step.clone()));
        first
    }

    fn has_changed(&self, name: &str) -> bool {
        let line = self.lines.get_key_value(name);
        let one = line.map(|(name, value)| (name.clone(), value.clone()));
        let one = one.into_iter().collect();
        changed(self.local(name), &one).next().is_some()
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
        settings.lock.iter().for_each(|lock| add(lock));
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
    /// the runtime, whose files' names are given.
    pub(super) fn copies<'a>(&self, step: &'a Step, runtime: &BTreeSet<String>) -> Vec<&'a str> {
        let mut builds: BTreeMap<(&str, &str), &Package> = BTreeMap::new();
        for package in self.steps.iter().flat_map(|step| &step.packages) {
            builds.insert((&package.name, package.series()), package);
        }
        let is_copy = |package: &&Package| {
            let build = package.build();
            match builds.get(&(&*package.name, package.series())) {
                // A local one that has only changed is told of by what ends with it.
                Some(before) if package.is_local && before.features == package.features => false,
                Some(before) => before.build() != build,
                None => is_copy_of_the_runtimes(package, runtime),
            }
        };
        let copies = step.packages.iter().filter(is_copy);
        copies.map(|package| &*package.name).collect()
    }
}

/// Of local crates as they were built, those that are not so now; `specs` has their lines.
fn changed<'a>(
    built: impl IntoIterator<Item = &'a Local>,
    specs: &Specs,
) -> impl Iterator<Item = &'a Local> {
    let now = local::states(specs);
    built.into_iter().filter(move |local| {
        let now = now.get(&local.line);
        now.is_some_and(|now| now.fingerprint != local.fingerprint)
    })
}

/// Whether a package is another build of what the runtime has, whose files' names are given.
fn is_copy_of_the_runtimes(package: &Package, files: &BTreeSet<String>) -> bool {
    let crate_of = |file: &str| file.rsplit_once('-').map(|(name, _)| name.to_owned());
    let own = crate_of(package.build());
    // What only derives are built with is not among them.
    package.is_of_runtime
        && !files.contains(package.build())
        && files.iter().any(|file| crate_of(file) == own)
}

/// Whether the runtime brings a crate that will do.
fn is_built_in(name: &str, value: &str) -> bool {
    let Some(version) = runtime::crate_version(name) else {
        return false;
    };
    let requirement = value.trim_matches('"');
    semver::VersionReq::parse(requirement).is_ok_and(|requirement| requirement.matches(&version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_build_of_what_the_runtime_has_is_a_copy() {
        let package = |is_of_runtime: bool, file: &str| Package {
            name: "tea-pot".to_owned(),
            version: "1.2.0".to_owned(),
            features: Vec::new(),
            is_used: true,
            is_of_runtime,
            is_local: false,
            file: file.into(),
        };
        let files = BTreeSet::from(["libtea_pot-old.rlib".to_owned()]);
        let is_copy = |package: &Package| is_copy_of_the_runtimes(package, &files);
        assert!(is_copy(&package(true, "/a/libtea_pot-new.rlib")));
        assert!(!is_copy(&package(true, "/a/libtea_pot-old.rlib")));
        assert!(!is_copy(&package(true, "/a/libpot-new.rlib")));
        assert!(!is_copy(&package(false, "/a/libtea_pot-new.rlib")));
    }
}
