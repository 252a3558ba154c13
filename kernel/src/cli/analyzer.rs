//! `woozle analyzer`: builds the analyzer ahead of its first use.

use rustix::process::setpriority_process;

use super::error::CliError;
use super::exit::Exit;
use super::prepare;
use super::terminal::{print_line, print_note};
use crate::analyzer::{package, rust_src};
use crate::build::toolchain::Toolchain;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// With the lowest priority (a kernel calls this)
    #[arg(long, hide = true)]
    background: bool,
}

pub(super) fn main(args: Args) -> Result<Exit, CliError> {
    if args.background {
        // What it starts has it, too. Where that is not allowed, it is only less polite.
        let _ = setpriority_process(None, 19);
    }
    let toolchain = Toolchain::find().map_err(|error| {
        CliError::new(Exit::Kernel, "the toolchain", error).help("`woozle doctor` checks the rest")
    })?;
    if package::find(&toolchain).is_none() {
        print_note(format_args!(
            "Building Woozle's analyzer with this rustc; this happens once, and takes some minutes."
        ));
    }
    let program = prepare::with_spinner(|progress| package::get(&toolchain, progress));
    let program = program.map_err(|error| {
        CliError::new(Exit::Kernel, "the analyzer", error)
            .help("cargo must reach crates.io (or a mirror of it) for this")
    })?;
    print_line(format_args!("The analyzer is built: {}", program.display()));
    if rust_src::find(&toolchain).is_none() {
        print_note(format_args!(
            "It also needs the sources of std: {}.",
            rust_src::HELP
        ));
    }
    Ok(Exit::Ok)
}
