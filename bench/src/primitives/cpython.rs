//! CPython's side: a script in a python3, if there is one.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;

use super::rows::{Row, Side, rounds};
use crate::client::peers::said;
use crate::measure::is_quick;

/// What a script measures: by its name there, by its name here, our side, and the ratio's limit.
pub(super) type Measured = [(&'static str, &'static str, Side, Option<f64>)];

/// Runs a script, of Python alone or of a package, and our side in turn. The words, if it is not here.
pub(super) fn compare(
    python: &Path,
    package: Option<&str>,
    script: &str,
    measured: &Measured,
) -> anyhow::Result<Result<Vec<Row>, String>> {
    if let Err(missing) = check(python, package) {
        return Ok(Err(missing));
    }
    let mut rows: Vec<Row> = measured
        .iter()
        .map(|&(_, name, _, limit)| Row {
            name,
            ours: Vec::new(),
            other: Vec::new(),
            limit,
        })
        .collect();
    for _ in 0..rounds() {
        let figures = figures(python, script)?;
        for (&(key, _, ours, _), row) in measured.iter().zip(&mut rows) {
            row.ours.push(ours());
            let other = figures.get(key);
            row.other
                .push(*other.with_context(|| format!("CPython's side has not measured {key}"))?);
        }
    }
    Ok(Ok(rows))
}

fn check(python: &Path, package: Option<&str>) -> Result<(), String> {
    let code = package.map_or_else(|| "pass".to_owned(), |name| format!("import {name}"));
    let found = said(Command::new(python).args(["-c", &code]));
    found.map(drop).map_err(|why| match package {
        None => format!("CPython is not measured ({why}); to install it: `apt install python3`"),
        Some(name) => {
            format!(
                "{name} is not measured ({why}); to install it: `python3 -m pip install {name}`"
            )
        }
    })
}

/// One round of the script.
fn figures(python: &Path, script: &str) -> anyhow::Result<HashMap<String, Duration>> {
    let quick = if is_quick() { "100" } else { "1" };
    figures_of(&said(Command::new(python).args(["-c", script, quick]))?)
}

/// Lines with a name and nanoseconds.
pub(super) fn figures_of(lines: &str) -> anyhow::Result<HashMap<String, Duration>> {
    let figure = |line: &str| {
        let (name, nanoseconds) = line.split_once(' ')?;
        let seconds = nanoseconds.parse::<f64>().ok()? / 1e9;
        Some((name.to_owned(), Duration::try_from_secs_f64(seconds).ok()?))
    };
    lines
        .lines()
        .map(|line| figure(line).with_context(|| format!("not a figure: {line}")))
        .collect()
}
