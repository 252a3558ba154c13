//! `woozle install`: makes the kernel known to Jupyter.

#![expect(
    clippy::disallowed_methods,
    reason = "python3 is asked for its prefix, and answers at once"
)]

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::error::CliError;
use super::exit::Exit;
use super::prepare;
use super::terminal::print_line;
use crate::jupyter::dirs::{self, Dirs};
use crate::jupyter::kernelspec::{DEFAULT_DISPLAY_NAME, DEFAULT_NAME, Kernelspec, kernelspec_dir};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    target: Target,
    /// The name that front ends show
    #[arg(long, value_name = "NAME", default_value = DEFAULT_DISPLAY_NAME)]
    display_name: String,
}

/// Which kernelspec: shared by `install` and `uninstall`.
#[derive(Debug, clap::Args)]
pub(super) struct Target {
    /// In the user's own Jupyter data folder (the default)
    #[arg(long, group = "place")]
    user: bool,
    /// In the active virtualenv or conda environment, or else that of `python3`
    #[arg(long, group = "place")]
    sys_prefix: bool,
    /// In DIR/share/jupyter
    #[arg(long, value_name = "DIR", group = "place")]
    prefix: Option<PathBuf>,
    /// The kernelspec's name
    #[arg(long, default_value = DEFAULT_NAME)]
    name: String,
}

pub(super) fn main(args: Args) -> Result<Exit, CliError> {
    let dir = args.target.dir(&Dirs::from_env())?;
    Kernelspec::new(&this_program()?, &args.display_name)?.install(&dir)?;
    print_line(format_args!(
        "Installed the kernelspec `{}` in {}",
        args.target.name,
        dir.display()
    ));
    // Last, because it takes long, and a kernel can do it at its first start as well.
    prepare::runtime()?;
    Ok(Exit::Ok)
}

/// The absolute path of this binary, for Jupyter to start.
pub(super) fn this_program() -> Result<PathBuf, CliError> {
    env::current_exe().map_err(|error| {
        CliError::new(Exit::System, "the path of this program", error)
            .help("is /proc mounted, and is the program still where it was started?")
    })
}

impl Target {
    /// The kernelspec's folder.
    pub(super) fn dir(&self, dirs: &Dirs) -> Result<PathBuf, CliError> {
        let data = if let Some(prefix) = &self.prefix {
            // Printed and compared later, so not relative to the current folder.
            let prefix = std::path::absolute(prefix).map_err(|error| {
                CliError::new(Exit::BadInput, prefix.display(), error)
                    .help("give --prefix a folder")
            })?;
            dirs::prefix_data(&prefix)
        } else if self.sys_prefix {
            dirs::prefix_data(&sys_prefix(dirs)?)
        } else {
            dirs.user_data().ok_or_else(|| {
                CliError::new(
                    Exit::BadInput,
                    "the user's Jupyter data folder",
                    "HOME is not set",
                )
                .help("set HOME or JUPYTER_DATA_DIR, or say --prefix DIR")
            })?
        };
        Ok(kernelspec_dir(&data, &self.name)?)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

fn sys_prefix(dirs: &Dirs) -> Result<PathBuf, CliError> {
    if let Some(prefix) = dirs.active_env() {
        return Ok(prefix.to_owned());
    }
    let output = Command::new("python3")
        .args(["-c", "import sys; print(sys.prefix)"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())
        .and_then(|output| String::from_utf8(output.stdout).ok());
    match output.as_deref().map(str::trim) {
        Some(prefix) if !prefix.is_empty() => Ok(prefix.into()),
        _ => Err(CliError::new(
            Exit::BadInput,
            "--sys-prefix",
            "no virtualenv or conda environment is active, and `python3` does not answer",
        )
        .help("activate the environment first, or say --prefix DIR")),
    }
}
