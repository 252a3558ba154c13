//! Where the time of a cell goes, for the log (`WOOZLE_LOG=woozle::phases=debug`) and the benchmark.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::compiler::profile::Times;

/// The log's target.
const TARGET: &str = "woozle::phases";

/// The clock of one cell.
#[derive(Debug)]
pub(crate) struct Phases {
    since: Instant,
    compiled: Duration,
    ran: Duration,
}

impl Phases {
    pub(crate) fn begin() -> Self {
        Self {
            since: Instant::now(),
            compiled: Duration::ZERO,
            ran: Duration::ZERO,
        }
    }

    fn lap(&mut self) -> Duration {
        let now = Instant::now();
        now - std::mem::replace(&mut self.since, now)
    }

    pub(crate) fn compiled(&mut self) {
        self.compiled = self.lap();
    }

    pub(crate) fn ran(&mut self) {
        self.ran = self.lap();
    }

    /// Writes the line.
    pub(crate) fn log(mut self, times: &Times, sources: &Path) {
        let remembered = self.lap();
        tracing::debug!(
            target: TARGET,
            compiler_us = micros(self.compiled.saturating_sub(times.rustc)),
            rustc_us = micros(times.rustc.saturating_sub(times.linking)),
            linking_us = micros(times.linking),
            runs = times.runs,
            host_us = micros(self.ran),
            remember_us = micros(remembered),
            sources = %sources.display(),
        );
    }
}

/// Notes a checkpoint that the host has made.
pub(crate) fn log_copy(copied: &woozle::protocol::Copied) {
    tracing::debug!(
        target: TARGET,
        copy_us = copied.microseconds,
        resident = copied.resident,
        threads = copied.threads,
    );
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
