//! The Python that speaks with Dask: the one that the user names, the notebook's, or one of our own.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::fs::{FlockOperation, flock};

use super::error::ClusterError;

/// What is installed where there is no Dask: that, and what its dashboard needs.
const PACKAGES: [&str; 2] = ["distributed==2026.8.0", "bokeh==3.9.2"];

/// Finds it, or makes it.
///
/// # Errors
/// [`ClusterError::Python`].
pub fn find(named: Option<&Path>) -> Result<PathBuf, ClusterError> {
    if let Some(named) = named {
        return match has_dask(named) {
            Ok(true) => Ok(named.to_owned()),
            Ok(false) => Err(ClusterError::Python(format!(
                "{} lacks it: {} -m pip install distributed",
                named.display(),
                named.display()
            ))),
            Err(error) => Err(ClusterError::Python(format!(
                "{}: {error}",
                named.display()
            ))),
        };
    }
    let own = own_folder().map(|folder| folder.join("bin/python"));
    let known = candidates().into_iter().chain(own);
    if let Some(found) = known
        .into_iter()
        .find(|python| matches!(has_dask(python), Ok(true)))
    {
        return Ok(found);
    }
    install()
}

/// The Pythons that are near: of the environment that is active, of Jupyter's server, of the path.
fn candidates() -> Vec<PathBuf> {
    let active = ["VIRTUAL_ENV", "CONDA_PREFIX"]
        .into_iter()
        .filter_map(std::env::var_os);
    let active = active.map(|folder| PathBuf::from(folder).join("bin/python"));
    active
        .chain(of_jupyter())
        .chain([PathBuf::from("python3")])
        .collect()
}

/// The Python that Jupyter's server runs in: Jupyter tells its kernels which process that is.
fn of_jupyter() -> Option<PathBuf> {
    let server: u32 = std::env::var("JPY_PARENT_PID").ok()?.parse().ok()?;
    let command = fs::read(format!("/proc/{server}/cmdline")).ok()?;
    let program = command.split(|byte| *byte == 0).next()?;
    let program = PathBuf::from(String::from_utf8(program.to_vec()).ok()?);
    let name = program.file_name()?.to_str()?;
    (program.is_absolute() && name.starts_with("python")).then_some(program)
}

fn has_dask(python: &Path) -> io::Result<bool> {
    let question = "import importlib.util, sys; sys.path[:] = [p for p in sys.path if p]; \
                    sys.exit(importlib.util.find_spec('distributed') is None)";
    let mut asked = Command::new(python);
    asked.args(["-c", question]).stdin(Stdio::null());
    let status = asked.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    Ok(status.success())
}

/// The folder of our own environment; none if it belongs to another user, or there is no place for it.
fn own_folder() -> Option<PathBuf> {
    let absolute = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let cache = absolute("WOOZLE_CACHE").or_else(|| {
        let cache = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")));
        Some(cache?.join("woozle"))
    })?;
    let folder = cache.join("dask");
    let is_ours = fs::metadata(&folder).map_or(true, |metadata| {
        metadata.uid() == rustix::process::geteuid().as_raw()
    });
    is_ours.then_some(folder)
}

/// Makes an environment with Dask in it.
fn install() -> Result<PathBuf, ClusterError> {
    let failed = |text: String| ClusterError::Python(text);
    let folder =
        own_folder().ok_or_else(|| failed("there is no folder for one of our own".into()))?;
    let parent = folder.parent().unwrap_or(&folder);
    let made = fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(parent);
    let lock = made.and_then(|()| File::create(folder.with_extension("lock")));
    let lock = lock.map_err(|error| failed(format!("{}: {error}", parent.display())))?;
    let python = folder.join("bin/python");
    // One session makes it, and the others wait for that.
    let _ = flock(&lock, FlockOperation::LockExclusive);
    if matches!(has_dask(&python), Ok(true)) {
        return Ok(python);
    }
    let what = PACKAGES.join(" and ");
    crate::eprintln!("No Python here has Dask: {what} are installed for Woozle, once.");
    run(Path::new("python3"), &["-m", "venv", "--clear"], &folder).map_err(failed)?;
    let [dask, dashboard] = PACKAGES;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        dask,
    ];
    run(&python, &pip, Path::new(dashboard)).map_err(|error| {
        failed(format!(
            "{error}\nInstall it yourself (pip install distributed), and name that Python: \
            Cluster::builder(address).python(\"/path/to/python\")"
        ))
    })?;
    Ok(python)
}

/// Runs a program; what it said if it fails.
fn run(program: &Path, arguments: &[&str], last: &Path) -> Result<(), String> {
    let mut command = Command::new(program);
    command.args(arguments).arg(last).stdin(Stdio::null());
    let output = command.output();
    let output = output.map_err(|error| format!("{}: {error}", program.display()))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
    }
}
