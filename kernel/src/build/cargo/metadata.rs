//! What cargo says of a package and of all that it uses.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;

/// A package and all that it uses, on this machine.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    /// All packages.
    pub packages: Vec<Package>,
    resolve: Resolve,
}

/// A package.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// cargo's number for it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it comes from; nowhere, if it lies on this machine's disk.
    pub source: Option<String>,
    /// The features that it has.
    #[serde(default)]
    pub features: BTreeMap<String, IgnoredAny>,
    targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
    root: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
    #[serde(default)]
    features: Vec<String>,
}

/// What a package uses.
#[derive(Debug, Clone, Deserialize)]
pub struct Dependency {
    /// The crate's name in Rust.
    pub name: String,
    /// cargo's number for its package.
    pub pkg: String,
}

impl Package {
    /// Whether it comes from crates.io.
    #[must_use]
    pub fn is_of_crates_io(&self) -> bool {
        let source = self.source.as_deref();
        source.is_some_and(|source| source.contains("crates.io"))
    }

    /// The name of its library in Rust.
    #[must_use]
    pub fn library(&self) -> Option<String> {
        let is_library = |kind: &String| kind.contains("lib") || kind == "proc-macro";
        let library = self
            .targets
            .iter()
            .find(|target| target.kind.iter().any(is_library))?;
        Some(library.name.replace('-', "_"))
    }
}

impl Metadata {
    /// The package of this number.
    #[must_use]
    pub fn package(&self, id: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.id == id)
    }

    /// What the package uses that cargo was asked about.
    #[must_use]
    pub fn of_root(&self) -> &[Dependency] {
        self.resolve.root.as_deref().map_or(&[], |id| self.of(id))
    }

    /// What a package uses.
    #[must_use]
    pub fn of(&self, id: &str) -> &[Dependency] {
        let node = self.resolve.nodes.iter().find(|node| node.id == id);
        node.map_or(&[], |node| &node.deps)
    }

    /// Packages, and all that they use: cargo's numbers.
    #[must_use]
    pub fn all_used_by<'a>(&'a self, packages: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
        let mut todo: Vec<&str> = packages.collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = todo.pop() {
            if seen.insert(id) {
                todo.extend(self.of(id).iter().map(|own| &*own.pkg));
            }
        }
        seen
    }

    /// The features that packages are built with, by cargo's numbers.
    #[must_use]
    pub fn features(&self) -> BTreeMap<&str, &[String]> {
        let nodes = self.resolve.nodes.iter();
        nodes.map(|node| (&*node.id, &*node.features)).collect()
    }
}
