//! The algorithm of a lock that its owner may acquire again.

use crate::sync::atomic::{AtomicU64, Ordering};
use crate::threading::raw::lock::RawLock;
use crate::threading::thread::ident;
use crate::wait::{Deadline, Wanted};

/// The lock, with its owner, and how often the owner has taken it again.
///
/// The lock's `owner` equals a thread's ident only if that thread has written it, so the comparison needs no
/// ordering: whoever frees the lock clears it before. `again` is touched by the owner alone, and 0 in a free lock.
#[derive(Debug, Default)]
pub(in crate::threading) struct RawRLock {
    lock: RawLock,
    again: AtomicU64,
}

impl RawRLock {
    pub(in crate::threading) const fn new() -> Self {
        Self {
            lock: RawLock::new(),
            again: AtomicU64::new(0),
        }
    }

    #[inline]
    pub(in crate::threading) fn acquire(&self, deadline: Deadline) -> bool {
        let me = ident::get().get();
        if self.lock.owner.load(Ordering::Relaxed) == me {
            self.count_one_more();
            return true;
        }
        if self.lock.acquire_at_once() {
            self.lock.owner.store(me, Ordering::Relaxed);
            self.lock.note_taken();
            return true;
        }
        self.lock.acquire_slow(Wanted::RLock, deadline)
    }

    pub(in crate::threading) fn try_acquire(&self) -> bool {
        if self.is_owned() {
            self.count_one_more();
            return true;
        }
        self.lock.try_acquire()
    }

    #[inline]
    fn count_one_more(&self) {
        let again = self.again.load(Ordering::Relaxed);
        self.again.store(again + 1, Ordering::Relaxed);
    }

    #[inline]
    pub(in crate::threading) fn release(&self) -> bool {
        if !self.is_owned() {
            return false;
        }
        match self.again.load(Ordering::Relaxed) {
            0 => self.free(),
            again => self.again.store(again - 1, Ordering::Relaxed),
        }
        true
    }

    /// Releases the lock however often this thread holds it, and says how often it did.
    pub(in crate::threading) fn release_all(&self) -> u64 {
        let count = self.count();
        if count > 0 {
            self.again.store(0, Ordering::Relaxed);
            self.free();
        }
        count
    }

    /// Takes the lock again as often as it was held before `release_all`.
    pub(in crate::threading) fn acquire_again(&self, count: u64) {
        self.acquire(Deadline::NEVER);
        let again = count.saturating_sub(1);
        self.again.store(again, Ordering::Relaxed);
    }

    #[inline]
    pub(in crate::threading) fn is_owned(&self) -> bool {
        self.lock.owner.load(Ordering::Relaxed) == ident::get().get()
    }

    pub(in crate::threading) fn is_locked(&self) -> bool {
        self.lock.is_locked()
    }

    pub(in crate::threading) fn count(&self) -> u64 {
        if self.is_owned() {
            self.again.load(Ordering::Relaxed) + 1
        } else {
            0
        }
    }

    #[inline]
    fn free(&self) {
        self.lock.owner.store(0, Ordering::Relaxed);
        self.lock.release();
    }
}
