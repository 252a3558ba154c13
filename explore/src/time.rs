//! As `std::time`, by the schedule's clock.

use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::panic::Location;
pub use std::time::*;

use crate::engine::time;

/// As std's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Duration);

/// As std's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SystemTime(std::time::SystemTime);

/// As std's.
pub const UNIX_EPOCH: SystemTime = SystemTime(std::time::UNIX_EPOCH);

/// When a run begins: in 2026.
const BEGINNING: Duration = Duration::from_secs(1_767_225_600);

/// All instants are so late that one before can be told.
const BEFORE: Duration = Duration::from_secs(86_400);

impl Instant {
    /// As std's.
    #[track_caller]
    #[must_use]
    pub fn now() -> Self {
        Self(time::look(Location::caller()) + BEFORE)
    }

    /// It is at least this late.
    #[doc(hidden)]
    pub fn reach(self) {
        time::reach(self.0.saturating_sub(BEFORE));
    }

    /// As std's.
    #[must_use]
    pub fn duration_since(&self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }

    /// As std's.
    #[must_use]
    pub fn checked_duration_since(&self, earlier: Self) -> Option<Duration> {
        self.0.checked_sub(earlier.0)
    }

    /// As std's.
    #[must_use]
    pub fn saturating_duration_since(&self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }

    /// As std's.
    #[track_caller]
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        Self(time::look(Location::caller()) + BEFORE).duration_since(*self)
    }

    /// As std's.
    #[must_use]
    pub fn checked_add(&self, time: Duration) -> Option<Self> {
        // As far as std's clock goes.
        let sum = self.0.checked_add(time)?;
        (sum.as_secs() <= i64::MAX.unsigned_abs()).then_some(Self(sum))
    }

    /// As std's.
    #[must_use]
    pub fn checked_sub(&self, time: Duration) -> Option<Self> {
        self.0.checked_sub(time).map(Self)
    }
}

impl Sub<Instant> for Instant {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        self.duration_since(earlier)
    }
}

impl SystemTime {
    /// As std's.
    pub const UNIX_EPOCH: Self = UNIX_EPOCH;

    /// As std's, but that each run begins at the same time.
    #[track_caller]
    #[must_use]
    pub fn now() -> Self {
        Self(std::time::UNIX_EPOCH + BEGINNING + time::look(Location::caller()))
    }

    /// As std's.
    ///
    /// # Errors
    /// When the other one is later.
    pub fn duration_since(&self, earlier: Self) -> Result<Duration, SystemTimeError> {
        self.0.duration_since(earlier.0)
    }

    /// As std's.
    ///
    /// # Errors
    /// When this one is later.
    #[track_caller]
    pub fn elapsed(&self) -> Result<Duration, SystemTimeError> {
        Self::now().duration_since(*self)
    }

    /// As std's.
    #[must_use]
    pub fn checked_add(&self, time: Duration) -> Option<Self> {
        self.0.checked_add(time).map(Self)
    }

    /// As std's.
    #[must_use]
    pub fn checked_sub(&self, time: Duration) -> Option<Self> {
        self.0.checked_sub(time).map(Self)
    }
}

macro_rules! counts {
    ($($name:ident)*) => { $(
        impl Add<Duration> for $name {
            type Output = Self;

            fn add(self, time: Duration) -> Self {
                Self(self.0 + time)
            }
        }

        impl Sub<Duration> for $name {
            type Output = Self;

            fn sub(self, time: Duration) -> Self {
                Self(self.0 - time)
            }
        }

        impl AddAssign<Duration> for $name {
            fn add_assign(&mut self, time: Duration) {
                *self = *self + time;
            }
        }

        impl SubAssign<Duration> for $name {
            fn sub_assign(&mut self, time: Duration) {
                *self = *self - time;
            }
        }
    )* };
}
counts!(Instant SystemTime);
