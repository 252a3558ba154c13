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
        ready() || self.wait_spinning(wanted, deadline, &|| true, ready)
    }

    /// As [`wait_until`](Self::wait_until), but while this spins, `ready` is called only if `promising`, which may be
    /// mistaken: so that a look that would be in the way of others is rare.
    pub(crate) fn wait_spinning(
        &self,
        wanted: Wanted,
        deadline: Deadline,
        promising: &dyn Fn() -> bool,
        ready: &mut dyn FnMut() -> bool,
    ) -> bool {
        let mut spin = LongSpin::new();
        while spin.spin() {
            if promising() && ready() {
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
        fence(Ordering::SeqCst);
        self.wake_ordered(count);
    }

    /// [`wake`](Self::wake) without its fence, which costs as much as taking a lock: for a state that `ready` looks at
    /// under the mutex under which it was changed, or that both reach by `SeqCst` operations of one atomic, the change
    /// by a read-modify-write. Either way a waiter that has not seen the change is seen here.
    #[inline]
    pub(crate) fn wake_ordered(&self, count: usize) {
        if self.waiters.load(Ordering::SeqCst) != 0 {
            self.wake_slow(count);
        }
    }

    #[cold]
    fn wake_slow(&self, count: usize) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
        wake_some(&self.epoch, count);
    }

    /// Lets all waiters look again.
    pub(crate) fn wake_all(&self) {
        fence(Ordering::SeqCst);
        if self.waiters.load(Ordering::SeqCst) != 0 {
            self.epoch.fetch_add(1, Ordering::SeqCst);
            wake_all(&self.epoch);
        }
    }

    /// How the object is named in [`super::waiting`].
    pub(crate) fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
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
