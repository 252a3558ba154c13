//! The files that cargo has built for a step: those that are new, and those that the session has already.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::package;
use crate::build::cargo::artifacts::{self, Artifact, Built, Kind};
use crate::build::deps::error::DepError;

/// The files of a build, by where cargo has put them.
#[derive(Default)]
pub(super) struct Gathered {
    /// Where they will be.
    pub(super) places: HashMap<PathBuf, PathBuf>,
    /// Where those that are new are as yet.
    now: HashMap<PathBuf, PathBuf>,
    /// cargo's numbers of the packages that are new.
    pub(super) new: BTreeSet<String>,
}

impl Gathered {
    /// Brings those files together in a folder that are not `known` by their names; `place` is where that will be.
    ///
    /// # Errors
    /// When one that is known is another one now, or a file cannot be written.
    pub(super) fn of(
        built: &Built,
        known: &HashMap<String, PathBuf>,
        folder: &Path,
        place: &Path,
    ) -> Result<Self, DepError> {
        fs::create_dir(folder)?;
        let mut gathered = Self::default();
        let is_wanted = |made: &&Artifact| {
            let ours = [package::NAME, package::BASE, package::WIDE];
            let is_ours = ours.iter().any(|own| own.replace('-', "_") == made.name);
            made.kind == Kind::Library && !is_ours
        };
        for artifact in built.artifacts.iter().filter(is_wanted) {
            let path = &artifact.path;
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            if let Some(there) = known.get(name) {
                if !is_same(there, path)? {
                    return Err(DepError::Rebuilt(artifact.name.clone()));
                }
                gathered.places.insert(path.clone(), there.clone());
            } else if let Some(now) = artifacts::link(path, folder)? {
                let place = place.join(name);
                gathered.now.insert(place.clone(), now);
                gathered.places.insert(path.clone(), place);
                gathered.new.insert(artifact.package.clone());
            }
        }
        Ok(gathered)
    }

    /// Whether there is code that is new, not only macros.
    pub(super) fn has_code(&self) -> bool {
        let is_code = |file: &PathBuf| file.extension().is_some_and(|e| e == "rlib");
        self.now.keys().any(is_code)
    }

    /// Where a file is while the step is built.
    pub(super) fn now(&self, file: &PathBuf) -> PathBuf {
        self.now.get(file).unwrap_or(file).clone()
    }
}

/// The files in a folder, by their names.
pub(super) fn files_in(folder: &Path) -> HashMap<String, PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .collect()
}

/// Whether two files are the same, by their inode or by what is in them.
fn is_same(a: &Path, b: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (about, other) = (a.metadata()?, b.metadata()?);
    if (about.dev(), about.ino()) == (other.dev(), other.ino()) {
        return Ok(true);
    }
    Ok(about.len() == other.len() && fs::read(a)? == fs::read(b)?)
}
