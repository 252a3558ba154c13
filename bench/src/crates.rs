//! Crates by `:dep`: added to a session, and built by cargo alone.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::ensure;
use tempfile::TempDir;
use woozle_kernel::build::cache;

use crate::client::kernel::Kernel;
use crate::client::peers::Peer;
use crate::context::Context;
use crate::measure::{is_quick, rounds};
use crate::report::document::{Section, Table, figure, inline, time};
use crate::report::stats::median;

const LINES: [&str; 6] = [
    "csv = \"1\"",
    "serde_json = \"1\"",
    "rand_distr = \"0.6\"",
    "itertools = \"0.14\"",
    "regex = \"1\"",
    "tokio = { version = \"1\", features = [\"full\"] }",
];

#[derive(Debug, Default)]
struct Times {
    cargo: Vec<f64>,
    first: Vec<f64>,
    again: Vec<f64>,
}

pub(crate) fn measure(context: &Context) -> anyhow::Result<Section> {
    // So that the runtime is built, which happens once.
    Kernel::start(&context.woozle)?.run_well("1")?;
    let fresh = cache_with_runtime(&context.woozle)?;
    let lines = if is_quick() { &LINES[..1] } else { &LINES[..] };
    let mut all: Vec<Times> = lines.iter().map(|_| Times::default()).collect();
    for round in 0..rounds(3) {
        for (line, times) in lines.iter().zip(&mut all) {
            eprintln!("crates: round {}, {line}", round + 1);
            times.cargo.push(by_cargo(line)?);
            let cache = copied(&fresh)?;
            times.first.push(in_a_cell(&context.woozle, line, &cache)?);
            times.again.push(in_a_cell(&context.woozle, line, &cache)?);
        }
    }
    let mut section = Section::new("Crates");
    section.text(
        "A cell with a `:dep` line, in a cache that has the runtime alone, beside `cargo build --release` of a package with that \
         line; both have the sources on the disk. Then the same cell in another kernel. Medians.",
    );
    let mut table = Table::new(["line", "cargo", "the cell", "ratio", "in the next kernel"]);
    for (line, times) in lines.iter().zip(&all) {
        let (cargo, first) = (median(&times.cargo), median(&times.first));
        table.row([
            inline(line),
            time(cargo),
            time(first),
            figure(first / cargo),
            time(median(&times.again)),
        ]);
    }
    section.table(table);
    let sum = |of: fn(&Times) -> &Vec<f64>| all.iter().map(|times| median(of(times))).sum::<f64>();
    let ratio = sum(|times| &times.first) / sum(|times| &times.cargo);
    section.budget("adding crates", 1.2, "cargo build", ratio);
    Ok(section)
}

/// How long cargo takes for a package with this line.
fn by_cargo(line: &str) -> anyhow::Result<f64> {
    let folder = tempfile::tempdir()?;
    let manifest = format!(
        "[package]\nname = \"beside\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[lib]\npath = \"lib.rs\"\n\n\
         [workspace]\n\n[dependencies]\n{line}\n"
    );
    fs::write(folder.path().join("Cargo.toml"), manifest)?;
    fs::write(folder.path().join("lib.rs"), "")?;
    let cargo = |arguments: &[&str]| -> anyhow::Result<()> {
        let status = Command::new("cargo")
            .args(arguments)
            .current_dir(folder.path())
            .env("CARGO_TARGET_DIR", folder.path().join("target"))
            .stderr(Stdio::null())
            .status()?;
        ensure!(status.success(), "cargo {arguments:?} failed for {line}");
        Ok(())
    };
    cargo(&["fetch"])?;
    let begin = Instant::now();
    cargo(&["build", "--release", "--quiet"])?;
    Ok(begin.elapsed().as_secs_f64())
}

/// How long a cell with this line takes in a new kernel.
fn in_a_cell(woozle: &Peer, line: &str, cache: &TempDir) -> anyhow::Result<f64> {
    let mut peer = woozle.clone();
    let path: OsString = cache.path().into();
    peer.environment.push(("WOOZLE_CACHE", path));
    let mut kernel = Kernel::start(&peer)?;
    kernel.run_well("1")?;
    let cell = kernel.run_well(&format!(":dep {line}"))?;
    Ok(cell.time.as_secs_f64())
}

/// A cache in which the runtime has been built, and nothing else.
pub(crate) fn cache_with_runtime(woozle: &Peer) -> anyhow::Result<TempDir> {
    let cache = tempfile::tempdir_in(cache::folder())?;
    // In a quick run that of all others will do, whatever has been built beside it.
    let runtimes = fs::read_dir(cache::folder())?.filter_map(|entry| {
        let path = entry.ok()?.path();
        let name = path.file_name()?.to_str()?;
        let used = fs::metadata(path.join("libraries")).ok()?.modified().ok()?;
        name.starts_with("runtime-").then_some((used, path))
    });
    match runtimes.max() {
        Some((_, newest)) if is_quick() => copy(&newest, cache.path())?,
        _ => {
            let mut peer = woozle.clone();
            peer.environment.push(("WOOZLE_CACHE", cache.path().into()));
            Kernel::start(&peer)?.run_well("1")?;
        }
    }
    Ok(cache)
}

/// Another cache with the same runtime.
fn copied(cache: &TempDir) -> anyhow::Result<TempDir> {
    let another = tempfile::tempdir_in(cache::folder())?;
    for entry in fs::read_dir(cache.path())?.flatten() {
        if entry.file_name().to_string_lossy().starts_with("runtime-") {
            copy(&entry.path(), another.path())?;
        }
    }
    Ok(another)
}

fn copy(folder: &Path, into: &Path) -> anyhow::Result<()> {
    let copied = Command::new("cp")
        .arg("-a")
        .arg(folder)
        .arg(into)
        .status()?;
    ensure!(copied.success(), "{} cannot be copied", folder.display());
    Ok(())
}
