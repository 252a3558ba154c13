//! How what several threads do is measured.

use std::thread;
use std::time::{Duration, Instant};

use crate::measure::{each, times};

/// The time of a hundred calls, for those that take less than the clock can tell.
pub(super) fn hundred(n: u32, mut body: impl FnMut()) -> Duration {
    each(n, || (0..100).for_each(|_| body()))
}

/// The time of one of `n` calls made by each of `threads` threads at once.
pub(super) fn together(threads: u32, n: u32, body: impl Fn() + Sync) -> Duration {
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
pub(super) fn ping_pong(
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
pub(super) fn hand_over(put: impl Fn(u32) + Send, mut get: impl FnMut()) -> Duration {
    let n = times(200_000);
    let start = Instant::now();
    thread::scope(|scope| {
        scope.spawn(move || (0..n).for_each(put));
        (0..n).for_each(|_| get());
    });
    start.elapsed() / n
}
