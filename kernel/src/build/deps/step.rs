//! The crates that the lines of one cell bring, built.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};

use super::requested::specs::{self, Specs};
use crate::build::cargo;

/// What the lines of one cell bring to what the session has: the next step of its graph.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Step {
    /// The lines.
    pub lines: Specs,
    /// What is asked for with more features than others do as yet.
    #[serde(default)]
    pub wide: Specs,
    /// The name of the library that holds what is new, as a crate.
    pub bundle: String,
    /// That library, if anything is new.
    pub library: Option<PathBuf>,
    /// What cells can name from now on: crates, and their files.
    pub externs: Vec<(String, PathBuf)>,
    /// Of those, the crates that are in the library.
    pub held: Vec<String>,
    /// The crates on this machine's disk, as they were.
    pub local: Vec<Local>,
    /// The folder in which rustc finds the crates that those use.
    pub search: PathBuf,
    /// Folders of libraries in other languages, with their kind.
    pub natives: Vec<String>,
    /// Whether the library has the async runtime that cells run in.
    pub has_executor: bool,
    /// All packages that the session's lines use by now.
    pub packages: Vec<Package>,
}

/// A crate on this machine's disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Local {
    /// Its name in its line.
    pub line: String,
    /// Its name in Rust; none, if it takes the place of another one.
    pub name: Option<String>,
    /// The state of its files.
    pub fingerprint: String,
    /// The link by which cargo has come to it.
    pub link: String,
}

/// A package as it is built in a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its features.
    pub features: Vec<String>,
    /// Whether the session's lines use it, and not only the runtime.
    pub is_used: bool,
    /// Whether the runtime uses it, in this version or one like it.
    #[serde(default)]
    pub is_of_runtime: bool,
    /// Whether it lies on this machine's disk.
    pub is_local: bool,
    /// Its library's file, whose name stands for version, features, and all that it was built with.
    pub file: PathBuf,
}

const FILE: &str = "step.json";

impl Step {
    /// Reads a step that is built in a folder.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        cargo::read_list(folder)?;
        let step: Self = serde_json::from_slice(&fs::read(folder.join(FILE)).ok()?).ok()?;
        step.is_whole().then_some(step)
    }

    /// Whether all its files are there.
    pub(super) fn is_whole(&self) -> bool {
        let mut files = self.externs.iter().map(|(_, file)| file);
        self.search.exists()
            && self.library.iter().all(|library| library.exists())
            && files.all(|file| file.exists())
    }

    /// Writes a step that is built in a folder.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        fs::write(folder.join(FILE), serde_json::to_vec(self)?)?;
        cargo::write_list(folder, [])
    }

    /// The lock file of the session's crates.
    pub(super) fn lock(&self) -> PathBuf {
        self.search.with_file_name("Cargo.lock")
    }

    /// The package that a line has brought.
    #[must_use]
    pub fn package_of(&self, line: &str, value: &str) -> Option<&Package> {
        let name = specs::package(line, value);
        let wanted = specs::version(value).and_then(|version| VersionReq::parse(&version).ok());
        let will_do = |package: &&Package| {
            let version = Version::parse(&package.version);
            let wanted = wanted.as_ref();
            wanted.is_none_or(|wanted| version.is_ok_and(|version| wanted.matches(&version)))
        };
        let mut packages = self.packages.iter().filter(|package| package.name == name);
        packages.find(will_do)
    }

    /// The file of a crate, by its name in Rust.
    pub fn library_of(&self, name: &str) -> Option<&Path> {
        let mut externs = self.externs.iter();
        let (_, file) = externs.find(|(own, _)| own == name)?;
        Some(file)
    }
}

impl Package {
    /// The name of its library's file.
    pub(super) fn build(&self) -> &str {
        let name = self.file.file_name().and_then(|name| name.to_str());
        name.unwrap_or_default()
    }

    /// What of its version says whether another one can take its place.
    pub(super) fn series(&self) -> &str {
        series(&self.version)
    }
}

/// What of a version says whether another one can take its place.
pub(super) fn series(version: &str) -> &str {
    let mut dots = version.match_indices('.').map(|(at, _)| at);
    let first = dots.next().unwrap_or(version.len());
    let second = dots.next().unwrap_or(version.len());
    match &version[..first] {
        "0" => &version[..second],
        major => major,
    }
}
