//! `woozle doctor`: checks what the kernel needs, and says how to mend what is missing.

#![expect(
    clippy::disallowed_methods,
    reason = "programs are asked for their versions, and answer at once"
)]

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use super::error::CliError;
use super::exit::Exit;
use super::terminal::print_line;
use crate::analyzer::choice::Choice;
use crate::analyzer::package::{self, Progress};
use crate::analyzer::rust_src;
use crate::build::toolchain::{Toolchain, ToolchainError};
use crate::build::{cache, runtime};
use crate::compiler::rustc::cache::folder::Folder;
use crate::debugger;
use crate::jupyter::kernelspec::{DEFAULT_NAME, Kernelspec, kernelspec_dir};
use crate::jupyter::{Dirs, Lab, private_lab};
use crate::session::explore::package as package_of_explore;
use crate::system::data;
use crate::system::private;

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

impl From<ToolchainError> for Trouble {
    fn from(error: ToolchainError) -> Self {
        Self::new(error.to_string(), error.help())
    }
}

pub(super) fn main(_args: Args) -> Result<Exit, CliError> {
    let dirs = Dirs::from_env();
    // What is in a folder that others may write is not run.
    let own = || private_lab::find(&cache::prepare().ok()?);
    let lab = Lab::find(env::var_os("PATH")).or_else(own);
    let toolchain = Toolchain::find_rustc();
    let checks = checks(toolchain, &dirs, lab.as_ref());
    for check in &checks {
        print_line(check);
    }
    let missing = checks
        .iter()
        .any(|check| check.essential && check.result.is_err());
    Ok(if missing { Exit::CellFailed } else { Exit::Ok })
}

fn checks(
    toolchain: Result<Toolchain, ToolchainError>,
    dirs: &Dirs,
    lab: Option<&Lab>,
) -> Vec<Check> {
    let found = toolchain.as_ref().ok();
    let check = |name, essential, result| Check {
        name,
        essential,
        result,
    };
    let mut checks = vec![
        check("cargo", true, cargo(found)),
        check("cache folder", true, cache()),
        check("compiled cells", false, compiled_cells()),
        check("history", false, history(data::folder().as_deref())),
        check("JupyterLab", false, jupyter(lab)),
        check("kernelspec", false, kernelspec(dirs, lab)),
        check("rust-src", false, sources(found)),
        check("analyzer", false, analyzer(found)),
    ];
    if let Some(toolchain) = found {
        checks.insert(1, check("C linker", true, linker(toolchain)));
        checks.insert(3, check("runtime", false, built(toolchain)));
        checks.insert(
            4,
            check("rustc's output", false, output_of_rustc(toolchain)),
        );
        checks.push(check("%%explore", false, Ok(explored(toolchain))));
        let debugger = debugger::version(toolchain).map_err(|why| {
            let (what, help) = why.split_once("; ").unwrap_or((&why, debugger::find::HELP));
            Trouble::new(what, help)
        });
        checks.push(check("debugger", false, debugger));
    }
    checks.insert(0, check("rustc", true, rustc(toolchain)));
    checks
}

impl std::fmt::Display for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.result {
            Ok(found) => write!(f, "✓ {}: {found}", self.name),
            Err(Trouble { what, help }) => write!(f, "✗ {}: {what}; {help}", self.name),
        }
    }
}

fn rustc(toolchain: Result<Toolchain, ToolchainError>) -> Result<String, Trouble> {
    let toolchain = toolchain?;
    let version = toolchain.version.lines().next().unwrap_or_default();
    Ok(format!("{version} ({})", toolchain.rustc.display()))
}

fn cargo(toolchain: Option<&Toolchain>) -> Result<String, Trouble> {
    let cargo = toolchain.map_or_else(|| "cargo".into(), Toolchain::cargo);
    version_of(&cargo).map_err(|why| Trouble::new(why, "install Rust from https://rustup.rs"))
}

fn linker(toolchain: &Toolchain) -> Result<String, Trouble> {
    Ok(toolchain.try_linker()?)
}

fn cache() -> Result<String, Trouble> {
    match cache::prepare() {
        Ok(folder) => Ok(folder.display().to_string()),
        Err(error) => Err(Trouble::new(error.what(), error.help())),
    }
}

fn compiled_cells() -> Result<String, Trouble> {
    match (Folder::find(), cache::prepare()) {
        (Some(folder), _) => Ok(format!(
            "{}; `woozle cache clear` removes them",
            super::cache::summary(&folder)
        )),
        (None, Ok(_)) => Ok("not kept, by WOOZLE_CELL_CACHE".to_owned()),
        (None, Err(error)) => Err(Trouble::new(
            "not kept, as there is no cache folder",
            error.help(),
        )),
    }
}

