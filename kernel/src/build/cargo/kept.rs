//! Builds that are kept in the cache.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The file in which a finished build lists the libraries that are wanted: a name and a path on each line.
pub const LIST: &str = "libraries";

/// The folder in which a finished build has all libraries and programs. Where cargo puts them differs from version to
/// version.
pub const ARTIFACTS: &str = "artifacts";

/// Lists the libraries that are wanted of a build: it is finished.
///
/// # Errors
/// When the list cannot be written.
pub fn write_list(
    folder: &Path,
    libraries: impl IntoIterator<Item = (String, PathBuf)>,
) -> std::io::Result<()> {
    let mut list = String::new();
    for (name, path) in libraries {
        let path = path.strip_prefix(folder).unwrap_or(&path);
        let _ = writeln!(list, "{name} {}", path.display());
    }
    fs::write(folder.join(LIST), list)
}

/// The libraries that a finished build in this folder has listed. The list's time says when the
/// build was last used.
#[must_use]
pub fn read_list(folder: &Path) -> Option<Vec<(String, PathBuf)>> {
    let list = fs::read_to_string(folder.join(LIST)).ok()?;
    let file = fs::File::options().write(true).open(folder.join(LIST));
    let _ = file.and_then(|file| file.set_modified(SystemTime::now())); // a cache may be read-only
    let entries = list.lines().filter_map(|line| line.split_once(' '));
    Some(
        entries
            .map(|(name, path)| (name.to_owned(), folder.join(path)))
            .collect(),
    )
}

/// A build that nobody has used for this long is removed.
const UNUSED: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// Removes the builds in the cache that have not been used for long, and those that were begun long
/// ago and never finished.
pub fn prune(cache: &Path) {
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        let is_unfinished = entry.path().extension().is_some_and(|e| e == "building");
        let dated = if is_unfinished {
            entry.path()
        } else {
            entry.path().join(LIST)
        };
        let used = fs::metadata(dated).and_then(|dated| dated.modified());
        if used.is_ok_and(|used| used.elapsed().is_ok_and(|age| age > UNUSED)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests;
