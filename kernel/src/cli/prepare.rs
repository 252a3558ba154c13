//! Building the runtime ahead of the first kernel, with its progress on the screen.

use std::path::PathBuf;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::error::CliError;
use super::exit::Exit;
use super::terminal::print_note;
use crate::build::cache;
use crate::build::runtime::{self, Runtime};
use crate::build::toolchain::Toolchain;

/// Finds the toolchain and builds the runtime, if the cache does not have it yet.
pub(super) fn runtime() -> Result<Runtime, CliError> {
    cache()?;
    let toolchain = Toolchain::find().map_err(|error| {
        let help = error.help();
        CliError::new(Exit::Kernel, "the toolchain", error).help(help)
    })?;
    if !runtime::is_built(&toolchain) {
        print_note(format_args!("{}", runtime::BUILDING));
    }
    let runtime = with_spinner(|progress| runtime::get(&toolchain, progress));
    runtime.map_err(|error| {
        CliError::new(Exit::Kernel, "the runtime", error)
            .help("cargo must reach crates.io (or a mirror of it) for the first build")
    })
}

/// The cache folder.
pub(super) fn cache() -> Result<PathBuf, CliError> {
    cache::prepare()
        .map_err(|error| CliError::new(Exit::System, "the cache", error.what()).help(error.help()))
}

/// Builds something that tells what happens, line by line.
pub(super) fn with_spinner<T>(build: impl FnOnce(&mut dyn FnMut(&str)) -> T) -> T {
    let spinner = ProgressBar::new_spinner(); // shows on terminals only
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
        spinner.set_style(style);
    }
    let built = build(&mut |line| {
        spinner.enable_steady_tick(Duration::from_millis(100));
        spinner.set_message(line.to_owned());
    });
    spinner.finish_and_clear();
    built
}
