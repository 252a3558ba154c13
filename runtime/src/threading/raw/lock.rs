//! The algorithm of a lock without data, as in parking_lot's mutex: two bits, and threads that
//! park in the order of their arrival.

use std::cell::Cell;
use std::time::Duration;

use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use crate::threading::thread::ident;
use crate::timeline;
use crate::wait::{self, Contention, Deadline, SpinWait, Waiting, Wake, Waker, Wanted};

/// Somebody holds the lock.
const LOCKED: u32 = 1;
/// Threads are parked, or about to be.
const PARKED: u32 = 2;

/// Token of a woken thread that has to compete for the lock.
const COMPETE: usize = 0;
/// Token of a woken thread to which the lock was handed over locked.
const HANDED_OVER: usize = 1;

/// How long a thread stays parked while others come first. Then the lock is handed over to it, so
/// that a holder who takes the lock again and again lets the others have their turn.
const PATIENCE: Duration = Duration::from_micros(500);

#[derive(Debug, Default)]
pub(crate) struct RawLock {
    state: AtomicU32,
    /// The ident of the thread that has taken it last, for reports. Of an `RLock` it is that of its owner, or 0.
    pub(super) owner: AtomicU64,
    contention: Contention,
}

impl RawLock {
    pub(crate) const fn new() -> Self {
        Self {
            state: AtomicU32::new(0),
            owner: AtomicU64::new(0),
            contention: Contention::new(),
        }
    }

    #[inline]
    pub(crate) fn try_acquire(&self) -> bool {
        let mut state = self.state.load(Ordering::Relaxed);
        while state & LOCKED == 0 {
            match self.exchange(state, state | LOCKED) {
                Ok(_) => {
                    self.note_owner();
                    return true;
                }
                Err(now) => state = now,
            }
        }
        false
    }

    #[inline]
    fn note_owner(&self) {
        self.owner.store(ident::get().get(), Ordering::Relaxed);
        self.note_taken();
    }

    #[inline]
    pub(super) fn note_taken(&self) {
        self.contention.note_taken();
        timeline::takes(self.address());
    }

    /// How it is named in a timeline.
    fn address(&self) -> usize {
        std::ptr::from_ref(&self.state).addr()
    }

    /// Takes the lock if it is free and nobody is parked.
    #[inline]
    pub(super) fn acquire_at_once(&self) -> bool {
        self.exchange(0, LOCKED).is_ok()
    }

    /// Waits for the lock; false if the deadline passed before.
    #[inline]
    pub(crate) fn acquire(&self, wanted: Wanted, deadline: Deadline) -> bool {
        if self.acquire_at_once() {
            self.note_owner();
            return true;
        }
        self.acquire_slow(wanted, deadline)
    }

    /// Releases the lock, whoever holds it; false if nobody does.
    #[inline]
    pub(crate) fn release(&self) -> bool {
        timeline::releases(self.address());
        match self
            .state
            .compare_exchange(LOCKED, 0, Ordering::Release, Ordering::Relaxed)
        {
            Ok(_) => true,
            Err(state) => state & LOCKED != 0 && self.release_slow(),
        }
    }

    pub(crate) fn is_locked(&self) -> bool {
        self.state.load(Ordering::Relaxed) & LOCKED != 0
    }

    #[inline]
    fn exchange(&self, from: u32, to: u32) -> Result<u32, u32> {
        self.state
            .compare_exchange(from, to, Ordering::Acquire, Ordering::Relaxed)
    }

    #[cold]
    pub(super) fn acquire_slow(&self, wanted: Wanted, deadline: Deadline) -> bool {
        let mut spin = SpinWait::new();
        let mut waited = None;
        loop {
            if self.try_acquire() {
                return true;
            }
            let state = self.state.load(Ordering::Relaxed);
            if state & PARKED == 0 && spin.spin() {
                continue;
            }
            if state == LOCKED && self.exchange(LOCKED, LOCKED | PARKED).is_err() {
                continue;
            }
            waited.get_or_insert_with(|| self.contention.begin(wanted));
            match self.park(wanted, deadline) {
                Wake::Woken(HANDED_OVER) => {
                    self.note_owner();
                    return true;
                }
                Wake::Woken(_) | Wake::Unneeded => spin.reset(),
                Wake::TimedOut => return false,
            }
        }
    }

    fn park(&self, wanted: Wanted, deadline: Deadline) -> Wake {
        let object = std::ptr::from_ref(self).addr();
        let still_locked = || self.state.load(Ordering::Relaxed) == LOCKED | PARKED;
        let gave_up = |last: bool| {
            if last {
                self.state.fetch_and(!PARKED, Ordering::Relaxed);
            }
        };
        wait::park(
            &self.state,
            Waiting { wanted, object },
            Some(&self.owner),
            deadline,
            &still_locked,
            &gave_up,
        )
    }

    /// Releases a lock for which threads are parked. Any thread may release, so two may do it at
    /// once: which of them comes second finds the lock unlocked under the queue's lock.
    #[cold]
    fn release_slow(&self) -> bool {
        let was_locked = Cell::new(false);
        wait::wake_one_with(&self.state, &|waker: Waker| {
            let (token, locked) = self.pass_on(waker);
            was_locked.set(locked);
            token
        });
        was_locked.get()
    }

    /// Under the queue's lock: frees the lock or hands it over, and keeps `PARKED` true.
    fn pass_on(&self, waker: Waker) -> (usize, bool) {
        let parked = if waker.have_more { PARKED } else { 0 };
        let mut state = self.state.load(Ordering::Relaxed);
        loop {
            let locked = state & LOCKED != 0;
            let hand_over = locked && waker.found && waker.waited > PATIENCE;
            let next = if hand_over { LOCKED | parked } else { parked };
            match self
                .state
                .compare_exchange(state, next, Ordering::AcqRel, Ordering::Relaxed)
            {
                Ok(_) => return (if hand_over { HANDED_OVER } else { COMPETE }, locked),
                Err(now) => state = now,
            }
        }
    }
}
