//! CPython's side: a script in a python3, if there is one.

use std::collections::HashMap;
use std::process::{Command, ExitCode};
use std::time::Duration;

use crate::measure::{heading, is_quick, rounds, row};

/// Measures the time of one operation.
pub(crate) type Side = fn() -> Duration;

/// What a script measures: by its name there, by its name here, and our side.
pub(crate) type Measured = [(&'static str, &'static str, Side)];

/// Runs a script, of Python alone or of a package, and our side in turn, and prints the rows.
pub(crate) fn compare(package: Option<&str>, script: &str, measured: &Measured) -> ExitCode {
    let version = match package {
        None => python(&["--version"]),
        Some(name) => {
            let code = format!("import {name}; print('{name}', {name}.__version__)");
            python(&["-c", &code])
        }
    };
    match version {
        Ok(version) => heading(version.trim()),
        Err(error) => {
            let (other, mend) = match package {
                None => ("CPython", "install python3".to_owned()),
                Some(name) => (name, format!("python3 -m pip install {name}")),
            };
            let why = error.trim().lines().last().unwrap_or_default().to_owned();
            println!("{other} is missing here, and so is its side ({mend}): {why}");
            return ExitCode::SUCCESS;
        }
    }
    let (mut a, mut b) = (HashMap::new(), HashMap::new());
    for _ in 0..rounds() {
        let figures = match figures(script) {
            Ok(figures) => figures,
            Err(error) => {
                eprintln!("CPython's side failed: {error}");
                return ExitCode::FAILURE;
            }
        };
        for &(key, _, ours) in measured {
            a.entry(key).or_insert_with(Vec::new).push(ours());
            let Some(other) = figures.get(key) else {
                eprintln!("CPython's side has not measured: {key}");
                return ExitCode::FAILURE;
            };
            b.entry(key).or_insert_with(Vec::new).push(*other);
        }
    }
    for &(key, name, _) in measured {
        let (ours, other) = (a.remove(key), b.remove(key));
        row(name, ours.unwrap_or_default(), other.unwrap_or_default());
    }
    ExitCode::SUCCESS
}

/// One round of the script: lines with a name and nanoseconds.
fn figures(script: &str) -> Result<HashMap<String, Duration>, String> {
    let quick = if is_quick() { "100" } else { "1" };
    let lines = python(&["-c", script, quick])?;
    let figure = |line: &str| {
        let (name, nanoseconds) = line.split_once(' ')?;
        let seconds = nanoseconds.parse::<f64>().ok()? / 1e9;
        Some((name.to_owned(), Duration::try_from_secs_f64(seconds).ok()?))
    };
    lines
        .lines()
        .map(|line| figure(line).ok_or_else(|| format!("not a figure: {line}")))
        .collect()
}

fn python(arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("python3")
        .args(arguments)
        .output()
        .map_err(|error| format!("python3: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("python3: {}: {said}", output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
