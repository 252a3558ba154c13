//! As `std::thread`, under the schedule.

mod local;
mod scope;
mod spawn;

use std::panic::Location;
use std::time::Duration;

pub use local::{LocalKey, RawKey};
pub use scope::{Scope, ScopedJoinHandle, scope};
pub use shuttle::thread::{AccessError, ThreadId};
pub use spawn::{Builder, JoinHandle, Thread, current, spawn};
pub use std::thread::*;

use crate::engine::clocks::learn_unpark;
use crate::engine::log::{Action, Place, note};
use crate::engine::time as clock;

/// As std's.
#[track_caller]
pub fn yield_now() {
    note(Location::caller(), Action::Yield);
    shuttle::thread::yield_now();
}

/// As std's, by the schedule's clock.
#[track_caller]
pub fn sleep(time: Duration) {
    note(Location::caller(), Action::Sleep(time));
    let end = clock::after(time);
    shuttle::thread::yield_now();
    clock::reach(end);
}

/// As std's.
#[deprecated = "use `sleep`"]
#[track_caller]
pub fn sleep_ms(time: u32) {
    sleep(Duration::from_millis(time.into()));
}

/// As std's.
#[track_caller]
pub fn park() {
    park_for(Location::caller(), "park");
}

/// The running thread parks, for what is called by a method.
pub(crate) fn park_for(place: Place, method: &'static str) {
    note(place, Action::Want(method, 0));
    shuttle::thread::park();
    learn_unpark();
    note(place, Action::Got(method, 0));
}

/// As std's; it may end at any moment.
#[track_caller]
pub fn park_timeout(time: Duration) {
    sleep(time);
}
