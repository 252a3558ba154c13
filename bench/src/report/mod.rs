//! `docs/benchmarks.md`: all that is measured, in one file made by one command.

use std::fs;

pub(crate) mod document;
mod machine;
pub(crate) mod plot;
pub(crate) mod stats;

use crate::context::Context;
use crate::measure::is_quick;
use crate::report::document::{Block, Section, budgets};
use crate::{cells, checkpoint, compute, crates, growth, output, primitives, startup};

const HEAD: &str = "# Benchmarks\n\n\
    Everything here was measured by `bench/`, both sides in turn in one run, and this file was written by it:\n\n\
    ```\n\
    cargo run --release --manifest-path bench/Cargo.toml -- report\n\
    ```\n\n\
    Each section can be had alone (`-- cells`, `-- growth`, ...; `-- --help` lists them). Ratios are Woozle's time \
    divided by the other's: less is better. Where a ratio is followed by a range, that is the middle half of the \
    single measurements.\n";

type Measure = fn(&Context) -> anyhow::Result<Section>;

const ALL: [Measure; 12] = [
    cells::measure,
    cells::again::measure,
    growth::measure,
    startup::measure,
    compute::measure,
    output::measure,
    primitives::threads,
    primitives::processes,
    primitives::cluster,
    checkpoint::measure,
    cells::timeline::measure,
    crates::measure,
];

/// Measures everything, and writes it.
pub(crate) fn write(context: &Context) -> anyhow::Result<()> {
    let machine = machine::table(context)?;
    let mut sections = Vec::new();
    let mut failures = Vec::new();
    for measure in ALL {
        // One that fails does not take the others with it.
        match measure(context) {
            Ok(section) => sections.push(section),
            Err(error) => failures.push(format!("{error:#}")),
        }
    }
    let mut text = HEAD.to_owned();
    if is_quick() {
        text += "\n**A quick run, which only shows that everything runs. The figures are worth nothing.**\n";
    }
    let mut first = Section::new("Machine and versions");
    first.table(machine);
    text += "\n";
    text += &first.markdown();
    text += "\n## Budgets\n\n";
    text += &budgets(sections.iter().flat_map(|section| &section.budgets));
    fs::create_dir_all(&context.docs)?;
    for section in &sections {
        text += "\n";
        text += &section.markdown();
        for block in &section.blocks {
            if let Block::Plot(plot) = block {
                plot.write(&context.docs)?;
            }
        }
    }
    let path = context.docs.join("benchmarks.md");
    fs::write(&path, text)?;
    eprintln!("written: {}", path.display());
    anyhow::ensure!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}
