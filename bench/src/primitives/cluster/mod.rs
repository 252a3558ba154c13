//! Woozle's pools on a cluster of Dask's, beside Dask alone on the same workers.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;

use super::cpython::figures_of;
use super::rows::{self, Row};
use crate::client::kernel::Kernel;
use crate::client::peers::said;
use crate::context::Context;
use crate::measure::{is_quick, rounds};
use crate::report::document::Section;

const SCRIPT: &str = include_str!("dask.py");

/// What both sides measure, with the ratio's limit.
const BESIDE_DASK: [(&str, &str, f64); 3] = [
    ("one", "one task, there and back", 1.5),
    ("burst", "1000 tasks, sent one by one", 1.11),
    ("array", "100 MB there and back", 2.0),
];

/// What is compared with the time that it must take: items that sleep, by their milliseconds and number, and lines.
const ALONE: [(&str, &str, f64); 4] = [
    ("items1", "2,000 items of 1 ms", 1.10),
    ("items10", "400 items of 10 ms", 1.06),
    ("items100", "60 items of 100 ms", 1.05),
    ("lines", "100,000 lines", 1.0),
];

/// How the least that something takes is called, where the cell measures it: with threads alone.
const WITH_THREADS: &str = "threads-";

/// A cluster that ends with this.
struct Cluster {
    process: Child,
    address: String,
}

impl Cluster {
    fn start(python: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(python);
        command.args(["-c", SCRIPT, "serve"]);
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = process.stdout.take().context("a pipe")?;
        let mut address = String::new();
        BufReader::new(stdout).read_line(&mut address)?;
        let address = address.trim().to_owned();
        anyhow::ensure!(!address.is_empty(), "the cluster has not started");
        Ok(Self { process, address })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// The cell that measures our side, and the one before it.
fn cells(python: &Path, address: &str, divisor: u32) -> [String; 2] {
    let python = python.display();
    let prepare = format!(
        r#"use std::time::{{Duration, Instant}};
use woozle::multiprocessing::cluster::Cluster;
let cluster = Cluster::builder({address:?}).python("{python}").connect()?;
assert!(cluster.wait_for_workers(2, Duration::from_secs(60)));
let pool = cluster.pool();
fn same<T>(value: T) -> T {{ value }}
fn nap(ms: u64) {{ std::thread::sleep(Duration::from_millis(ms)) }}
fn lines(n: u32) {{ for i in 0..n {{ println!("{{i:019}}") }} }}
fn say(name: &str, begin: Instant, n: u32) {{ println!("= {{name}} {{}}", (begin.elapsed() / n).as_nanos()) }}
pool.map(same::<u32>, 0..10)?;"#
    );
    let measure = format!(
        r#"let (n, begin) = (50_u32.div_ceil({divisor}), Instant::now());
for _ in 0..n {{ pool.apply(same::<u32>, (1,))?; }}
say("one", begin, n);
let begin = Instant::now();
let results: Vec<_> = (0..1000 / {divisor}).map(|n: u32| pool.apply_async(same::<u32>, (n,))).collect();
for result in results {{ result.get()?; }}
say("burst", begin, 1);
let array = ndarray::Array1::from_elem(12_500_000 / {divisor}, 1.0_f64);
let begin = Instant::now();
pool.apply(same::<ndarray::Array1<f64>>, (array,))?;
say("array", begin, 1);
for (name, ms, items) in [("items1", 1, 2000), ("items10", 10, 400), ("items100", 100, 60)] {{
    let begin = Instant::now();
    pool.map(nap, vec![ms; items / {divisor} + 1])?;
    say(name, begin, 1);
    let begin = Instant::now();
    std::thread::scope(|scope| for _ in 0..2 {{
        scope.spawn(|| for _ in 0..(items / {divisor} + 1) / 2 {{ nap(ms) }});
    }});
    say(&format!("{WITH_THREADS}{{name}}"), begin, 1);
}}
let begin = Instant::now();
pool.apply(lines, (100_000 / {divisor},))?;
say("lines", begin, 1);"#
    );
    [prepare, measure]
}

pub(crate) fn measure(context: &Context) -> anyhow::Result<Section> {
    eprintln!("cluster");
    let mut section = Section::new("Pools on a cluster");
    section.text(
        "`woozle::multiprocessing::cluster` on a scheduler and two workers of Dask's on this machine, beside Dask's own client \
         with functions of Python on the same ones; for an array, the fastest way that Dask has (`scatter(direct=True)`). Items that sleep are \
         compared with the same on two threads of the session, and lines with two seconds.",
    );
    if let Err(why) = said(Command::new(&context.python).args(["-c", "import distributed"])) {
        section.text(format!(
            "Dask is not measured ({why}); to install it: `python3 -m pip install distributed numpy`"
        ));
        return Ok(section);
    }
    let divisor = if is_quick() { 100 } else { 1 };
    let cluster = Cluster::start(&context.python)?;
    let mut kernel = Kernel::start(&context.woozle)?;
    let [prepare, cell] = cells(&context.python, &cluster.address, divisor);
    kernel.run_well(&prepare)?;
    let named = BESIDE_DASK.iter().chain(&ALONE);
    let mut rows: Vec<Row> = named
        .map(|&(_, name, limit)| Row {
            name,
            ours: Vec::new(),
            other: Vec::new(),
            limit: Some(limit),
        })
        .collect();
    for _ in 0..rounds(5) {
        let mut dask = Command::new(&context.python);
        dask.args(["-c", SCRIPT, &cluster.address, &divisor.to_string()]);
        let dask = figures_of(&said(&mut dask)?)?;
        let printed = kernel.run_well(&cell)?.stdout;
        let told: Vec<&str> = printed
            .lines()
            .filter_map(|line| line.strip_prefix("= "))
            .collect();
        let ours = figures_of(&told.join("\n"))?;
        let keys = BESIDE_DASK.iter().chain(&ALONE).map(|(key, ..)| *key);
        for (row, key) in rows.iter_mut().zip(keys) {
            let other = match key {
                "lines" => Duration::from_secs(2) / divisor,
                key if key.starts_with("items") => figure(&ours, &format!("{WITH_THREADS}{key}"))?,
                key => figure(&dask, key)?,
            };
            row.ours.push(figure(&ours, key)?);
            row.other.push(other);
        }
    }
    rows::add(&mut section, "Dask alone, or the least possible", &rows);
    Ok(section)
}

fn figure(figures: &HashMap<String, Duration>, key: &str) -> anyhow::Result<Duration> {
    let figure = figures.get(key).copied();
    figure.with_context(|| format!("{key} was not measured"))
}
