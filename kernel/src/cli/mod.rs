//! The command line: what `woozle` can be asked to do, one file per subcommand.

mod analyzer;
mod cache;
mod cluster;
mod doctor;
mod environment;
mod error;
mod exit;
mod install;
mod kernel;
mod lab;
mod prepare;
mod run;
mod terminal;
mod uninstall;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use error::CliError;
pub use exit::Exit;

/// A Jupyter kernel for Rust, made for notebooks about concurrency.
#[derive(Debug, Parser)]
#[command(name = "woozle", version, after_help = exit::HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the kernel known to Jupyter
    Install(install::Args),
    /// Undo `woozle install`
    Uninstall(uninstall::Args),
    /// Run as a kernel (Jupyter calls this)
    Kernel(kernel::Args),
    /// Run a notebook from the first cell to the last, without Python
    Run(run::Args),
    /// Open JupyterLab on the notebooks
    Lab(lab::Args),
    /// Build the analyzer, which completes and explains code, ahead of its first use
    Analyzer(analyzer::Args),
    /// Tell how much is kept of compiled cells, or remove it
    Cache(cache::Args),
    /// Start a cluster of Dask's on this machine, for trying out pools on one
    Cluster(cluster::Args),
    /// Check that everything the kernel needs is there
    Doctor(doctor::Args),
}

/// The whole program.
pub fn main() -> ExitCode {
    crate::system::paths::settle();
    let cli = Cli::parse();
    terminal::log_to_stderr();
    // SAFETY: no thread has been started yet.
    unsafe { environment::mend() };
    woozle::host::outlive_large_files();
    let result = match cli.command {
        Command::Install(args) => install::main(args),
        Command::Uninstall(args) => uninstall::main(args),
        Command::Kernel(args) => kernel::main(args),
        Command::Run(args) => run::main(args),
        Command::Lab(args) => lab::main(args),
        Command::Analyzer(args) => analyzer::main(args),
        Command::Cache(args) => cache::main(args),
        Command::Cluster(args) => cluster::main(args),
        Command::Doctor(args) => doctor::main(args),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(error) => {
            error.print();
            error.exit().into()
        }
    }
}