/// Not an error: it is built when the first kernel starts, or the kernel is installed.
fn built(toolchain: &Toolchain) -> Result<String, Trouble> {
    Ok(if runtime::is_built(toolchain) {
        "built with this rustc".to_owned()
    } else {
        "not built yet; `woozle install` builds it, or the first kernel, with crates from crates.io"
            .to_owned()
    })
}

fn explored(toolchain: &Toolchain) -> String {
    if package_of_explore::is_built(toolchain) {
        "what it needs is built with this rustc".to_owned()
    } else {
        "the first cell with it builds what it needs, with crates from crates.io".to_owned()
    }
}

/// Whether rustc says what is relied on, in the words that are known.
fn output_of_rustc(toolchain: &Toolchain) -> Result<String, Trouble> {
    let help = "cells run as far as they do not depend on that; a newer Woozle may know this rustc, and RUSTC or \
                rustup can choose another one";
    let Some(verdict) = runtime::rustc_verdict(toolchain) else {
        return Err(Trouble::new(
            "rustc could not be asked",
            "see the first line",
        ));
    };
    match verdict.trouble() {
        None => Ok("all that is relied on holds".to_owned()),
        Some(trouble) => Err(Trouble::new(trouble, help)),
    }
}

fn history(folder: Option<&Path>) -> Result<String, Trouble> {
    let help = "set WOOZLE_DATA to a folder of your own; without it no history is kept";
    let folder = folder.ok_or_else(|| Trouble::new("HOME is not set", help))?;
    match private::writable(folder) {
        Ok(()) => Ok(folder.join("history.sqlite").display().to_string()),
        Err(error) => Err(Trouble::new(
            format!("{} cannot be used ({error})", folder.display()),
            help,
        )),
    }
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
fn version_of(program: &Path) -> Result<String, String> {
    let shown = program.display();
    let output = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("`{shown}` cannot be run ({error})"))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "`{shown} --version` failed: {}",
            why.lines().next().unwrap_or_default()
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_check_says_what_is_wrong_and_how_to_mend_it() {
        let missing = ToolchainError::NotFound(std::io::ErrorKind::NotFound.into());
        let lines: Vec<String> = checks(Err(missing), &Dirs::default(), None)
            .iter()
            .map(Check::to_string)
            .collect();
        let [rustc, cargo, cache, _, history, lab, ..] = &lines[..] else {
            panic!("{lines:?}")
        };
        assert!(rustc.starts_with("✗ rustc: rustc was not found"), "{rustc}");
        assert!(rustc.contains("rustup.rs"), "{rustc}");
        assert!(cargo.contains("cargo:"), "{cargo}");
        assert!(cache.contains("cache folder:"), "{cache}");
        assert!(history.contains("history:"), "{history}");
        assert!(
            lab.starts_with("✗ JupyterLab: not found; `woozle lab`"),
            "{lab}"
        );
    }

    #[test]
    fn a_folder_for_the_history_that_cannot_be_written_is_reported() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("written");
        let trouble = history(Some(&file.join("data"))).expect_err("it is below a file");
        assert!(trouble.help.contains("WOOZLE_DATA"), "{trouble:?}");
        assert!(history(None).is_err());
        let fine = history(Some(folder.path())).expect("it can be written");
        assert!(fine.ends_with("history.sqlite"), "{fine}");
    }

    #[test]
    fn a_kernelspec_whose_program_is_gone_is_reported() {
        let data = tempfile::tempdir().expect("a folder");
        let dirs = Dirs {
            jupyter_path: vec![data.path().to_owned()],
            ..Dirs::default()
        };
        let dir = kernelspec_dir(data.path(), DEFAULT_NAME).expect("a valid name");
        Kernelspec::new(&data.path().join("gone"), "R")
            .and_then(|spec| spec.install(&dir))
            .expect("installed");
        let trouble = kernelspec(&dirs, None).expect_err("a missing program");
        assert!(trouble.what.contains("not there"), "{trouble:?}");

        let program = std::env::current_exe().expect("this test");
        Kernelspec::new(&program, "R")
            .and_then(|spec| spec.install(&dir))
            .expect("installed");
        assert!(
            kernelspec(&dirs, None)
                .expect("fine")
                .contains(program.to_str().expect("UTF-8"))
        );
    }

    #[test]
    fn a_program_that_does_not_exist_has_no_version() {
        let why = version_of(Path::new("no-such-program-of-any-name")).expect_err("not there");
        assert!(why.contains("cannot be run"), "{why}");
    }
}
