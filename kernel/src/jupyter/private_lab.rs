//! A JupyterLab of our own in the cache folder, for those who have none.
//!
//! It is made under another name and renamed when it is complete, so that an interrupted set-up
//! is never taken for a finished one. A lock file keeps two set-ups apart; it goes with the process.

#![expect(
    clippy::disallowed_methods,
    reason = "pip is waited for, and has the terminal"
)]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use super::lab::Lab;
use crate::build::cache::{self, CacheError};

const REQUIREMENT: &str = "jupyterlab>=4,<5";

#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    #[error(transparent)]
    Cache(#[from] CacheError),
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("`{command}` could not be started: {source}")]
    NotStarted { command: String, source: io::Error },
    #[error("`{command}` ended with {status}")]
    Failed { command: String, status: ExitStatus },
    #[error("{} does not answer after its set-up", .0.display())]
    NotWorking(PathBuf),
}

/// Where it is installed.
pub fn prefix(cache: &Path) -> PathBuf {
    cache.join("jupyter")
}

/// The private JupyterLab, if it has been set up and works.
pub fn find(cache: &Path) -> Option<Lab> {
    let prefix = prefix(cache);
    // The folder has been renamed since its scripts were written, so their first lines are
    // wrong; the interpreter finds its environment wherever it is.
    Lab::probe(
        prefix.join("bin/python"),
        &["-m", "jupyterlab"],
        Some(prefix),
    )
}

/// Sets up the private JupyterLab, or waits for the set-up that another process has begun.
/// What pip says goes to the terminal.
pub fn set_up(cache: &Path) -> Result<Lab, SetUpError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| SetUpError::Io { path, source }
    };
    let _lock = cache::lock("jupyter.lock")?;
    if let Some(lab) = find(cache) {
        return Ok(lab);
    }

    let (partial, done) = (cache.join("jupyter.partial"), prefix(cache));
    for rest in [&partial, &done] {
        match fs::remove_dir_all(rest) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(rest)(error)),
            _ => {}
        }
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(&partial))?;
    run(Command::new(partial.join("bin/python")).args([
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        REQUIREMENT,
    ]))?;
    fs::rename(&partial, &done).map_err(at(&done))?;
    find(cache).ok_or(SetUpError::NotWorking(done))
}

/// Runs a step with its output on our stderr, where progress belongs.
fn run(command: &mut Command) -> Result<(), SetUpError> {
    let shown = format!("{command:?}").replace('"', "");
    let status = command
        .stdin(Stdio::null())
        .stdout(io::stderr())
        .status()
        .map_err(|source| SetUpError::NotStarted {
            command: shown.clone(),
            source,
        })?;
    if status.success() {
        Ok(())
    } else {
        Err(SetUpError::Failed {
            command: shown,
            status,
        })
    }
}
