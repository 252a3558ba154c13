//! Building crates with the user's cargo, for the cache.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo, which ends with the kernel"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, SystemTime};

use rustix::process::Pid;
use serde::Deserialize;

use crate::build::toolchain::Toolchain;
use crate::system::lease;

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

/// The file in which a finished build lists the libraries that are wanted: a name and a path on each line.
pub const LIST: &str = "libraries";

/// The folder in which a finished build has all libraries and programs. Where cargo puts them differs from version to
/// version.
pub const ARTIFACTS: &str = "artifacts";

/// What happens while cargo builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// cargo said this.
    Said(&'a str),
    /// A moment has passed in which it said nothing.
    Tick,
}

/// Knows of the process that builds while it runs, so that it can be ended.
pub trait Watch: Sync {
    /// It has started; it leads a process group of its own.
    fn started(&self, process: Pid);
    /// It has ended.
    fn ended(&self);
}

/// A package to be built in release mode.
pub struct Build<'a> {
    /// The cargo and the rustc that build it.
    pub toolchain: &'a Toolchain,
    /// The folder of its workspace.
    pub folder: &'a Path,
    /// Its name.
    pub package: &'a str,
    /// Arguments for rustc.
    pub flags: &'a [String],
    /// Whether to do without the network.
    pub offline: bool,
    /// What to set in the environment.
    pub environment: &'a BTreeMap<String, String>,
    /// Whether a library is to be listed, by its crate's name.
    pub wanted: &'a (dyn Fn(&str) -> bool + Sync),
    /// Who may end it.
    pub watch: Option<&'a dyn Watch>,
}

/// What the user's settings must not change: panics are caught in the host, and cells link to what is built.
const PROFILE: [&str; 3] = [
    "profile.release.panic=\"unwind\"",
    "profile.release.lto=\"off\"",
    "profile.release.strip=\"none\"",
];

impl Build<'_> {
    fn command(&self) -> Command {
        let mut cargo = Command::new(self.toolchain.cargo());
        cargo
            .args([
                "build",
                "--release",
                "--message-format=json-render-diagnostics",
            ])
            .args(["--package", self.package, "--manifest-path"])
            .arg(self.folder.join("Cargo.toml"))
            .args(PROFILE.iter().flat_map(|setting| ["--config", setting]))
            .args(self.offline.then_some("--offline"))
            // cargo obeys each `.cargo/config.toml` from here upwards, and above the cache one may be anybody's.
            .current_dir("/")
            .envs(self.environment)
            .env("RUSTC", &self.toolchain.rustc)
            .env("CARGO_ENCODED_RUSTFLAGS", self.flags.join("\u{1f}"))
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("CARGO_BUILD_BUILD_DIR", self.folder.join("target"))
            .env("CARGO_TERM_COLOR", "never")
            .env("CARGO_TERM_PROGRESS_WHEN", "never")
            .env_remove("CARGO_TERM_QUIET")
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_BUILD_TARGET")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        cargo
    }

    /// Builds it, brings what was built together in [`ARTIFACTS`], and lists the libraries that are wanted.
    ///
    /// # Errors
    /// When cargo fails, or a file cannot be written.
    pub fn run(&self, progress: &mut dyn FnMut(Step<'_>)) -> Result<(), CargoError> {
        let started = lease::spawn(&mut self.command(), Command::stdin);
        let mut cargo = started.map_err(CargoError::NotStarted)?;
        if let Some(watch) = self.watch {
            watch.started(Pid::from_child(&cargo.child));
        }
        let (out, err) = (cargo.child.stdout.take(), cargo.child.stderr.take());
        let (said, found) = std::thread::scope(|scope| {
            let out = scope.spawn(|| out.map(artifacts));
            let (sender, lines) = channel();
            scope.spawn(move || {
                let lines = err
                    .into_iter()
                    .flat_map(|err| BufReader::new(err).split(b'\n'));
                for line in lines.map_while(Result::ok) {
                    let _ = sender.send(String::from_utf8_lossy(&line).into_owned());
                }
            });
            let said = listen(&lines, progress);
            (said, out.join().ok().flatten().unwrap_or_default())
        });
        // Before it is waited for: from then on its number may be another's.
        if let Some(watch) = self.watch {
            watch.ended();
        }
        let status = cargo.child.wait();
        if !status?.success() {
            return Err(CargoError::Failed(said));
        }
        let list = self.gather(&found)?;
        fs::write(self.folder.join(LIST), list)?;
        Ok(())
    }

    /// Brings all that was built together; gives the list of what is wanted of it.
    fn gather(&self, found: &[Artifact]) -> std::io::Result<String> {
        let folder = self.folder.join(ARTIFACTS);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir(&folder)?;
        let mut list = String::new();
        for artifact in found {
            let Some(file) = artifact.path.file_name() else {
                continue;
            };
            let place = folder.join(file);
            // Not every file system has links.
            fs::hard_link(&artifact.path, &place)
                .or_else(|_| fs::copy(&artifact.path, &place).map(drop))?;
            if artifact.is_library && (self.wanted)(&artifact.name) {
                let name = &artifact.name;
                let _ = writeln!(list, "{name} {ARTIFACTS}/{}", Path::new(file).display());
            }
        }
        Ok(list)
    }
}

/// Passes on what cargo says, until it has said all.
fn listen(lines: &Receiver<String>, progress: &mut dyn FnMut(Step<'_>)) -> String {
    const MOMENT: Duration = Duration::from_secs(1);
    let mut said = String::new();
    loop {
        match lines.recv_timeout(MOMENT) {
            Ok(line) => {
                progress(Step::Said(line.trim()));
                said.push_str(&line);
                said.push('\n');
            }
            Err(RecvTimeoutError::Timeout) => progress(Step::Tick),
            Err(RecvTimeoutError::Disconnected) => return said,
        }
    }
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

/// A file that cargo has made.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Artifact {
    /// The name of its crate, or of the program.
    name: String,
    path: PathBuf,
    is_library: bool,
}

/// The libraries, with their metadata, and the programs, from cargo's messages.
fn artifacts(out: impl Read) -> Vec<Artifact> {
    let mut found = Vec::new();
    for line in BufReader::new(out).lines().map_while(Result::ok) {
        let Ok(message) = serde_json::from_str::<Message>(&line) else {
            continue;
        };
        let is_artifact = message.reason == "compiler-artifact";
        let Some(target) = message.target.filter(|_| is_artifact) else {
            continue;
        };
        let is_program = target.kind.iter().any(|kind| kind == "bin");
        let is_library = |kind: &String| kind.contains("lib") || kind == "proc-macro";
        let is_library = target.kind.iter().any(is_library);
        // cargo may keep the metadata out of the libraries.
        const LIBRARIES: [&str; 3] = ["rlib", "rmeta", "so"];
        let is_wanted = |path: &PathBuf| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            is_program || is_library && extension.is_some_and(|e| LIBRARIES.contains(&e))
        };
        let files = message.filenames.into_iter().filter(is_wanted);
        found.extend(files.map(|path| Artifact {
            name: target.name.replace('-', "_"),
            path,
            is_library,
        }));
    }
    found
}

#[cfg(test)]
mod tests;
