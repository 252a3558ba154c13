//! The numbers of a session's crates.

use std::hash::{BuildHasher as _, RandomState};

/// Numbers that follow each other, from one that is drawn: what one session has compiled is used by others, under the number that
/// it had there.
#[derive(Debug)]
pub(super) struct Serials {
    first: u32,
    last: u32,
}

/// All have as many digits.
const LEAST: u32 = 100_000_000;
const FIRSTS: u64 = 800_000_000;

impl Serials {
    /// None has been given yet.
    pub(super) fn draw() -> Self {
        let drawn = RandomState::new().hash_one(std::process::id()) % FIRSTS;
        let first = LEAST + u32::try_from(drawn).unwrap_or_default();
        Self {
            first,
            last: first - 1,
        }
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u32 {
        self.last += 1;
        self.last
    }

    /// Whether a number was given here.
    pub(super) fn contains(&self, serial: u32) -> bool {
        (self.first..=self.last).contains(&serial)
    }
}
