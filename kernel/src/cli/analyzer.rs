//! `woozle analyzer`: builds the analyzer ahead of its first use.

use std::io::Read;

use rustix::process::{Signal, getpid, kill_process_group, setpriority_process};

use super::{CliError, Exit, note, prepare, say};
use crate::analyzer::{package, rust_src};
use crate::toolchain::Toolchain;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// With the lowest priority, until standard input closes (a kernel calls this)
    #[arg(long, hide = true)]
    background: bool,
}

pub(super) fn main(args: Args) -> Result<Exit, CliError> {
    if args.background {
        yield_to_others();
    }
    let toolchain = Toolchain::find().map_err(|error| {
        CliError::new(Exit::Kernel, "the toolchain", error).help("`woozle doctor` checks the rest")
    })?;
    if package::find(&toolchain).is_none() {
        note(format_args!(
            "Building Woozle's analyzer with this rustc; this happens once, and takes some minutes."
        ));
    }
    let program = prepare::with_spinner(|progress| package::get(&toolchain, progress));
    let program = program.map_err(|error| {
        CliError::new(Exit::Kernel, "the analyzer", error)
            .help("cargo must reach crates.io (or a mirror of it) for this")
    })?;
    say(format_args!("The analyzer is built: {}", program.display()));
    if rust_src::find(&toolchain).is_none() {
        note(format_args!(
            "It also needs the sources of std: {}.",
            rust_src::HELP
        ));
    }
    Ok(Exit::Ok)
}

/// Lowers the priority, and ends this process and all that it started when the kernel is gone,
/// which has the other end of standard input. cargo goes on from there the next time.
fn yield_to_others() {
    let _ = setpriority_process(None, 19);
    std::thread::spawn(|| {
        let mut nothing = Vec::new();
        let _ = std::io::stdin().read_to_end(&mut nothing);
        let _ = kill_process_group(getpid(), Signal::KILL);
    });
}
