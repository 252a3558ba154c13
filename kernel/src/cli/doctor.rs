//! `woozle doctor`: checks what the kernel needs, and says how to mend what is missing.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{CliError, Exit, say};
use crate::analyzer::choice::Choice;
use crate::analyzer::package::{self, Progress};
use crate::analyzer::rust_src;
use crate::jupyter::kernelspec::{DEFAULT_NAME, Kernelspec, kernelspec_dir};
use crate::jupyter::{Dirs, Lab, private_lab};
use crate::toolchain::Toolchain;

/// The oldest rustc that compiles the cells (`rust-version` of this package).
const MIN_RUSTC: (u32, u32) = (1, 95);

#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// One line of the report.
#[derive(Debug)]
struct Check {
    name: &'static str,
    /// Whether cells run without it.
    essential: bool,
    /// What is there, or what is wrong and how to mend it.
    result: Result<String, Trouble>,
}

#[derive(Debug)]
struct Trouble {
    what: String,
    help: String,
}

impl Trouble {
    fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            help: help.into(),
        }
    }
}

pub(super) fn main(_args: Args) -> Result<Exit, CliError> {
    let dirs = Dirs::from_env();
    let lab = Lab::find(env::var_os("PATH")).or_else(|| private_lab::find(&dirs.cache()?));
    let toolchain = Toolchain::find().ok();
    let checks = [
        Check {
            name: "rustc",
            essential: true,
            result: rustc(),
        },
        Check {
            name: "cargo",
            essential: true,
            result: cargo(),
        },
        Check {
            name: "C linker",
            essential: true,
            result: linker(),
        },
        Check {
            name: "cache folder",
            essential: true,
            result: cache(&dirs),
        },
        Check {
            name: "JupyterLab",
            essential: false,
            result: jupyter(lab.as_ref()),
        },
        Check {
            name: "kernelspec",
            essential: false,
            result: kernelspec(&dirs, lab.as_ref()),
        },
        Check {
            name: "rust-src",
            essential: false,
            result: sources(toolchain.as_ref()),
        },
        Check {
            name: "analyzer",
            essential: false,
            result: analyzer(toolchain.as_ref()),
        },
    ];
    for check in &checks {
        say(check);
    }
    let missing = checks
        .iter()
        .any(|check| check.essential && check.result.is_err());
    Ok(if missing { Exit::CellFailed } else { Exit::Ok })
}

impl std::fmt::Display for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.result {
            Ok(found) => write!(f, "✓ {}: {found}", self.name),
            Err(Trouble { what, help }) => write!(f, "✗ {}: {what}; {help}", self.name),
        }
    }
}

fn rustc() -> Result<String, Trouble> {
    let help = "install Rust from https://rustup.rs, or run `rustup update stable`";
    let version = version_of("rustc").map_err(|why| Trouble::new(why, help))?;
    match parse_version(&version) {
        Some(found) if found >= MIN_RUSTC => Ok(version),
        Some(_) => Err(Trouble::new(
            format!(
                "{version} is too old ({}.{} is needed)",
                MIN_RUSTC.0, MIN_RUSTC.1
            ),
            help,
        )),
        None => Err(Trouble::new(format!("`{version}` is not a version"), help)),
    }
}

fn cargo() -> Result<String, Trouble> {
    version_of("cargo").map_err(|why| Trouble::new(why, "install Rust from https://rustup.rs"))
}

fn linker() -> Result<String, Trouble> {
    version_of("cc").map_err(|why| {
        Trouble::new(
            why,
            "install a C compiler (on Debian: apt install gcc libc6-dev)",
        )
    })
}

fn cache(dirs: &Dirs) -> Result<String, Trouble> {
    let dir = dirs
        .cache()
        .ok_or_else(|| Trouble::new("HOME is not set", "set HOME or XDG_CACHE_HOME"))?;
    match writable(&dir) {
        Ok(()) => Ok(dir.display().to_string()),
        Err(error) => Err(Trouble::new(
            format!("{} cannot be written ({error})", dir.display()),
            "change its permissions, or set XDG_CACHE_HOME",
        )),
    }
}

