//! How fast text may go to an interactive client.
//!
//! JupyterLab's server discards what exceeds 3 MB within 3 seconds, so what a program prints faster has to wait.
//! A headless client has no such limit.

use std::time::{Duration, Instant};

/// What may go out at once.
const CAPACITY: f64 = 1_200_000.0;
/// What may go out in each second after that.
///
/// The most within any 3 seconds is `CAPACITY + 3 * RATE` and one message more, 2.9 MB.
const RATE: f64 = 400_000.0;

/// A token bucket of bytes.
#[derive(Debug)]
pub(super) struct Pacing {
    /// Negative after a message that was larger than what was left.
    bytes: f64,
    at: Instant,
}

impl Pacing {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            bytes: CAPACITY,
            at: now,
        }
    }

    pub(super) fn spend(&mut self, now: Instant, bytes: usize) {
        self.bytes = self.bytes_at(now) - bytes as f64;
        self.at = now;
    }

    /// From when on the next message may go out.
    pub(super) fn free_at(&self, now: Instant) -> Instant {
        let bytes = self.bytes_at(now);
        if bytes >= 0.0 {
            return now;
        }
        // A little later than exact, so that rounding does not make the caller wait again for nothing.
        now + Duration::from_secs_f64(-bytes / RATE) + Duration::from_millis(1)
    }

    fn bytes_at(&self, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        (self.bytes + passed * RATE).min(CAPACITY)
    }
}
