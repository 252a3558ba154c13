//! rustc alone, on the source that Woozle generated for a cell.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::peers::sysroot;

/// Repeats rustc's last run for a crate.
pub(crate) fn run(sources: &Path) -> anyhow::Result<Duration> {
    let mut rustc = Command::new(sysroot()?.join("bin/rustc"));
    rustc
        .arg("@rustc.args")
        .current_dir(sources)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let begin = Instant::now();
    // A cell with an error ends with one here, too.
    rustc.status().context("rustc cannot be started")?;
    Ok(begin.elapsed())
}

/// What rustc does meanwhile, in the order of its doing. Its clock for this is for nightly; it is told to
/// take itself for one, which changes nothing of what it makes.
pub(crate) const PASSES: [(&str, &[&str]); 7] = [
    (
        "parse, expand, resolve",
        &[
            "parse_crate",
            "macro_expand_crate",
            "resolve_crate",
            "complete_gated_feature_checking",
            "early_lint_checks",
            "looking_for_entry_point",
        ],
    ),
    (
        "check types and borrows",
        &[
            "type_check_crate",
            "MIR_borrow_checking",
            "coherence_checking",
            "MIR_effect_checking",
        ],
    ),
    (
        "other analysis",
        &[
            "misc_checking_1",
            "misc_checking_2",
            "misc_checking_3",
            "lint_checking",
        ],
    ),
    ("metadata", &["generate_crate_metadata"]),
    (
        "which code is needed",
        &[
            "monomorphization_collector_graph_walk",
            "partition_and_assert_distinct_symbols",
        ],
    ),
    (
        "make code",
        &[
            "codegen_to_LLVM_IR",
            "LLVM_passes",
            "finish_ongoing_codegen",
        ],
    ),
    ("link", &["link_crate"]),
];

/// The seconds of each of [`PASSES`], and of all.
pub(crate) fn passes(sources: &Path) -> anyhow::Result<([f64; PASSES.len()], f64)> {
    let output = Command::new(sysroot()?.join("bin/rustc"))
        .args(["@rustc.args", "-Ztime-passes", "-Ztime-passes-format=json"])
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(sources)
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
