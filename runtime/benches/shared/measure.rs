//! How both sides are measured: in turn, in one run; the median counts.

use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

static QUICK: OnceLock<bool> = OnceLock::new();

/// Reads the command line: `--quick` runs everything once and briefly, which shows that it runs;
/// the figures are worth nothing then. cargo itself adds `--bench`.
pub(crate) fn arguments() -> Result<(), ExitCode> {
    let mut quick = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--quick" => quick = true,
            "--bench" => {}
            other => {
                eprintln!("usage: cargo bench -p woozle --bench NAME -- [--quick]");
                eprintln!("no such option: {other}");
                return Err(ExitCode::from(2));
            }
        }
    }
    let _ = QUICK.set(quick);
    Ok(())
}

pub(crate) fn is_quick() -> bool {
    QUICK.get().copied().unwrap_or(false)
}

/// Rounds of each side, in turn.
pub(crate) fn rounds() -> usize {
    if is_quick() { 1 } else { 9 }
}

/// So many operations, or a few.
pub(crate) fn times(n: u32) -> u32 {
    if is_quick() { (n / 100).max(1) } else { n }
}

pub(crate) fn heading(other: &str) {
    println!("{:<38} {:>11} {other:>12} {:>7}", "", "woozle", "ratio");
}

/// Prints the medians and their ratio.
pub(crate) fn row(name: &str, ours: Vec<Duration>, other: Vec<Duration>) {
    let (a, b) = (median(ours), median(other));
    let ratio = a.as_secs_f64() / b.as_secs_f64();
    println!("{name:<38} {a:>11.1?} {b:>12.1?} {ratio:>7.3}");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The time of one of `n` calls.
pub(crate) fn each(n: u32, mut body: impl FnMut()) -> Duration {
    let n = times(n);
    let start = Instant::now();
    for _ in 0..n {
        body();
    }
    start.elapsed() / n
}
