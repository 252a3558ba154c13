//! Who collects: the thread that waits for a result, or the pool's own.

use std::sync::{Arc, TryLockError};
use std::time::Instant;

use super::shared::Shared;
use crate::multiprocessing::pool::doorbell::Sleeper;
use crate::timeline;
use crate::wait::{Deadline, Wanted};

impl Shared {
    /// The life of the pool's own thread.
    pub(in crate::multiprocessing::pool) fn handle(self: &Arc<Self>) {
        while !self.is_finished() {
            self.collect();
            self.doorbell.wake_helper();
            if !self.is_finished() {
                let something = || self.is_something() || self.is_finished();
                self.doorbell.sleep(Sleeper::Handler, None, something);
            }
        }
    }

    /// Waits until `ready`, and collects meanwhile if nobody else of the user's threads does; `sleep`
    /// waits for `ready` alone.
    pub(in crate::multiprocessing::pool) fn wait(
        self: &Arc<Self>,
        deadline: Deadline,
        ready: &dyn Fn() -> bool,
        sleep: &dyn Fn(Deadline) -> bool,
    ) -> bool {
        if ready() {
            return true;
        }
        let helping = match self.helping.try_lock() {
            Ok(helping) => helping,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return sleep(deadline),
        };
        let helper = Helper::enter(self);
        let in_time = loop {
            crate::process::interrupt::check();
            self.collect();
            if ready() {
                break true;
            }
            if self.is_finished() {
                break sleep(deadline);
            }
            let left = deadline
                .instant()
                .map(|instant| instant.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                break false;
            }
            let something = || self.is_something() || ready();
            for _ in 0..u32::from(self.spin) * 8 {
                if something() {
                    break;
                }
                std::hint::spin_loop();
            }
            let noted = timeline::waits_for(Wanted::Future.name(), 0);
            self.doorbell.sleep(Sleeper::Helper, left, something);
            drop(noted);
        };
        // The next helper comes only when this one has said that it is gone.
        drop(helper);
        drop(helping);
        in_time
    }
}

/// A thread of the user's that collects while it waits.
struct Helper<'a>(&'a Shared);

impl<'a> Helper<'a> {
    fn enter(shared: &'a Shared) -> Self {
        shared.doorbell.set_helper(true);
        Self(shared)
    }
}

impl Drop for Helper<'_> {
    fn drop(&mut self) {
        self.0.doorbell.set_helper(false);
        if self.0.is_something() {
            // What came while nobody was to be woken for it.
            self.0.doorbell.ring();
        }
    }
}
