//! How both sides are measured: in turn, in one run; the median counts.

use std::process::ExitCode;
use std::sync::OnceLock;
use std::thread;
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
                eprintln!("usage: cargo bench -p woozle --bench threading -- [--quick]");
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

/// Measures both sides in turn. Each returns the time of one operation.
pub(crate) fn compare(name: &str, ours: fn() -> Duration, other: fn() -> Duration) {
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for _ in 0..rounds() {
        a.push(ours());
        b.push(other());
    }
    row(name, a, b);
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

/// The time of a hundred calls, for those that take less than the clock can tell.
pub(crate) fn hundred(n: u32, mut body: impl FnMut()) -> Duration {
    each(n, || (0..100).for_each(|_| body()))
}

/// The time of one of `n` calls made by each of `threads` threads at once.
pub(crate) fn together(threads: u32, n: u32, body: impl Fn() + Sync) -> Duration {
    let n = times(n);
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| (0..n).for_each(|_| body()));
        }
    });
    start.elapsed() / (n * threads)
}

/// The time of one round trip between two threads.
pub(crate) fn ping_pong(
    mut answer: impl FnMut() + Send + 'static,
    mut ask: impl FnMut() + Send + 'static,
) -> Duration {
    const N: u32 = 3_000;
    let other = thread::spawn(move || (0..times(N)).for_each(|_| answer()));
    let time = each(N, &mut ask);
    other.join().unwrap();
    time
}

/// The time of one item that goes from a thread to another.
pub(crate) fn hand_over(put: impl Fn(u32) + Send, mut get: impl FnMut()) -> Duration {
    let n = times(200_000);
    let start = Instant::now();
    thread::scope(|scope| {
        scope.spawn(move || (0..n).for_each(put));
        (0..n).for_each(|_| get());
    });
    start.elapsed() / n
}
