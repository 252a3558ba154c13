//! What cargo is asked for, and how it is followed.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo, which ends with the kernel"
)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use rustix::process::Pid;

use super::artifacts::Built;
use super::metadata::Metadata;
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
    /// Whether nobody waits for it any more.
    fn is_over(&self) -> bool;
}

/// A package to be built in release mode.
#[derive(Clone, Copy)]
pub struct Build<'a> {
    /// The cargo and the rustc that build it.
    pub toolchain: &'a Toolchain,
    /// The folder of its workspace.
    pub folder: &'a Path,
    /// Where cargo builds.
    pub target: &'a Path,
    /// A file with settings for cargo.
    pub config: Option<&'a Path>,
    /// Its name.
    pub package: &'a str,
    /// Arguments for rustc.
    pub flags: &'a [String],
    /// Whether to do without the network.
    pub offline: bool,
    /// What to set in the environment.
    pub environment: &'a BTreeMap<String, String>,
    /// Who may end it.
    pub watch: Option<&'a dyn Watch>,
}

/// What the user's settings must not change: panics are caught in the host, cells link to what is built, and what is built
/// in one folder is used in another.
const PROFILE: [&str; 8] = [
    "profile.release.panic=\"unwind\"",
    "profile.release.lto=\"off\"",
    "profile.release.strip=\"none\"",
    "profile.release.opt-level=3",
    "profile.release.debug=0",
    "profile.release.debug-assertions=false",
    "profile.release.overflow-checks=false",
    "profile.release.incremental=false",
];

impl Build<'_> {
    fn command(&self, verb: &str) -> Command {
        let mut cargo = Command::new(self.toolchain.cargo());
        cargo.arg(verb);
        if let Some(config) = self.config {
            cargo.arg("--config").arg(config);
        }
        // The later ones go before.
        cargo
            .arg("--manifest-path")
            .arg(self.folder.join("Cargo.toml"))
            .args(PROFILE.iter().flat_map(|setting| ["--config", setting]))
            .args(self.offline.then_some("--offline"))
            // cargo obeys each `.cargo/config.toml` from here upwards, and above the cache one may be anybody's.
            .current_dir("/")
            .envs(self.environment)
            .env("RUSTC", &self.toolchain.rustc)
            .env("CARGO_ENCODED_RUSTFLAGS", self.flags.join("\u{1f}"))
            .env("CARGO_TARGET_DIR", self.target)
            .env("CARGO_BUILD_BUILD_DIR", self.target)
            .env("CARGO_TERM_COLOR", "never")
            .env("CARGO_TERM_PROGRESS_WHEN", "never")
            .env_remove("CARGO_TERM_QUIET")
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_BUILD_TARGET")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        cargo
    }

    /// Builds it.
    ///
    /// # Errors
    /// When cargo fails.
    pub fn run(&self, progress: &mut dyn FnMut(Step<'_>)) -> Result<Built, CargoError> {
        let mut cargo = self.command("build");
        cargo
            .args(["--release", "--message-format=json-render-diagnostics"])
            .args(["--package", self.package]);
        self.follow(&mut cargo, Built::read, progress)
    }

    /// Decides on the versions and features of all that it uses, and tells them.
    ///
    /// # Errors
    /// When cargo fails.
    pub fn metadata(&self, progress: &mut dyn FnMut(Step<'_>)) -> Result<Metadata, CargoError> {
        let mut cargo = self.command("metadata");
        cargo
            .args(["--format-version=1", "--filter-platform"])
            .arg(self.toolchain.host());
        let read = |mut out: ChildStdout| {
            let mut text = Vec::new();
            out.read_to_end(&mut text).map(|_| text)
        };
        let text = self.follow(&mut cargo, read, progress)??;
        serde_json::from_slice(&text).map_err(|error| CargoError::Io(error.into()))
    }

    /// Runs cargo, tells what it says, and reads what it gives.
    fn follow<T: Send>(
        &self,
        cargo: &mut Command,
        read: impl FnOnce(ChildStdout) -> T + Send,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<T, CargoError> {
        let started = lease::spawn(cargo, Command::stdin);
        let mut cargo = started.map_err(CargoError::NotStarted)?;
        if let Some(watch) = self.watch {
            watch.started(Pid::from_child(&cargo.child));
        }
        let (out, err) = (cargo.child.stdout.take(), cargo.child.stderr.take());
        let (said, found) = std::thread::scope(|scope| {
            let out = scope.spawn(|| out.map(read));
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
            (said, out.join().ok().flatten())
        });
        // Before it is waited for: from then on its number may be another's.
        if let Some(watch) = self.watch {
            watch.ended();
        }
        let has_worked = cargo.child.wait()?.success();
        found.filter(|_| has_worked).ok_or(CargoError::Failed(said))
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
