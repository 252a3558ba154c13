//! Waiting until something holds: an event count.

use super::parking::{LongSpin, park, wake_all, wake_some};
use super::{Deadline, Waiting, Wake, Wanted};
use crate::sync::atomic::{AtomicU32, Ordering, fence};

/// The threads that wait until a state has changed.
///
/// The state is the primitive's own: atomics, or fields under a mutex. Whoever changes it calls a
/// `wake` afterwards. No wake is lost: the waiter counts itself in before it looks at the state,
/// the waker changes the state before it looks at the count, so at least one sees the other; and a
/// waiter that has looked too early is kept from sleeping by the `epoch`, which the waker moves on.
#[derive(Debug, Default)]
pub(crate) struct WaitSet {
    epoch: AtomicU32,
    waiters: AtomicU32,
}

impl WaitSet {
    /// A set without waiters.
    pub(crate) const fn new() -> Self {
        Self {
            epoch: AtomicU32::new(0),
            waiters: AtomicU32::new(0),
        }
    }

    /// Waits until `ready` returns true; false if the deadline passed before. `ready` may do the
    /// transition that is waited for (take a permit, an item); it is not called again after true.
    pub(crate) fn wait_until(
        &self,
        wanted: Wanted,
        deadline: Deadline,
        ready: &mut dyn FnMut() -> bool,
    ) -> bool {
        if ready() {
            return true;
        }
        let mut spin = LongSpin::new();
        while spin.spin() {
            if ready() {
                return true;
            }
        }
        let _present = Present::enter(&self.waiters);
        loop {
            let epoch = self.epoch.load(Ordering::SeqCst);
            if ready() {
                return true;
            }
            let unchanged = || self.epoch.load(Ordering::SeqCst) == epoch;
            let waiting = Waiting {
                wanted,
                object: self.address(),
            };
            match park(&self.epoch, waiting, None, deadline, &unchanged, &|_| ()) {
                Wake::Woken(_) | Wake::Unneeded => {}
                Wake::TimedOut => return ready(),
            }
        }
    }

    /// Lets at most `count` waiters look again, those first that have waited for longest.
    pub(crate) fn wake(&self, count: usize) {
        if self.is_awaited() {
            wake_some(&self.epoch, count);
        }
    }

    /// Lets all waiters look again.
    pub(crate) fn wake_all(&self) {
        if self.is_awaited() {
            wake_all(&self.epoch);
        }
    }

    /// How the object is named in [`super::waiting`].
    pub(crate) fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    fn is_awaited(&self) -> bool {
        fence(Ordering::SeqCst);
        if self.waiters.load(Ordering::Relaxed) == 0 {
            return false;
        }
        self.epoch.fetch_add(1, Ordering::SeqCst);
        true
    }
}

/// Counts a waiter in, and out again however it leaves.
struct Present<'a>(&'a AtomicU32);

impl<'a> Present<'a> {
    fn enter(waiters: &'a AtomicU32) -> Self {
        waiters.fetch_add(1, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        Self(waiters)
    }
}

impl Drop for Present<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
