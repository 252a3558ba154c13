//! `woozle cache`: what is kept of compiled cells, and how to be rid of it.

use indicatif::DecimalBytes;

use super::error::CliError;
use super::exit::Exit;
use super::terminal::print_line;
use crate::compiler::rustc::cache::folder::{Folder, Size};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Remove all compiled cells; those of kernels that run are compiled again when they are needed
    Clear,
}

pub(super) fn main(args: Args) -> Result<Exit, CliError> {
    super::prepare::cache()?;
    let Some(folder) = Folder::find() else {
        print_line("compiled cells are not kept, by WOOZLE_CELL_CACHE");
        return Ok(Exit::Ok);
    };
    match args.command {
        None => print_line(summary(&folder)),
        Some(Command::Clear) => {
            let size = folder.size();
            folder.empty().map_err(|error| {
                CliError::new(Exit::System, folder.path().display(), error)
                    .help("see whose files these are")
            })?;
            print_line(format_args!("removed {}", shown(size)));
        }
    }
    Ok(Exit::Ok)
}

/// How much there is, and where.
pub(super) fn summary(folder: &Folder) -> String {
    let path = folder.path().display();
    format!("{} in {path}", shown(folder.size()))
}

fn shown(size: Size) -> String {
    let entries = match size.entries {
        1 => "1 result".to_owned(),
        n => format!("{n} results"),
    };
    format!("{entries} of rustc, {}", DecimalBytes(size.bytes))
}
