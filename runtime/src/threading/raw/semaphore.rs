//! The algorithm of both semaphores: a number of permits.

use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::threading::error::SemaphoreError;
use crate::wait::{Deadline, WaitSet, Wanted};

/// A waiter and who wakes it meet by the `SeqCst` operations of both on `permits`.
#[derive(Debug)]
pub(in crate::threading) struct RawSemaphore {
    permits: AtomicUsize,
    waiters: WaitSet,
}

impl RawSemaphore {
    pub(in crate::threading) const fn new(permits: usize) -> Self {
        Self {
            permits: AtomicUsize::new(permits),
            waiters: WaitSet::new(),
        }
    }

    pub(in crate::threading) fn permits(&self) -> usize {
        self.permits.load(Ordering::Relaxed)
    }

    #[inline]
    pub(in crate::threading) fn try_acquire(&self) -> bool {
        let take = |permits: usize| permits.checked_sub(1);
        self.permits
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, take)
            .is_ok()
    }

    #[inline]
    pub(in crate::threading) fn acquire(&self, deadline: Deadline) -> bool {
        self.try_acquire() || self.acquire_slow(deadline)
    }

    #[cold]
    fn acquire_slow(&self, deadline: Deadline) -> bool {
        self.waiters
            .wait_until(Wanted::Semaphore, deadline, &mut || self.try_acquire())
    }

    /// Adds permits, up to this bound.
    #[inline]
    pub(in crate::threading) fn release(
        &self,
        n: usize,
        bound: Option<usize>,
    ) -> Result<(), SemaphoreError> {
        if n == 0 {
            return Err(SemaphoreError::NothingReleased);
        }
        let most = bound.unwrap_or(usize::MAX);
        let add = |permits: usize| permits.checked_add(n).filter(|sum| *sum <= most);
        match self
            .permits
            .fetch_update(Ordering::SeqCst, Ordering::Relaxed, add)
        {
            Ok(_) => {
                self.waiters.wake_ordered(n);
                Ok(())
            }
            Err(_) => Err(match bound {
                Some(bound) => SemaphoreError::OverReleased { bound },
                None => SemaphoreError::TooMany,
            }),
        }
    }
}
