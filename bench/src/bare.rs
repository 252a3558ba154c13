//! rustc alone, on the source that Woozle generated for a cell, and `cc`, which it would have link.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::client::peers::sysroot;

/// Repeats rustc's last run for a crate, and links; what it makes is thrown away.
pub(crate) fn run(sources: &Path) -> anyhow::Result<Duration> {
    let folder = tempfile::tempdir()?;
    let mut rustc = rustc(sources, folder.path())?;
    let mut cc = cc(sources, folder.path())?;
    for command in [&mut rustc, &mut cc] {
        command.stdout(Stdio::null()).stderr(Stdio::null());
    }
    let begin = Instant::now();
    // A cell with an error ends with one here, too.
    let compiled = rustc.status().context("rustc cannot be started")?;
    if compiled.success() {
        cc.status().context("cc cannot be started")?;
    }
    Ok(begin.elapsed())
}

/// Links as rustc would have it done. The libraries of other cells are left out, which makes it faster.
fn cc(sources: &Path, output: &Path) -> anyhow::Result<Command> {
    let own = fs::read_to_string(sources.join("rustc.args"))?;
    let externs = own
        .lines()
        .filter_map(|line| line.strip_prefix("--extern="));
    let libraries = externs.filter_map(|named| Some(named.split_once('=')?.1));
    let mut cc = Command::new("cc");
    cc.arg("-shared")
        .arg(output.join(OBJECT))
        .arg("-o")
        .arg(output.join("cell.so"))
        .args(libraries.filter(|library| library.ends_with(".so")))
        .args([
            "-lgcc_s",
            "-lutil",
            "-lrt",
            "-lpthread",
            "-lm",
            "-ldl",
            "-lc",
        ]);
    Ok(cc)
}

const OBJECT: &str = "cell.o";

/// rustc with the arguments of its last run for a crate, but for the folder that it writes to: the
/// session still has the crate's own library.
fn rustc(sources: &Path, output: &Path) -> anyhow::Result<Command> {
    let own = fs::read_to_string(sources.join("rustc.args"))?;
    let lines = own.lines().map(|line| match line.strip_prefix("--emit=") {
        Some(emitted) => {
            let files = emitted.split(',').filter_map(|file| file.split_once('='));
            let files = files.map(|(kind, file)| {
                let name = Path::new(file).file_name().unwrap_or_default();
                format!("{kind}={}", output.join(name).display())
            });
            format!("--emit={}", files.collect::<Vec<_>>().join(","))
        }
        None => line.to_owned(),
    });
    let arguments = output.join("rustc.args");
    fs::write(&arguments, lines.collect::<Vec<_>>().join("\n"))?;
    let mut rustc = Command::new(sysroot()?.join("bin/rustc"));
    rustc
        .arg(format!("@{}", arguments.display()))
        .current_dir(sources);
    Ok(rustc)
}

/// What rustc does meanwhile, in the order of its doing. Its clock for this is for nightly; it is told to
/// take itself for one, which changes nothing of what it makes.
pub(crate) const PASSES: [(&str, &[&str]); 5] = [
    (
        "parse, read crates, expand, resolve",
        &["parse_crate", "macro_expand_crate", "resolve_crate"],
    ),
    (
        "check types and borrows",
        &[
            "type_check_crate",
            "MIR_borrow_checking",
            "MIR_effect_checking",
        ],
    ),
    (
        "other checks",
        &["misc_checking_1", "misc_checking_2", "misc_checking_3"],
    ),
    ("find the code that is needed", &["generate_crate_metadata"]),
    ("make code", &["codegen_crate", "finish_ongoing_codegen"]),
];

/// The seconds of each of [`PASSES`], and of all.
pub(crate) fn passes(sources: &Path) -> anyhow::Result<([f64; PASSES.len()], f64)> {
    let folder = tempfile::tempdir()?;
    let output = rustc(sources, folder.path())?
        .args(["-Ztime-passes", "-Ztime-passes-format=json"])
        .env("RUSTC_BOOTSTRAP", "1")
        .output()
        .context("rustc cannot be started")?;
    let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    let (mut sums, mut total) = ([0.0; PASSES.len()], 0.0);
    for line in said.lines() {
        let Some(json) = line.strip_prefix("time: ") else {
            continue;
        };
        let pass: serde_json::Value = serde_json::from_str(json)?;
        let (name, time) = (pass["pass"].as_str(), pass["time"].as_f64());
        let (name, time) = (name.unwrap_or_default(), time.unwrap_or_default());
        if name == "total" {
            total = time;
        }
        for (sum, (_, names)) in sums.iter_mut().zip(PASSES) {
            if names.contains(&name) {
                *sum += time;
            }
        }
    }
    ensure!(total > 0.0, "rustc has told no times: {}", said.trim());
    Ok((sums, total))
}
