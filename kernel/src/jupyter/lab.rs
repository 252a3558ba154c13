//! Finding a JupyterLab that works.

#![expect(
    clippy::disallowed_methods,
    reason = "JupyterLab, which has the terminal"
)]

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
mod tests {
    use std::fs;

    use super::*;

    /// Puts a shell script `name` into a `bin` folder of its own and gives the prefix.
    ///
    /// A child process writes it: were it written here, a test beside this one could fork while the
    /// file is open for writing, and running the script would then fail with "text file busy".
    fn program(name: &str, script: &str) -> tempfile::TempDir {
        let prefix = tempfile::tempdir().expect("a folder");
        let bin = prefix.path().join("bin");
        fs::create_dir(&bin).expect("made");
        let status = Command::new("sh")
            .args([
                "-c",
                r#"printf '#!/bin/sh\n%s\n' "$1" > "$0" && chmod +x "$0""#,
            ])
            .arg(bin.join(name))
            .arg(script)
            .status()
            .expect("sh runs");
        assert!(status.success());
        prefix
    }

    fn path_of(prefixes: &[&tempfile::TempDir]) -> Option<OsString> {
        let dirs = prefixes.iter().map(|prefix| prefix.path().join("bin"));
        Some(std::env::join_paths(dirs).expect("a PATH"))
    }

    #[test]
    fn a_shim_without_its_program_is_passed_over() {
        let broken = program("jupyter-lab", "echo 'not installed' >&2; exit 127");
        let working = program("jupyter-lab", "echo 4.9.0");
        let lab = Lab::find(path_of(&[&broken, &working])).expect("found");
        assert_eq!(lab.version, "4.9.0");
        assert_eq!(lab.program, working.path().join("bin/jupyter-lab"));
        assert_eq!(lab.prefix, working.path().canonicalize().ok());
        assert_eq!(Lab::find(path_of(&[&broken])), None);
    }

    #[test]
    fn jupyter_lab_as_a_subcommand_is_second_choice() {
        let sub = program("jupyter", r#"[ "$1 $2" = "lab --version" ] && echo 4.1.0"#);
        let lab = Lab::find(path_of(&[&sub])).expect("found");
        assert_eq!(
            (lab.first_args, lab.version.as_str()),
            (vec![OsString::from("lab")], "4.1.0")
        );

        let own = program("jupyter-lab", "echo 4.2.0");
        assert_eq!(
            Lab::find(path_of(&[&sub, &own])).expect("found").version,
            "4.2.0"
        );
    }

    #[test]
    fn no_path_no_lab() {
        assert_eq!(Lab::find(None), None);
    }
}
