//! The command line: what `woozle` can be asked to do, one file per subcommand.

mod analyzer;
mod doctor;
mod environment;
mod error;
mod exit;
mod install;
mod kernel;
mod lab;
mod prepare;
mod run;
mod uninstall;

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

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
    /// Check that everything the kernel needs is there
    Doctor(doctor::Args),
}

/// The whole program.
pub fn main() -> ExitCode {
    crate::system::paths::settle();
    let cli = Cli::parse();
    log_to_stderr();
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

/// `WOOZLE_LOG` chooses what is logged (`WOOZLE_LOG=debug`); without it, warnings and errors.
fn log_to_stderr() {
    // That the other side closes a connection first is no news to a user.
    let usual = || EnvFilter::new("warn,zeromq::reconnect=error");
    let filter = EnvFilter::try_from_env("WOOZLE_LOG").unwrap_or_else(|_| usual());
    // A second subscriber is refused; then the first one goes on, which is what is wanted.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}

/// Prints a line. Nobody may be listening (`woozle doctor | head -1`), which is no error of ours.
fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints a line about what is being done, apart from what was asked for.
fn note(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