/// Tries it, since permissions alone do not tell (a read-only disk, a quota).
fn writable(dir: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    tempfile::tempfile_in(dir).map(drop)
}

fn jupyter(lab: Option<&Lab>) -> Result<String, Trouble> {
    lab.map(|lab| format!("{} ({})", lab.version, lab.program.display()))
        .ok_or_else(|| {
            Trouble::new(
                "not found",
                "`woozle lab` sets up one of its own, or: pip install jupyterlab",
            )
        })
}

fn kernelspec(dirs: &Dirs, lab: Option<&Lab>) -> Result<String, Trouble> {
    let found = dirs
        .data_dirs(lab.and_then(|lab| lab.prefix.as_deref()))
        .into_iter()
        .find_map(|data| {
            let dir = kernelspec_dir(&data, DEFAULT_NAME).ok()?;
            Some((Kernelspec::read(&dir)?, dir))
        });
    let Some((spec, dir)) = found else {
        return Err(Trouble::new("not installed", "run `woozle install`"));
    };
    match spec.program() {
        Some(program) if program.is_file() => {
            Ok(format!("{} starts {}", dir.display(), program.display()))
        }
        Some(program) => {
            let what = format!(
                "{} starts {}, which is not there",
                dir.display(),
                program.display()
            );
            Err(Trouble::new(what, "run `woozle install` again"))
        }
        None => Err(Trouble::new(
            format!("{} starts nothing", dir.display()),
            "run `woozle install` again",
        )),
    }
}

/// std's sources, from which the methods of its types are known.
fn sources(toolchain: Option<&Toolchain>) -> Result<String, Trouble> {
    let found = known(toolchain).map(rust_src::find)?;
    match found {
        Some(folder) => Ok(folder.display().to_string()),
        None => Err(Trouble::new(
            "not found, so the methods of std's types are not completed",
            rust_src::HELP,
        )),
    }
}

fn analyzer(toolchain: Option<&Toolchain>) -> Result<String, Trouble> {
    match Choice::from_env() {
        Choice::Off => return Ok("off, by WOOZLE_ANALYZER".to_owned()),
        Choice::Program(program) if program.is_file() => return Ok(program.display().to_string()),
        Choice::Program(program) => {
            let what = format!("{} is not there", program.display());
            return Err(Trouble::new(
                what,
                "set WOOZLE_ANALYZER to another one, or to nothing",
            ));
        }
        Choice::Cache => {}
    }
    let toolchain = known(toolchain)?;
    if let Some(program) = package::find(toolchain) {
        return Ok(program.display().to_string());
    }
    let help = "a kernel builds it when code is first completed; `woozle analyzer` does so now";
    Err(match package::progress(toolchain) {
        Progress::None => Trouble::new("not built", help),
        Progress::Building(crates) => Trouble::new(
            format!("being built, {crates} crates so far"),
            "it is used when it is done",
        ),
        Progress::Failed(log) => Trouble::new(
            format!("could not be built, see {}", log.display()),
            "run `woozle analyzer` again",
        ),
    })
}

fn known(toolchain: Option<&Toolchain>) -> Result<&Toolchain, Trouble> {
    toolchain.ok_or_else(|| Trouble::new("there is no usable rustc", "see the first line"))
}

/// The first line that `program --version` prints.
fn version_of(program: &str) -> Result<String, String> {
    let output = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("`{program}` cannot be run ({error})"))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "`{program} --version` failed: {}",
            why.lines().next().unwrap_or_default()
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned())
}

/// `rustc 1.95.0 (…)` or `1.96.0-nightly` to (1, 95).
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let number = text
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let mut parts = number.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
#[path = "doctor_tests.rs"]
mod tests;
