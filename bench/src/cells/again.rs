//! A notebook that is run a second time, in another kernel: what is compiled then, beside the first time.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::Value;

use crate::client::kernel::Kernel;
use crate::client::peers::{CELL_CACHE, Peer};
use crate::context::Context;
use crate::crates::cache_with_runtime;
use crate::measure::{is_quick, rounds};
use crate::report::document::{Section, Table, figure, time};
use crate::report::stats::median;

/// The notebooks that are run, in the folder of them all; the last one takes the least time.
const NOTEBOOKS: [&str; 2] = ["threading.ipynb", "synchronisation.ipynb"];

/// What one run of a notebook took: its compiling, and everything.
#[derive(Debug, Default)]
struct Times {
    compiling: Vec<f64>,
    all: Vec<f64>,
}

pub(crate) fn measure(context: &Context) -> anyhow::Result<Section> {
    let mut section = Section::new("A notebook again");
    section.text(
        "All cells of a notebook in a kernel of their own, in a cache that has the runtime alone; then again, in another kernel. \
         Compiling is all from a cell's text to its library. Medians.",
    );
    let mut table = Table::new([
        "notebook",
        "compiling",
        "again",
        "ratio",
        "all",
        "again, all",
    ]);
    let notebooks = &NOTEBOOKS[usize::from(is_quick())..];
    let mut ratios = Vec::new();
    for &notebook in notebooks {
        let [mut first, mut second] = [Times::default(), Times::default()];
        for round in 0..rounds(3) {
            eprintln!("again: {notebook}, round {}", round + 1);
            let cache = cache_with_runtime(&context.woozle)?;
            let folder = tempfile::tempdir()?;
            for times in [&mut first, &mut second] {
                one_run(
                    &context.woozle,
                    notebook,
                    cache.path(),
                    folder.path(),
                    times,
                )?;
            }
        }
        let ratio = median(&second.compiling) / median(&first.compiling);
        ratios.push(ratio);
        table.row([
            notebook.to_owned(),
            time(median(&first.compiling)),
            time(median(&second.compiling)),
            figure(ratio),
            time(median(&first.all)),
            time(median(&second.all)),
        ]);
    }
    section.table(table);
    section.budget(
        "a notebook again: compiling",
        0.05,
        "the first time",
        ratios[0],
    );
    Ok(section)
}

fn one_run(
    woozle: &Peer,
    notebook: &str,
    cache: &Path,
    folder: &Path,
    times: &mut Times,
) -> anyhow::Result<()> {
    let mut peer = woozle.clone();
    peer.environment.retain(|(name, _)| *name != CELL_CACHE);
    peer.environment.push(("WOOZLE_CACHE", cache.into()));
    peer.folder = Some(folder.to_owned());
    let mut kernel = Kernel::start(&peer)?;
    kernel.headless = true;
    let (mut compiling, mut all) = (0.0, 0.0);
    for code in cells(notebook)? {
        let answer = kernel.run(&code)?;
        all += answer.time.as_secs_f64();
        // Cells of commands alone, and such as fail on purpose, have no line.
        if answer.error.is_none() && !code.trim_start().starts_with(':') {
            let logged = kernel.logged("rustc_us")?;
            compiling += ["compiler_us", "rustc_us", "linking_us"]
                .map(|name| logged.seconds(name))
                .iter()
                .sum::<f64>();
        }
    }
    times.compiling.push(compiling);
    times.all.push(all);
    Ok(())
}

/// The code of a notebook's cells.
fn cells(notebook: &str) -> anyhow::Result<Vec<String>> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "notebooks", notebook]
        .iter()
        .collect();
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let notebook: Value = serde_json::from_str(&text)?;
    let cells = notebook["cells"].as_array().context("it has no cells")?;
    let code = cells.iter().filter(|cell| cell["cell_type"] == "code");
    let sources = code.map(|cell| match &cell["source"] {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        text => text.as_str().unwrap_or_default().to_owned(),
    });
    Ok(sources.collect())
}
