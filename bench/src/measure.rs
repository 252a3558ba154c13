//! How all is measured: in turn, in one run; medians count.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

static QUICK: OnceLock<bool> = OnceLock::new();

pub(crate) fn set_quick(quick: bool) {
    let _ = QUICK.set(quick);
}

pub(crate) fn is_quick() -> bool {
    QUICK.get().copied().unwrap_or(false)
}

/// So many rounds, or one.
pub(crate) fn rounds(n: usize) -> usize {
    if is_quick() { 1 } else { n }
}

/// So many operations, or a few.
pub(crate) fn times(n: u32) -> u32 {
    if is_quick() { (n / 100).max(1) } else { n }
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
