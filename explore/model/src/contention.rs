//! Who takes a lock, and waits for it, is noted for the schedule.

use std::engine::parking::Watched;

use super::Wanted;

#[derive(Default)]
pub(crate) struct Contention(Watched);

impl std::fmt::Debug for Contention {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contention { .. }")
    }
}

impl Contention {
    pub(crate) const fn new() -> Self {
        Self(Watched::new())
    }

    pub(crate) fn note_taken(&self) {
        self.0.note_taken();
    }

    pub(crate) fn begin(&self, _: Wanted) {
        self.0.note_wanted();
    }
}

pub(crate) fn all() {}
