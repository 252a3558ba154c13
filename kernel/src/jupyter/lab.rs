//! Finding a JupyterLab that works.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A JupyterLab that answered `--version`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lab {
    pub program: PathBuf,
    /// What comes before JupyterLab's own arguments: `lab` for `jupyter lab`.
    pub first_args: Vec<OsString>,
    /// The prefix that it is installed in.
    pub prefix: Option<PathBuf>,
    pub version: String,
}

impl Lab {
    /// The first working JupyterLab in the folders of `path`, a value of `PATH`.
    ///
    /// Being found is not enough: a version manager puts a shim on `PATH` for programs that the
    /// current version does not have.
    pub fn find(path: Option<OsString>) -> Option<Self> {
        let dirs: Vec<PathBuf> = path
            .map(|path| std::env::split_paths(&path).collect())
            .unwrap_or_default();
        let candidates = [("jupyter-lab", &[] as &[&str]), ("jupyter", &["lab"])];
        candidates
            .iter()
            .flat_map(|(name, args)| dirs.iter().map(move |dir| (dir.join(name), args)))
            .filter(|(program, _)| program.is_file())
            .find_map(|(program, args)| {
                let prefix = program
                    .canonicalize()
                    .ok()
                    .and_then(|real| prefix_of(&real));
                Self::probe(program, args, prefix)
            })
    }

    /// Asks `program` for its version.
    pub(super) fn probe(program: PathBuf, args: &[&str], prefix: Option<PathBuf>) -> Option<Self> {
        let output = Command::new(&program)
            .args(args)
            .arg("--version")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let first_args = args.iter().map(OsString::from).collect();
        Some(Self {
            program,
            first_args,
            prefix,
            version,
        })
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.first_args);
        command
    }
}

fn prefix_of(program: &Path) -> Option<PathBuf> {
    Some(program.parent()?.parent()?.to_owned())
}

#[cfg(test)]
#[path = "lab_tests.rs"]
mod tests;
