//! `woozle uninstall`: removes what `woozle install` with the same options has put there.

use super::install::Target;
use super::{CliError, Exit, say};
use crate::jupyter::{Dirs, Kernelspec};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    target: Target,
}

pub(super) fn main(args: Args) -> Result<Exit, CliError> {
    let dir = args.target.dir(&Dirs::from_env())?;
    Kernelspec::uninstall(&dir)?;
    say(format_args!(
        "Removed the kernelspec `{}` from {}",
        args.target.name(),
        dir.display()
    ));
    Ok(Exit::Ok)
}
