//! Functions defined in cells, and the same text as a program under `rustc -O`; in turn.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::client::kernel::Kernel;
use crate::client::peers::said;
use crate::context::Context;
use crate::measure::{is_quick, rounds};
use crate::report::document::{Section, Table, spread, time};
use crate::report::stats::{median, ratio};

const FUNCTIONS: &str = include_str!("functions.rs");

/// The functions with an argument that makes them take some tens of milliseconds.
const CALLS: [(&str, u64); 8] = [
    ("sum_u32", 30_000_000),
    ("collatz", 150_000),
    ("fibonacci", 32),
    ("sieve", 8_000_000),
    ("matrices", 250),
    ("mandelbrot", 500),
    ("words", 250_000),
    ("sort", 800_000),
];

/// The seconds of the faster of three calls, since what disturbs one only ever adds time.
const CLOCK: &str = "pub fn clock(function: fn(u64) -> u64, n: u64) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..3 {
        let begin = std::time::Instant::now();
        std::hint::black_box(function(std::hint::black_box(n)));
        best = best.min(begin.elapsed().as_secs_f64());
    }
    best
}";

/// The seconds that a function takes.
#[derive(Clone, Debug, Default)]
struct Times {
    cell: Vec<f64>,
    /// The program as it is.
    alone: Vec<f64>,
    /// The program with a second thread.
    with_thread: Vec<f64>,
}

pub(crate) fn measure(context: &Context) -> anyhow::Result<Section> {
    let folder = tempfile::tempdir()?;
    let program = program(folder.path())?;
    let mut kernel = Kernel::start(&context.woozle)?;
    for function in FUNCTIONS.split("\n\n").skip(1) {
        kernel.run_well(function)?;
    }
    kernel.run_well(CLOCK)?;
    let mut times = vec![Times::default(); CALLS.len()];
    for round in 0..rounds(7) {
        eprintln!("compute: round {}", round + 1);
        for ((name, n), times) in calls().zip(&mut times) {
            let cell = format!("clock({name}, {n})");
            let result = kernel.run_well(&cell)?.result.context("a time")?;
            times.cell.push(result.parse::<f64>()?);
            let mut alone = Command::new(&program);
            alone.args([name, &n.to_string()]);
            times.alone.push(said(&mut alone)?.parse::<f64>()?);
            let mut with_thread = Command::new(&program);
            with_thread.args([name, &n.to_string(), "thread"]);
            let printed = said(&mut with_thread)?;
            times.with_thread.push(printed.parse::<f64>()?);
        }
    }
    let mut section = Section::new("Computing");
    section.text(
        "Functions that are defined in cells, one in each, and the same text compiled by `rustc -O` into a program, \
         in turn. Each figure is the median over the rounds, each of them the fastest of three calls.\n\nThe process of \
         the cells has a second thread, which takes what they print, so that output and interrupts do not wait for a \
         cell. From the second thread on, glibc's `malloc` and `realloc` take locks, which costs `words` a seventh in any \
         program: that is why the program is measured with a second thread too, one that sleeps.",
    );
    let mut table = Table::new([
        "function",
        "in a cell",
        "rustc -O",
        "ratio",
        "with a second thread",
        "ratio to that",
    ]);
    let (mut ratios, mut slowest) = (Vec::new(), 0.0_f64);
    for ((name, n), times) in calls().zip(&times) {
        let alone = ratio(&times.cell, &times.alone);
        ratios.push(alone.median);
        let beside_thread = ratio(&times.cell, &times.with_thread);
        slowest = slowest.max(beside_thread.median);
        table.row([
            format!("`{name}({n})`"),
            time(median(&times.cell)),
            time(median(&times.alone)),
            spread(alone),
            time(median(&times.with_thread)),
            spread(beside_thread),
        ]);
    }
    section.table(table);
    section.budget(
        "a function that computes, median",
        1.1,
        "rustc -O",
        median(&ratios),
    );
    section.budget(
        "a function that computes, the slowest",
        1.05,
        "rustc -O, with a second thread",
        slowest,
    );
    Ok(section)
}

fn calls() -> impl Iterator<Item = (&'static str, u64)> {
    CALLS.iter().map(|&(name, n)| match (is_quick(), name) {
        (true, "fibonacci") => (name, 20),
        (true, _) => (name, n / 100 + 2),
        (false, _) => (name, n),
    })
}

/// The same functions as a program, which takes a name and an argument, and whether it has a second thread.
fn program(folder: &Path) -> anyhow::Result<std::path::PathBuf> {
    let arms = CALLS
        .iter()
        .map(|(name, _)| format!("        \"{name}\" => {name},\n"));
    let main = format!(
        "fn main() {{\n    let arguments: Vec<String> = std::env::args().collect();\n    \
         if arguments.len() > 3 {{ std::thread::spawn(|| loop {{ std::thread::park() }}); }}\n    \
         let function: fn(u64) -> u64 = match &*arguments[1] {{\n{}        _ => panic!(),\n    }};\n    \
         println!(\"{{:?}}\", clock(function, arguments[2].parse().unwrap()));\n}}\n",
        arms.collect::<String>()
    );
    let (source, program) = (folder.join("functions.rs"), folder.join("functions"));
    fs::write(&source, format!("{FUNCTIONS}\n{CLOCK}\n{main}"))?;
    let built = Command::new("rustc")
        .args(["--edition=2024", "-O", "-Awarnings", "-o"])
        .arg(&program)
        .arg(&source)
        .output()?;
    ensure!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    Ok(program)
}
