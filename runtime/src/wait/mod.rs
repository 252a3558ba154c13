//! Waiting is done in one place: every blocking call of `threading`, `queue` and `concurrent` ends in
//! [`park`].
//!
//! A thread parks on a *word*, an atomic that belongs to the primitive, and is woken through the
//! same word, in the order of arrival. Under it lies `parking_lot_core`: a wait without a time
//! limit is a futex wait without one, which is how the host tells a settled thread.
//!
//! - [`park`], [`wake_one_with`]: the ground, used as it is by the raw lock.
//! - [`WaitSet`]: "wait until this holds", on which all other primitives are built.
//! - [`waiting`], [`contention`](contention()): who waits for what, and how long threads have waited for locks, for reports.

#[cfg_attr(explored, path = "../../../explore/model/src/contention.rs")]
mod contention;
mod deadline;
#[cfg_attr(explored, path = "../../../explore/model/src/parking.rs")]
mod parking;
#[cfg_attr(explored, path = "../../../explore/model/src/record.rs")]
mod record;
mod set;
#[cfg(test)]
mod tests;
mod wanted;

use std::time::Duration;

pub(crate) use contention::{Contention, all as contention};
pub(crate) use deadline::Deadline;
pub(crate) use parking::{SpinWait, park, wake_interrupted, wake_one_with};
pub(crate) use record::{holders, renumber, waiting};
pub(crate) use set::WaitSet;
pub(crate) use wanted::{Waiting, Wanted};

/// How a [`park`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wake {
    /// Another thread woke this one and left it this token.
    Woken(usize),
    /// The thread did not sleep: the condition for it no longer held.
    Unneeded,
    /// The deadline passed, and nobody has woken the thread.
    TimedOut,
}

/// What the waker is told, while nobody else can park on the word or leave it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waker {
    /// Whether there is a thread to wake.
    pub(crate) found: bool,
    /// Whether more threads stay parked on the word.
    pub(crate) have_more: bool,
    /// How long that thread has been parked.
    pub(crate) waited: Duration,
}
