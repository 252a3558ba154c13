//! Cells of all kinds: through Woozle, through evcxr_jupyter, and by bare rustc on the source that Woozle
//! generates; cell by cell in turn.

pub(crate) mod again;
mod list;
mod phases;
pub(crate) mod timeline;

use crate::bare;
use crate::client::kernel::{Answer, Kernel};
use crate::context::Context;
use crate::measure::rounds;
use crate::report::document::{Section, Table, inline, spread, time};
use crate::report::plot::{Plot, Series};
use crate::report::stats::{median, quantile, ratio_of_medians};
use list::{CELLS, Expect};
use phases::Phases;

/// What was measured of one cell, a value for each round.
#[derive(Debug, Default)]
struct Cell {
    woozle: Vec<f64>,
    rustc: Vec<f64>,
    evcxr: Vec<f64>,
    /// Why evcxr_jupyter failed.
    failed: Option<String>,
}

pub(crate) fn measure(context: &Context) -> anyhow::Result<Section> {
    let mut cells: Vec<Cell> = CELLS.iter().map(|_| Cell::default()).collect();
    let mut phases = Phases::default();
    for round in 0..rounds(3) {
        eprintln!("cells: round {}", round + 1);
        one_round(context, &mut cells, &mut phases, round == 0)?;
    }
    Ok(section(context, &cells, &phases))
}

fn one_round(
    context: &Context,
    cells: &mut [Cell],
    phases: &mut Phases,
    first: bool,
) -> anyhow::Result<()> {
    let mut woozle = Kernel::start(&context.woozle)?;
    let mut evcxr = context.evcxr.as_ref().ok().map(Kernel::start).transpose()?;
    // The first cell pays for what starts with it; `startup` measures that.
    woozle.run_well("0")?;
    if let Some(evcxr) = &mut evcxr {
        evcxr.run_well("let warm = 0;")?;
    }
    for (&(_, expect, code), cell) in CELLS.iter().zip(cells) {
        let answer = woozle.run(code)?;
        if let Some(why) = mistake(&answer, expect) {
            anyhow::bail!("Woozle: {code}: {why}");
        }
        cell.woozle.push(answer.time.as_secs_f64());
        let logged = woozle.logged("rustc_us")?;
        let sources = logged.path("sources");
        cell.rustc.push(bare::run(&sources)?.as_secs_f64());
        phases.note(&logged, answer.time.as_secs_f64());
        if first {
            phases.look_into(&sources)?;
        }
        if let Some(evcxr) = &mut evcxr {
            let answer = evcxr.run(code)?;
            match mistake(&answer, expect) {
                None => cell.evcxr.push(answer.time.as_secs_f64()),
                Some(why) => cell.failed = Some(why),
            }
        }
    }
    Ok(())
}

/// What is wrong with an answer.
fn mistake(answer: &Answer, expect: Expect) -> Option<String> {
    match (expect, &answer.error) {
        (Expect::Success, Some(error)) => Some(error.lines().next().unwrap_or_default().to_owned()),
        (Expect::Failure, None) => Some("it should have failed".to_owned()),
        _ => None,
    }
}

fn section(context: &Context, cells: &[Cell], phases: &Phases) -> Section {
    let mut section = Section::new("Cells");
    let rounds = cells.first().map_or(0, |cell| cell.woozle.len());
    section.text(format!(
        "{} cells, {rounds} round(s). Each cell in turn: through Woozle, by bare rustc on the source that Woozle \
         generated for it (its last run, if it took several), through evcxr_jupyter. A time is from the \
         client's request to both the reply and `idle`; with it stand the quartiles of the ratios, pair by pair.",
        cells.len()
    ));
    if let Err(missing) = &context.evcxr {
        section.text(missing.to_string());
    }
    let all = |of: fn(&Cell) -> &Vec<f64>| cells.iter().flat_map(of).copied().collect::<Vec<f64>>();
    let (woozle, rustc) = (all(|c| &c.woozle), all(|c| &c.rustc));
    // Only what both have run.
    let both: Vec<&Cell> = cells.iter().filter(|cell| cell.failed.is_none()).collect();
    let of_both = |of: fn(&Cell) -> &Vec<f64>| -> Vec<f64> {
        both.iter().flat_map(|cell| of(cell)).copied().collect()
    };
    let (ours, evcxr) = (of_both(|c| &c.woozle), of_both(|c| &c.evcxr));

    let mut table = Table::new(["", "median", "p95", "Woozle's ratio to it"]);
    let line = |name: &str, times: &[f64], beside: String| {
        [
            name.to_owned(),
            time(median(times)),
            time(quantile(times, 0.95)),
            beside,
        ]
    };
    table.row(line("Woozle", &woozle, String::new()));
    table.row(line(
        "bare rustc",
        &rustc,
        spread(ratio_of_medians(&woozle, &rustc)),
    ));
    section.budget(
        "a cell, median",
        0.5,
        "bare rustc",
        ratio_of_medians(&woozle, &rustc).median,
    );
    let mut plot = Plot::new("cells", "Time of each cell, sorted", "cells", "ms");
    plot.series.push(sorted("Woozle", &ours));
    plot.series
        .push(sorted("bare rustc", &of_both(|c| &c.rustc)));
    if !evcxr.is_empty() {
        let name = format!("evcxr_jupyter, {} of the cells", both.len());
        table.row(line(&name, &evcxr, spread(ratio_of_medians(&ours, &evcxr))));
        section.budget(
            "a cell, median",
            0.14,
            "evcxr_jupyter",
            ratio_of_medians(&ours, &evcxr).median,
        );
        section.budget(
            "a cell, p95",
            0.25,
            "evcxr_jupyter",
            quantile(&ours, 0.95) / quantile(&evcxr, 0.95),
        );
        plot.series.push(sorted("evcxr_jupyter", &evcxr));
    }
    section.table(table);
    section
        .blocks
        .push(crate::report::document::Block::Plot(plot));
    section.text("Where Woozle's time goes (means):".to_owned());
    section.table(phases.kernel());
    section.text("And where rustc's goes within that, by its own clock, in one run for each cell:");
    section.table(phases.rustc());
    section.text("Each cell (medians):");
    section.table(each(cells));
    section
}

fn each(cells: &[Cell]) -> Table {
    let mut table = Table::new(["kind", "cell", "Woozle", "bare rustc", "evcxr_jupyter"]);
    for (&(kind, _, code), cell) in CELLS.iter().zip(cells) {
        let evcxr = match &cell.failed {
            Some(why) => format!(
                "fails: {}",
                why.chars().take(60).collect::<String>().replace('|', "\\|")
            ),
            None if cell.evcxr.is_empty() => "–".to_owned(),
            None => time(median(&cell.evcxr)),
        };
        table.row([
            kind.to_owned(),
            inline(code),
            time(median(&cell.woozle)),
            time(median(&cell.rustc)),
            evcxr,
        ]);
    }
    table
}

/// All times, the shortest first.
fn sorted(name: &'static str, times: &[f64]) -> Series {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    #[allow(clippy::cast_precision_loss)]
    let points = times.iter().enumerate().map(|(n, time)| {
        let part = (n + 1) as f64 / times.len() as f64 * CELLS.len() as f64;
        (part, time * 1e3)
    });
    Series {
        name,
        points: points.collect(),
    }
}
