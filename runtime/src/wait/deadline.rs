//! Until when a thread waits.

use std::time::{Duration, Instant};

/// The instant until which a thread waits, or never.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// Waits until it is woken.
    pub(crate) const NEVER: Self = Self(None);

    /// Waits for at most this long. What is too long for the clock to count is for ever.
    pub(crate) fn after(timeout: Duration) -> Self {
        Self(Instant::now().checked_add(timeout))
    }

    /// The instant, if there is one.
    pub(crate) fn instant(self) -> Option<Instant> {
        self.0
    }
}

impl From<Option<Instant>> for Deadline {
    fn from(instant: Option<Instant>) -> Self {
        Self(instant)
    }
}
