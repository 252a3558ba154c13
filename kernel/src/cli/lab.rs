//! `woozle lab`: opens JupyterLab on the notebooks, with a JupyterLab of our own if there is none.

use std::env;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};

use super::error::CliError;
use super::exit::Exit;
use super::install::this_program;
use super::prepare;
use super::terminal::print_note;
use crate::build::cache;
use crate::jupyter::kernelspec::{DEFAULT_DISPLAY_NAME, DEFAULT_NAME, Kernelspec, kernelspec_dir};
use crate::jupyter::private_lab::{self, SetUpError};
use crate::jupyter::{Dirs, Lab, dirs};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A notebook, or a folder of notebooks [default: notebooks, where it exists, else .]
    path: Option<PathBuf>,
    /// Passed on to `jupyter lab`
    #[arg(last = true, value_name = "JUPYTER ARGS")]
    jupyter_args: Vec<OsString>,
}

pub(super) fn main(args: Args) -> Result<Exit, CliError> {
    let path = notebooks(args.path)?;
    let dirs = Dirs::from_env();
    let lab = find_or_set_up()?;
    ensure_kernelspec(&dirs, &lab)?;

    let mut command = lab.command();
    command.arg(&path).args(&args.jupyter_args);
    let allow_root = OsString::from("--allow-root");
    if rustix::process::geteuid().is_root() && !args.jupyter_args.contains(&allow_root) {
        command.arg(allow_root);
    }
    // JupyterLab takes this process over, so that signals and the exit code are its own.
    let error = command.exec();
    Err(CliError::new(Exit::System, lab.program.display(), error)
        .help("does `jupyter lab` start by itself?"))
}

fn notebooks(path: Option<PathBuf>) -> Result<PathBuf, CliError> {
    let default = || {
        if Path::new("notebooks").is_dir() {
            "notebooks"
        } else {
            "."
        }
        .into()
    };
    let path = path.unwrap_or_else(default);
    match path.try_exists() {
        Ok(true) => Ok(path),
        Ok(false) => Err(
            CliError::new(Exit::BadInput, path.display(), "no such file or folder")
                .help("give the path of a notebook or of a folder of notebooks"),
        ),
        Err(error) => Err(CliError::new(Exit::BadInput, path.display(), error)
            .help("check the folder's permissions")),
    }
}

fn find_or_set_up() -> Result<Lab, CliError> {
    if let Some(lab) = Lab::find(env::var_os("PATH")) {
        return Ok(lab);
    }
    let cache = prepare::cache()?;
    if let Some(lab) = private_lab::find(&cache) {
        return Ok(lab);
    }
    print_note(format_args!(
        "No JupyterLab was found: setting one up in {} (once)",
        private_lab::prefix(&cache).display()
    ));
    let lab = private_lab::set_up(&cache).map_err(|error| {
        let help = match &error {
            SetUpError::NotStarted { .. } => "install Python 3, or JupyterLab itself",
            SetUpError::Failed { .. } => {
                "see pip's own message above; without the venv module, install python3-venv, or else JupyterLab itself"
            }
            SetUpError::Io { .. } | SetUpError::Cache(_) => "check the folder's permissions and the free space, or set WOOZLE_CACHE",
            SetUpError::NotWorking(_) => "remove the folder and try again, or install JupyterLab yourself",
        };
        CliError::new(Exit::System, "setting up JupyterLab", error).help(help)
    })?;
    print_note(format_args!("JupyterLab {} is ready", lab.version));
    Ok(lab)
}

/// Sees to it that this JupyterLab finds a kernelspec that starts this very program.
fn ensure_kernelspec(dirs: &Dirs, lab: &Lab) -> Result<(), CliError> {
    let program = this_program()?;
    let mut found = false;
    // All are mended: which of them Jupyter takes depends on more than the order here.
    for data in dirs.data_dirs(lab.prefix.as_deref()) {
        let dir = kernelspec_dir(&data, DEFAULT_NAME)?;
        let Some(spec) = Kernelspec::read(&dir).filter(Kernelspec::is_ours) else {
            continue;
        };
        if spec.program() == Some(&*program) {
            found = true;
            continue;
        }
        match Kernelspec::new(&program, &spec.display_name)?.install(&dir) {
            Ok(()) => {
                print_note(format_args!(
                    "The kernelspec in {} starts this program now",
                    dir.display()
                ));
                found = true;
            }
            // One of the whole system, perhaps: the user's own comes before it.
            Err(error) => tracing::warn!("a kernelspec of another woozle stays: {error}"),
        }
    }
    if found {
        return Ok(());
    }
    let private = private_lab::prefix(&cache::folder());
    let data = match &lab.prefix {
        Some(prefix) if private == *prefix => Some(dirs::prefix_data(prefix)),
        _ => dirs.user_data(),
    };
    let data = data.ok_or_else(|| {
        CliError::new(
            Exit::BadInput,
            "the user's Jupyter data folder",
            "HOME is not set",
        )
        .help("set HOME or JUPYTER_DATA_DIR")
    })?;
    let dir = kernelspec_dir(&data, DEFAULT_NAME)?;
    Kernelspec::new(&program, DEFAULT_DISPLAY_NAME)?.install(&dir)?;
    print_note(format_args!(
        "Installed the kernelspec in {}",
        dir.display()
    ));
    Ok(())
}
