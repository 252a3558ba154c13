//! `woozle-bench`: every speed that Woozle claims, both sides measured in turn in one run.
//!
//! `cargo run --release --manifest-path bench/Cargo.toml -- report` writes `docs/benchmarks.md`. Each
//! other command measures one thing and prints the same Markdown. A peer that is not installed is
//! named, with how to install it, and the others go on.

mod bare;
mod cells;
mod checkpoint;
mod client;
mod compute;
mod context;
mod crates;
mod growth;
mod measure;
mod memory;
mod output;
mod primitives;
mod report;
mod startup;

use clap::{Parser, Subcommand};

use context::{Context, Settings};
use report::document::Section;

#[derive(Debug, Parser)]
#[command(name = "woozle-bench", about, version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Command {
    /// A mixed list of cells: Woozle, evcxr_jupyter, and bare rustc on the source that Woozle generates
    Cells,
    /// A notebook that is run a second time
    Again,
    /// A notebook of 300 cells that build on one another
    Growth,
    /// From the start of the process to its first answers, and the memory that it has then
    Startup,
    /// Functions defined in cells, and the same text under `rustc -O`
    Compute,
    /// 100,000 lines and 50 MB, from 1 and from 16 threads, to a client
    Output,
    /// Locks, events, queues and executors: std, parking_lot, crossbeam, CPython
    Threads,
    /// Processes and pools: CPython, loky
    Processes,
    /// Pools on a cluster: Dask alone
    Cluster,
    /// Crates by `:dep`, and by cargo alone
    Crates,
    /// What the checkpoint after each cell costs, by memory and threads
    Checkpoint,
    /// What `%%timeline` costs while threads wait a thousand times a second
    Timeline,
    /// All of them; writes docs/benchmarks.md with its plots
    Report,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let context = Context::new(arguments.settings)?;
    if let Command::Report = arguments.command {
        return report::write(&context);
    }
    let section = measure(arguments.command, &context)?;
    println!("{}", section.markdown());
    Ok(())
}

fn measure(command: Command, context: &Context) -> anyhow::Result<Section> {
    match command {
        Command::Cells => cells::measure(context),
        Command::Again => cells::again::measure(context),
        Command::Growth => growth::measure(context),
        Command::Startup => startup::measure(context),
        Command::Compute => compute::measure(context),
        Command::Output => output::measure(context),
        Command::Threads => primitives::threads(context),
        Command::Processes => primitives::processes(context),
        Command::Cluster => primitives::cluster(context),
        Command::Crates => crates::measure(context),
        Command::Checkpoint => checkpoint::measure(context),
        Command::Timeline => cells::timeline::measure(context),
        Command::Report => unreachable!("it is made of the others"),
    }
}
