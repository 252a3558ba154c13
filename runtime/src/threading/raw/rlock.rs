//! The algorithm of a lock that its owner may acquire again.

use crate::sync::atomic::{AtomicU64, Ordering};
use crate::threading::raw::lock::RawLock;
use crate::threading::thread::ident;
use crate::wait::{Deadline, Wanted};

/// The lock, its owner and how often the owner holds it.
///
/// `owner` equals a thread's ident only if that thread has written it, so the comparison needs no
/// ordering; `count` is touched by the owner alone.
#[derive(Debug, Default)]
pub(in crate::threading) struct RawRLock {
    lock: RawLock,
    owner: AtomicU64,
    count: AtomicU64,
}

impl RawRLock {
    pub(in crate::threading) const fn new() -> Self {
        Self {
            lock: RawLock::new(),
            owner: AtomicU64::new(0),
            count: AtomicU64::new(0),
        }
    }

    pub(in crate::threading) fn acquire(&self, deadline: Deadline) -> bool {
        self.acquire_by(|| self.lock.acquire(Wanted::RLock, deadline))
    }

    pub(in crate::threading) fn try_acquire(&self) -> bool {
        self.acquire_by(|| self.lock.try_acquire())
    }

    fn acquire_by(&self, lock: impl FnOnce() -> bool) -> bool {
        let me = ident::get().get();
        if self.owner.load(Ordering::Relaxed) == me {
            self.count
                .store(self.count.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
            return true;
        }
        let acquired = lock();
        if acquired {
            self.owner.store(me, Ordering::Relaxed);
            self.count.store(1, Ordering::Relaxed);
        }
        acquired
    }

    pub(in crate::threading) fn release(&self) -> bool {
        if !self.is_owned() {
            return false;
        }
        match self.count.load(Ordering::Relaxed) {
            0 | 1 => self.free(),
            count => self.count.store(count - 1, Ordering::Relaxed),
        }
        true
    }

    /// Releases the lock however often this thread holds it, and says how often it did.
    pub(in crate::threading) fn release_all(&self) -> u64 {
        let count = self.count();
        if count > 0 {
            self.free();
        }
        count
    }

    /// Takes the lock again as often as it was held before `release_all`.
    pub(in crate::threading) fn acquire_again(&self, count: u64) {
        self.acquire(Deadline::NEVER);
        self.count.store(count, Ordering::Relaxed);
    }

    pub(in crate::threading) fn is_owned(&self) -> bool {
        self.owner.load(Ordering::Relaxed) == ident::get().get()
    }

    pub(in crate::threading) fn is_locked(&self) -> bool {
        self.lock.is_locked()
    }

    pub(in crate::threading) fn count(&self) -> u64 {
        if self.is_owned() {
            self.count.load(Ordering::Relaxed)
        } else {
            0
        }
    }

    fn free(&self) {
        self.count.store(0, Ordering::Relaxed);
        self.owner.store(0, Ordering::Relaxed);
        self.lock.release();
    }
}
