//! CPython's side: `cpython.py` in a python3, if there is one.

use std::collections::HashMap;
use std::process::{Command, ExitCode};
use std::time::Duration;

use crate::measure::{heading, is_quick, rounds, row};
use crate::ours;

/// Measures the time of one operation.
type Side = fn() -> Duration;

/// What the script measures, by its names.
const MEASURED: [(&str, &str, Side); 9] = [
    ("lock", "Lock x 100", ours::lock),
    ("rlock", "RLock x 100", ours::rlock),
    ("semaphore", "Semaphore x 100", ours::semaphore),
    ("event", "Event there and back", ours::event),
    ("condition", "Condition there and back", ours::condition),
    ("barrier", "Barrier of 2", ours::barrier),
    ("queue", "Queue 1 to 1", ours::queue),
    ("thread", "Thread start + join", ours::thread),
    ("executor", "submit + result", ours::executor),
];

pub(crate) fn compare() -> ExitCode {
    match python(&["--version"]) {
        Ok(version) => heading(version.trim()),
        Err(error) => {
            println!("CPython is missing here, and so is its side: {error}");
            return ExitCode::SUCCESS;
        }
    }
    let (mut a, mut b) = (HashMap::new(), HashMap::new());
    for _ in 0..rounds() {
        let figures = match figures() {
            Ok(figures) => figures,
            Err(error) => {
                eprintln!("CPython's side failed: {error}");
                return ExitCode::FAILURE;
            }
        };
        for (key, _, ours) in MEASURED {
            a.entry(key).or_insert_with(Vec::new).push(ours());
            let Some(other) = figures.get(key) else {
                eprintln!("CPython's side has not measured: {key}");
                return ExitCode::FAILURE;
            };
            b.entry(key).or_insert_with(Vec::new).push(*other);
        }
    }
    for (key, name, _) in MEASURED {
        let (ours, other) = (a.remove(key), b.remove(key));
        row(name, ours.unwrap_or_default(), other.unwrap_or_default());
    }
    ExitCode::SUCCESS
}

/// One round of the script: lines with a name and nanoseconds.
fn figures() -> Result<HashMap<String, Duration>, String> {
    let quick = if is_quick() { "100" } else { "1" };
    let lines = python(&["-c", include_str!("cpython.py"), quick])?;
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
