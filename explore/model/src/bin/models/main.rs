//! The runtime's algorithms under many schedules, with the orderings of C11: `models [NAME]`.
//!
//! It prints as `cargo test` does.

mod algorithms;

use std::engine::search::{self, Found};
use std::process::ExitCode;
use std::time::Duration;

/// So many schedules at most of each, and so long.
const SCHEDULES: usize = 8_000;
const TIME: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let mut failed = 0;
    let chosen = algorithms::ALL
        .iter()
        .filter(|(name, _)| name.contains(&wanted));
    let chosen: Vec<_> = chosen.collect();
    for (name, body) in &chosen {
        let found = search::check(*body, SCHEDULES, TIME);
        say(&told(name, &found));
        failed += usize::from(found.failure.is_some());
    }
    let passed = chosen.len() - failed;
    let result = if failed == 0 { "ok" } else { "FAILED" };
    say(&format!(
        "test result: {result}. {passed} passed; {failed} failed"
    ));
    ExitCode::from(u8::from(failed > 0))
}

fn told(name: &str, found: &Found) -> String {
    let (runs, time) = (found.runs, found.time.as_secs_f64());
    match &found.failure {
        None if found.all.is_some() => format!("test {name} ... ok (all schedules, {time:.1} s)"),
        None => format!("test {name} ... ok ({runs} schedules, {time:.1} s)"),
        Some(failure) => format!("test {name} ... FAILED in schedule {runs}: {failure}"),
    }
}

/// Prints: `println!` would be a step of a schedule.
fn say(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{line}"); // nobody reads
}
