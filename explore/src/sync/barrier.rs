//! `Barrier`.

use std::fmt;
use std::panic::Location;

use shuttle::sync as model;
pub use shuttle::sync::BarrierWaitResult;

use crate::engine::clocks::switch;
use crate::engine::log::{Action, Object, note};

/// As std's.
pub struct Barrier {
    object: Object,
    inner: model::Barrier,
}

impl Barrier {
    /// As std's.
    #[track_caller]
    #[must_use]
    pub fn new(threads: usize) -> Self {
        Self {
            object: Object::new("Barrier"),
            inner: model::Barrier::new(threads),
        }
    }

    /// As std's.
    #[track_caller]
    pub fn wait(&self) -> BarrierWaitResult {
        let (place, object) = (Location::caller(), self.object.number());
        note(place, Action::Want("barrier", object));
        switch(); // who comes first is the leader, or not
        let result = self.inner.wait();
        note(place, Action::Got("barrier", object));
        result
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Barrier { .. }")
    }
}
