//! A notebook of 300 cells that build on one another: functions that call the one before, variables that are
//! made of the one before, types, statics.

use std::time::Instant;

use crate::bare;
use crate::client::kernel::Kernel;
use crate::context::Context;
use crate::measure::is_quick;
use crate::report::document::{Block, Section, Table, figure, time};
use crate::report::plot::{Plot, Series};
use crate::report::stats::median;

/// Cells in a round of kinds.
const KINDS: usize = 5;
/// How long a peer may take for the whole notebook, in seconds.
const PATIENCE: f64 = 150.0;

fn cell(n: usize) -> String {
    let block = n / KINDS;
    let before = block.saturating_sub(1);
    match (n % KINDS, block) {
        (0, 0) => "pub fn f0(n: u64) -> u64 { n }".to_owned(),
        (0, _) => format!("pub fn f{block}(n: u64) -> u64 {{ f{before}(n) + 1 }}"),
        (1, _) => format!(
            "use std::sync::atomic::{{AtomicU64, Ordering}};\npub static S{block}: AtomicU64 = AtomicU64::new({block});"
        ),
        (2, _) => format!(
            "#[derive(Debug, Clone)]\npub struct P{block} {{ pub n: u64, pub seen: Vec<u64> }}"
        ),
        (3, 0) => "let v0 = P0 { n: f0(0), seen: vec![] };".to_owned(),
        (3, _) => format!(
            "let mut v{block} = P{block} {{ n: f{block}(v{before}.n), seen: v{before}.seen.clone() }};\nv{block}.seen.push(v{before}.n);"
        ),
        _ => format!("S{block}.fetch_add(v{block}.n + f{before}(1), Ordering::Relaxed)"),
    }
}

/// The latencies of one kernel.
struct Run {
    name: &'static str,
    times: Vec<f64>,
    /// A fixed piece of work for rustc after each cell, if it was done.
    fixed: Vec<f64>,
    stopped: Option<String>,
}

pub(crate) fn measure(context: &Context) -> anyhow::Result<Section> {
    let cells = if is_quick() { 15 } else { 300 };
    let (kernels, missing) = context.rust_kernels();
    let mut runs = Vec::new();
    for peer in kernels {
        eprintln!("growth: {}", peer.name);
        let mut kernel = Kernel::start(peer)?;
        let mut run = Run {
            name: peer.name,
            times: Vec::new(),
            fixed: Vec::new(),
            stopped: None,
        };
        let mut fixed = None;
        let begin = Instant::now();
        for n in 0..cells {
            let answer = kernel.run(&cell(n))?;
            if let Some(error) = answer.error {
                anyhow::ensure!(peer.name != "Woozle", "{}: {error}", cell(n));
                run.stopped = Some(format!("cell {} fails: {error}", n + 1));
                break;
            }
            run.times.push(answer.time.as_secs_f64());
            if peer.name == "Woozle" {
                if n < KINDS {
                    fixed = Some(kernel.logged("rustc_us")?.path("sources"));
                }
                if let Some(sources) = &fixed {
                    run.fixed.push(bare::run(sources)?.as_secs_f64());
                }
            } else if begin.elapsed().as_secs_f64() > PATIENCE {
                run.stopped = Some(format!(
                    "stopped after {} cells, which took {PATIENCE} s",
                    n + 1
                ));
                break;
            }
        }
        runs.push(run);
    }
    Ok(section(&runs, cells, missing))
}

/// The median of the two rounds of kinds around a cell.
fn around(times: &[f64], cell: usize) -> Option<f64> {
    let window = times.get(cell.checked_sub(KINDS)?..)?;
    let window = window.get(..2 * KINDS).or_else(|| window.get(..KINDS))?;
    Some(median(window))
}

fn section(runs: &[Run], cells: usize, missing: Vec<String>) -> Section {
    let mut section = Section::new("A long notebook");
    section.text(format!(
        "A notebook of {cells} cells that build on one another: functions that call the one before, variables \
         that are made of the one before, types, statics. Each figure is the median of the ten cells around it. Beside \
         each of Woozle's cells rustc was run on one fixed crate, so that what the machine did meanwhile \
         can be told from growth."
    ));
    missing.into_iter().for_each(|line| section.text(line));
    let marks: &[usize] = if is_quick() {
        &[10]
    } else {
        &[10, 100, 200, 295]
    };
    let mut table = Table::new([
        "",
        "cell",
        "median",
        "to cell 10",
        "of it, not the machine's doing",
    ]);
    let mut plot = Plot::new(
        "growth",
        "Time of a cell by its place in the notebook",
        "cell",
        "ms",
    );
    for run in runs {
        let first = around(&run.times, 10);
        for &mark in marks {
            let (Some(now), Some(first)) = (around(&run.times, mark), first) else {
                continue;
            };
            let steady = around(&run.fixed, 10).zip(around(&run.fixed, mark));
            let grown = steady.map(|(then, later)| (now / later) / (first / then));
            table.row([
                run.name.to_owned(),
                mark.to_string(),
                time(now),
                figure(now / first),
                grown.map(figure).unwrap_or_default(),
            ]);
            if mark == 200
                && let Some(grown) = grown
            {
                section.budget("cell 200 of a notebook", 1.1, "its cell 10", grown);
            }
        }
        if let Some(why) = &run.stopped {
            section.text(format!("{}: {why}.", run.name));
        }
        #[allow(clippy::cast_precision_loss)]
        let points = (KINDS..run.times.len()).step_by(KINDS);
        let points = points.filter_map(|n| Some((n as f64, around(&run.times, n)? * 1e3)));
        plot.series.push(Series {
            name: run.name,
            points: points.collect(),
        });
    }
    section.table(table);
    section.blocks.push(Block::Plot(plot));
    section
}
