//! `Once`.

/// As parking_lot's.
#[derive(Debug)]
pub struct Once(std::sync::Once);

/// As parking_lot's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnceState {
    /// As parking_lot's; also while it is being done.
    New,
    /// As parking_lot's.
    Done,
}

impl OnceState {
    /// As parking_lot's.
    #[must_use]
    pub fn done(self) -> bool {
        self == Self::Done
    }
}

impl Once {
    /// As parking_lot's.
    #[track_caller]
    pub const fn new() -> Self {
        Self(std::sync::Once::new())
    }

    /// As parking_lot's.
    #[track_caller]
    pub fn call_once(&self, run: impl FnOnce()) {
        self.0.call_once(run);
    }

    /// As parking_lot's.
    #[track_caller]
    pub fn state(&self) -> OnceState {
        match self.0.is_completed() {
            true => OnceState::Done,
            false => OnceState::New,
        }
    }
}

impl Default for Once {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}
