//! What cargo has built, as it says itself: where it puts that differs from version to version.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::metadata_symbol;

/// A file that cargo has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// cargo's number for its package.
    pub package: String,
    /// The name of its crate, or of the program.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub kind: Kind,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A library, its metadata, or macros.
    Library,
    /// A library that build scripts and macros are made of.
    OfHost,
    /// A program.
    Program,
}

/// What a build script has asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    /// cargo's number for its package.
    pub package: String,
    /// Folders of libraries, with their kind: `native=/lib`.
    pub paths: Vec<String>,
    /// The libraries' names, with their kind: `static=z`.
    pub libraries: Vec<String>,
}

/// All that a build has made.
#[derive(Debug, Clone, Default)]
pub struct Built {
    /// The files, those of a package after those of the packages that it uses.
    pub artifacts: Vec<Artifact>,
    /// The answers of build scripts.
    pub scripts: Vec<Script>,
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    package_id: String,
    target: Option<Target>,
    profile: Option<Profile>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    #[serde(default)]
    linked_paths: Vec<String>,
    #[serde(default)]
    linked_libs: Vec<String>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Profile {
    opt_level: String,
}

impl Built {
    /// Reads cargo's messages.
    pub(super) fn read(out: impl Read) -> Self {
        let mut built = Self::default();
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            let Ok(message) = serde_json::from_str::<Message>(&line) else {
                continue;
            };
            match &*message.reason {
                "compiler-artifact" => built.artifacts.extend(artifacts(message)),
                "build-script-executed" => built.scripts.push(Script {
                    package: message.package_id,
                    paths: message.linked_paths,
                    libraries: message.linked_libs,
                }),
                _ => {}
            }
        }
        built
    }

    /// Brings all that is of use for cells together in a folder, which is made anew; gives the libraries by their names.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn gather(&self, folder: &Path) -> std::io::Result<Vec<(String, PathBuf)>> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir(folder)?;
        let mut libraries = Vec::new();
        for artifact in self
            .artifacts
            .iter()
            .filter(|made| made.kind != Kind::OfHost)
        {
            let Some(place) = link(&artifact.path, folder)? else {
                continue;
            };
            if artifact.kind != Kind::Program {
                libraries.push((artifact.name.clone(), place));
            }
        }
        Ok(libraries)
    }
}

/// Puts a file also into a folder.
///
/// # Errors
/// When that cannot be written.
pub fn link(file: &Path, folder: &Path) -> std::io::Result<Option<PathBuf>> {
    let Some(name) = file.file_name() else {
        return Ok(None);
    };
    let place = folder.join(name);
    // Not every file system has links.
    fs::hard_link(file, &place).or_else(|_| fs::copy(file, &place).map(drop))?;
    if place.extension().is_some_and(|extension| extension == "so") {
        metadata_symbol::shrink(&place)?;
    }
    Ok(Some(place))
}

/// The libraries, with their metadata, and the programs.
fn artifacts(message: Message) -> Vec<Artifact> {
    // cargo may keep the metadata out of the libraries.
    const LIBRARIES: [&str; 3] = ["rlib", "rmeta", "so"];
    let Some(target) = message.target else {
        return Vec::new();
    };
    let has_kind = |wanted: &str| target.kind.iter().any(|kind| kind == wanted);
    let is_macros = has_kind("proc-macro");
    let is_library = is_macros || target.kind.iter().any(|kind| kind.contains("lib"));
    // What is compiled for build scripts and macros is not optimised.
    let is_plain = message
        .profile
        .is_some_and(|profile| profile.opt_level == "0");
    let kind = match (is_library, has_kind("bin")) {
        (true, _) if is_plain && !is_macros => Kind::OfHost,
        (true, _) => Kind::Library,
        (false, true) => Kind::Program,
        (false, false) => return Vec::new(),
    };
    let is_wanted = |path: &PathBuf| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        kind == Kind::Program || extension.is_some_and(|e| LIBRARIES.contains(&e))
    };
    let files = message.filenames.into_iter().filter(is_wanted);
    files
        .map(|path| Artifact {
            package: message.package_id.clone(),
            name: target.name.replace('-', "_"),
            path,
            kind,
        })
        .collect()
}

#[cfg(test)]
mod tests;
