//! `woozle uninstall`: removes what `woozle install` with the same options has put there.

use super::install::Target;
use super::{CliError, Exit};
use crate::jupyter::{Dirs, Kernelspec};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    target: Target,
}

pub fn main(args: Args) -> Result<Exit, CliError> {
    let dir = args.target.dir(&Dirs::from_env())?;
    Kernelspec::uninstall(&dir)?;
    println!("Removed the kernelspec `{}` from {}", args.target.name(), dir.display());
    Ok(Exit::Ok)
}
