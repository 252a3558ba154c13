//! Building crates with the user's cargo, for the cache.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use serde::Deserialize;

use crate::toolchain::Toolchain;

/// Why a build failed.
#[derive(Debug, thiserror::Error)]
pub enum CargoError {
    /// cargo is not there.
    #[error("cargo could not be started: {0}; it comes with Rust")]
    NotStarted(std::io::Error),
    /// It failed; this is what it said.
    #[error("{0}")]
    Failed(String),
    /// Its output could not be read, or the list of libraries not written.
    #[error("cargo's build could not be followed: {0}")]
    Io(#[from] std::io::Error),
}

/// The file in which a finished build lists its libraries: a name and a path on each line.
pub const LIST: &str = "libraries";

/// Builds a package in release mode, in the folder of its workspace, and lists the libraries that
/// are `wanted` by their crate's name.
///
/// # Errors
/// When cargo fails.
pub fn build(
    toolchain: &Toolchain,
    folder: &Path,
    package: &str,
    flags: &[String],
    wanted: &(dyn Fn(&str) -> bool + Sync),
    progress: &mut dyn FnMut(&str),
) -> Result<(), CargoError> {
    let mut cargo = Command::new(toolchain.cargo())
        .args([
            "build",
            "--release",
            "--message-format=json",
            "--package",
            package,
        ])
        .current_dir(folder)
        .env("RUSTC", &toolchain.rustc)
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_TERM_COLOR", "never")
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_BUILD_TARGET")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(CargoError::NotStarted)?;
    let (out, err) = (cargo.stdout.take(), cargo.stderr.take());
    let (said, found) = std::thread::scope(|scope| {
        let found = scope.spawn(|| out.map(|out| libraries(out, wanted)).unwrap_or_default());
        let mut said = String::new();
        for line in err
            .into_iter()
            .flat_map(|err| BufReader::new(err).lines())
            .map_while(Result::ok)
        {
            progress(line.trim());
            said.push_str(&line);
            said.push('\n');
        }
        (said, found.join().unwrap_or_default())
    });
    if !cargo.wait()?.success() {
        return Err(CargoError::Failed(said));
    }
    let list: String = found
        .iter()
        .filter_map(|(name, path)| {
            Some(format!(
                "{name} {}\n",
                path.strip_prefix(folder).ok()?.display()
            ))
        })
        .collect();
    fs::write(folder.join(LIST), list)?;
    Ok(())
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

/// Removes the builds in the cache that have not been used for long.
pub fn prune(cache: &Path) {
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        let list = entry.path().join(LIST);
        let used = fs::metadata(list).and_then(|list| list.modified());
        if used.is_ok_and(|used| used.elapsed().is_ok_and(|age| age > UNUSED)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// The wanted libraries, from cargo's messages.
fn libraries(out: impl Read, wanted: &dyn Fn(&str) -> bool) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for line in BufReader::new(out).lines().map_while(Result::ok) {
        let Ok(message) = serde_json::from_str::<Message>(&line) else {
            continue;
        };
        let is_artifact = message.reason == "compiler-artifact";
        let Some(target) = message.target.filter(|_| is_artifact) else {
            continue;
        };
        let name = target.name.replace('-', "_");
        let is_library = target
            .kind
            .iter()
            .any(|kind| kind.contains("lib") || kind == "proc-macro");
        if is_library && wanted(&name) {
            let is_library =
                |path: &PathBuf| path.extension().is_some_and(|e| e == "rlib" || e == "so");
            let files = message.filenames.into_iter().filter(is_library);
            found.extend(files.map(|path| (name.clone(), path)));
        }
    }
    found
}

#[cfg(test)]
mod tests;
