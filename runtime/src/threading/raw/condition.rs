//! The algorithm of a condition: waiters in a queue, and the lock under them.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{Mutex, lock};
use crate::threading::lock::Lock;
use crate::threading::rlock::RLock;
use crate::wait::{Deadline, WaitSet, Wanted};

/// One thread in [`Waiters::wait`].
#[derive(Debug, Default)]
struct Waiter {
    notified: AtomicBool,
    sleep: WaitSet,
}

/// The waiting threads, in the order of their arrival.
#[derive(Debug, Default)]
pub(in crate::threading) struct Waiters(Mutex<VecDeque<Arc<Waiter>>>);

impl Waiters {
    pub(in crate::threading) fn len(&self) -> usize {
        lock(&self.0).len()
    }

    /// Wakes those that have waited for longest.
    pub(in crate::threading) fn notify(&self, count: usize) {
        let mut waiters = lock(&self.0);
        let count = count.min(waiters.len());
        let chosen: Vec<_> = waiters.drain(..count).collect();
        drop(waiters);
        for waiter in chosen {
            waiter.notified.store(true, Ordering::Release);
            waiter.sleep.wake(1);
        }
    }

    /// Releases the lock, waits to be notified, takes the lock again; whether it was notified.
    pub(in crate::threading) fn wait(&self, under: &UnderlyingLock, deadline: Deadline) -> bool {
        let waiter = self.enter();
        let mut notified = || waiter.notified.load(Ordering::Acquire);
        {
            let _released = Released::enter(under);
            let _queued = Queued(self, &waiter);
            waiter
                .sleep
                .wait_until(Wanted::Condition, deadline, &mut notified);
        }
        // A notification that came after the deadline counts: it was spent on this thread.
        notified()
    }

    /// Before the lock is released, so that no notification is missed.
    fn enter(&self) -> Arc<Waiter> {
        let waiter = Arc::new(Waiter::default());
        lock(&self.0).push_back(waiter.clone());
        waiter
    }
}

/// A waiter in the queue; it leaves when this is dropped, also when an interrupt unwinds.
struct Queued<'a>(&'a Waiters, &'a Arc<Waiter>);

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        lock(&self.0.0).retain(|other| !Arc::ptr_eq(other, self.1));
    }
}

/// The lock under a condition.
#[derive(Clone, Debug)]
pub(in crate::threading) enum UnderlyingLock {
    Lock(Lock),
    RLock(RLock),
}

impl UnderlyingLock {
    pub(in crate::threading) fn acquire(&self, deadline: Deadline) -> bool {
        match self {
            Self::Lock(lock) => lock.raw().acquire(Wanted::Lock, deadline),
            Self::RLock(lock) => lock.raw().acquire(deadline),
        }
    }

    pub(in crate::threading) fn release(&self) {
        match self {
            Self::Lock(lock) => lock.raw().release(),
            Self::RLock(lock) => lock.raw().release(),
        };
    }

    pub(in crate::threading) fn is_owned(&self) -> bool {
        match self {
            Self::Lock(lock) => lock.locked(),
            Self::RLock(lock) => lock.raw().is_owned(),
        }
    }

    /// Releases it whole, and says how often it was held.
    fn release_all(&self) -> u64 {
        match self {
            Self::Lock(lock) => u64::from(lock.raw().release()),
            Self::RLock(lock) => lock.raw().release_all(),
        }
    }

    fn acquire_again(&self, count: u64) {
        match self {
            Self::Lock(_) => {
                self.acquire(Deadline::NEVER);
            }
            Self::RLock(lock) => lock.raw().acquire_again(count),
        }
    }
}

/// The lock is released whole; the end takes it again as often, also in a panic.
struct Released<'a> {
    under: &'a UnderlyingLock,
    count: u64,
}

impl<'a> Released<'a> {
    fn enter(under: &'a UnderlyingLock) -> Self {
        Self {
            under,
            count: under.release_all(),
        }
    }
}

impl Drop for Released<'_> {
    fn drop(&mut self) {
        self.under.acquire_again(self.count);
    }
}
