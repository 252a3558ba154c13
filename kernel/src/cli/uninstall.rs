//! `woozle uninstall`: removes what `woozle install` with the same options has put there.

use super::error::CliError;
use super::exit::Exit;
use super::install::Target;
use super::terminal::print_line;
use crate::jupyter::{Dirs, Kernelspec};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    target: Target,
}

pub(super) fn main(args: Args) -> Result<Exit, CliError> {
    let dir = args.target.dir(&Dirs::from_env())?;
    Kernelspec::uninstall(&dir)?;
    print_line(format_args!(
        "Removed the kernelspec `{}` from {}",
        args.target.name(),
        dir.display()
    ));
    Ok(Exit::Ok)
}
