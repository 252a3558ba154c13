//! What a build brings to a session: which crates, under which names, in which files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::executor;
use super::gathered::Gathered;
use super::natives;
use super::package;
use crate::build::cargo::ARTIFACTS;
use crate::build::cargo::artifacts::{Built, Kind};
use crate::build::cargo::metadata::{Dependency, Metadata};
use crate::build::deps::error::DepError;
use crate::build::deps::requested::specs::{self, Specs};
use crate::build::deps::step::{self, Step};
use crate::build::runtime;

/// The crates that lines bring, by the lines' names.
pub(super) type Named = BTreeMap<String, Dependency>;

/// What a build brings.
pub(super) struct Brought<'a> {
    /// The lines.
    pub(super) lines: &'a Specs,
    /// The crates of all lines of the session.
    pub(super) named: &'a Named,
    /// All packages.
    pub(super) metadata: &'a Metadata,
    /// What cargo has built.
    pub(super) built: &'a Built,
    /// Where that is.
    pub(super) gathered: &'a Gathered,
}

impl Brought<'_> {
    /// The files of a package's library.
    fn files(&self, package: &str) -> Vec<PathBuf> {
        let made = self.built.artifacts.iter();
        let made = made.filter(|made| made.package == package && made.kind == Kind::Library);
        made.filter_map(|made| self.gathered.places.get(&made.path).cloned())
            .collect()
    }

    /// The version and the files of a new tokio that cells can run in: the one that the notebook names, if it does.
    pub(super) fn tokio(&self) -> Option<(&str, Vec<PathBuf>)> {
        let is_named = |id: &str| self.named.values().any(|own| own.pkg == id);
        let all = self.metadata.packages.iter();
        let mut found: Vec<_> = all
            .filter(|package| {
                package.name == executor::TOKIO && executor::will_do(&package.version)
            })
            .filter(|package| self.gathered.new.contains(&package.id))
            .collect();
        found.sort_by_key(|package| is_named(&package.id));
        let package = found.pop()?;
        Some((&package.version, self.files(&package.id)))
    }

    /// The step, without what is made of it.
    pub(super) fn step(&self, bundle: &str, folder: &Path) -> Step {
        let crates = self.named.values();
        let crates = crates.chain(base(self.metadata).filter(|own| {
            let name = &own.name;
            runtime::CRATES.contains(&&**name)
                && !self.named.values().any(|named| named.name == *name)
        }));
        let mut externs = Vec::new();
        let mut held = Vec::new();
        for own in crates {
            let files = self.files(&own.pkg);
            if self.gathered.new.contains(&own.pkg) {
                held.push(own.name.clone());
            }
            externs.extend(files.into_iter().map(|file| (own.name.clone(), file)));
        }
        let features = self.metadata.features();
        let lines = self.named.values().map(|own| &*own.pkg);
        let used = self.metadata.all_used_by(lines);
        let of_runtime = base(self.metadata).map(|own| &*own.pkg);
        let of_runtime = self.metadata.all_used_by(of_runtime);
        let packages = self.metadata.packages.iter().filter_map(|package| {
            let file = self.files(&package.id).into_iter().next()?;
            let features = features.get(&*package.id).copied().unwrap_or_default();
            Some(step::Package {
                name: package.name.clone(),
                version: package.version.clone(),
                features: features.to_vec(),
                is_used: used.contains(&*package.id),
                is_of_runtime: of_runtime.contains(&*package.id),
                is_local: package.source.is_none(),
                file,
            })
        });
        Step {
            lines: self.lines.clone(),
            bundle: bundle.to_owned(),
            library: None,
            externs,
            held,
            wide: Specs::new(),
            local: Vec::new(),
            search: folder.join(ARTIFACTS),
            natives: natives::folders(&self.built.scripts),
            has_executor: false,
            packages: packages.collect(),
        }
    }
}

/// What the runtime uses, as it is here.
pub(super) fn base(metadata: &Metadata) -> impl Iterator<Item = &Dependency> {
    let root = metadata.of_root().iter();
    let is_base = |own: &&Dependency| {
        let package = metadata.package(&own.pkg);
        package.is_some_and(|package| package.name == package::BASE)
    };
    let base = root.filter(is_base).map(|base| metadata.of(&base.pkg));
    base.flatten()
}

/// Finds the crates that lines bring.
pub(super) fn named(lines: &Specs, metadata: &Metadata) -> Result<Named, DepError> {
    let mut named = Named::new();
    for (line, value) in lines {
        let package = specs::package(line, value);
        let is_renamed = package != *line;
        let found = metadata.of_root().iter().find(|own| {
            if is_renamed {
                return own.name == line.replace('-', "_");
            }
            let of = metadata.package(&own.pkg);
            of.is_some_and(|of| of.name == *package && of.library().as_ref() == Some(&own.name))
        });
        let Some(found) = found else {
            return Err(DepError::Program(package.into_owned()));
        };
        named.insert(line.clone(), found.clone());
    }
    Ok(named)
}
