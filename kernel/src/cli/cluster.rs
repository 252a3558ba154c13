//! `woozle cluster`: a scheduler and workers of Dask's on this machine.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::CliError;
use super::exit::Exit;

/// What runs in Python: it starts them, says how to use them, and waits.
const SOURCE: &str = include_str!("cluster.py");

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How many workers, with a thread each
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    workers: u16,
    /// The scheduler's port; 0 for one that is free
    #[arg(long, default_value_t = 8786)]
    port: u16,
    /// The Python that has Dask [default: the one that cells find]
    #[arg(long)]
    python: Option<PathBuf>,
}

pub(super) fn main(args: Args) -> Result<Exit, CliError> {
    let python = woozle::host::python_with_dask(args.python.as_deref());
    let python = python.map_err(|error| {
        CliError::new(Exit::System, "the cluster", error)
            .help("pip install distributed, or name a Python that has it by --python")
    })?;
    let error = start(&python, &args).exec();
    Err(CliError::new(Exit::System, python.display(), error).help("does it start by itself?"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "Python takes this process over, so that signals and the exit code are its own"
)]
fn start(python: &Path, args: &Args) -> Command {
    let mut command = Command::new(python);
    command.args(["-c", SOURCE]);
    command.args([args.workers.to_string(), args.port.to_string()]);
    command
}
