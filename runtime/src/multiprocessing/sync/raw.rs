//! The lock under all others: a futex with priority inheritance, whose owner the system knows. If the
//! owner dies, the system gives the lock to the next in line, and says so.

use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use rustix::io::Errno;
use rustix::thread::futex;
use thiserror::Error;

use super::words::Shareable;
use crate::timeline;
use crate::wait::Deadline;

/// Why a lock could not be taken.
#[derive(Clone, Error)]
#[non_exhaustive]
pub enum LockError {
    /// The process that held the lock has died. What the lock protects may be half done; the lock
    /// itself is free, and can be taken again.
    #[error("the process that held the lock has died: what it protects may be half done")]
    OwnerDied,
    /// The thread holds the lock already, and would wait for itself for ever.
    #[error("this thread holds the lock already: it would wait for itself for ever")]
    Deadlock,
    /// Another thread holds the lock: only it can release it.
    #[error("cannot release the lock: this thread does not hold it")]
    NotOwned,
    /// The system does not do it.
    #[error("the system cannot lock: {0}")]
    System(std::sync::Arc<io::Error>),
}

debug_is_display!(LockError);

/// How a lock was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// From a thread that had released it.
    Clean,
    /// From a process that had died with it.
    OwnerDied,
}

/// Whether a lock was taken. One that was left by a process that died is given back by `release`, and that is an error.
pub(super) fn checked(
    taken: Option<Taken>,
    release: impl FnOnce() -> Result<(), LockError>,
) -> Result<bool, LockError> {
    match taken {
        Some(Taken::Clean) => Ok(true),
        None => Ok(false),
        Some(Taken::OwnerDied) => {
            release()?;
            Err(LockError::OwnerDied)
        }
    }
}

const OWNER: u32 = libc::FUTEX_TID_MASK;
const OWNER_DIED: u32 = libc::FUTEX_OWNER_DIED;

/// The word: 0, or the thread that holds it, with two flags of the system's.
#[repr(C)]
#[derive(Debug, Default)]
pub(crate) struct RawLock(AtomicU32);

// SAFETY: one atomic, which is an unlocked lock when it is zero.
unsafe impl Shareable for RawLock {
    const LOCKS: usize = 1;
}

fn me() -> u32 {
    rustix::thread::gettid()
        .as_raw_nonzero()
        .get()
        .unsigned_abs()
}

impl RawLock {
    /// Takes the lock if it is free, or its owner has died.
    pub(crate) fn try_take(&self) -> Result<Option<Taken>, LockError> {
        let me = me();
        if self
            .0
            .compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed)
            .is_ok()
        {
            return Ok(Some(Taken::Clean));
        }
        if self.owner() == me {
            return Ok(None);
        }
        match futex::trylock_pi(&self.0, futex::Flags::empty()) {
            Ok(true) => Ok(Some(self.taken())),
            Ok(false) | Err(Errno::AGAIN | Errno::BUSY | Errno::INTR) => Ok(None),
            Err(Errno::SRCH) => Ok(self.take_from_dead(me)),
            Err(error) => Err(LockError::System(std::sync::Arc::new(error.into()))),
        }
    }

    /// Waits for the lock and takes it; none when the deadline has passed.
    pub(crate) fn take(&self, deadline: Deadline) -> Result<Option<Taken>, LockError> {
        let me = me();
        loop {
            if self
                .0
                .compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed)
                .is_ok()
            {
                return Ok(Some(Taken::Clean));
            }
            if self.owner() == me {
                return Err(LockError::Deadlock);
            }
            let until = deadline.instant().map(monotonic);
            let noted = timeline::waits_for("a Lock", (&raw const self.0).addr());
            let locked = futex::lock_pi2(&self.0, futex::Flags::empty(), until.as_ref());
            drop(noted);
            match locked {
                Ok(()) => return Ok(Some(self.taken())),
                Err(Errno::AGAIN) => {}
                Err(Errno::INTR) => crate::process::interrupt::check(),
                Err(Errno::TIMEDOUT) => return Ok(None),
                Err(Errno::DEADLK) => return Err(LockError::Deadlock),
                // The owner is gone, and nobody waited when it went.
                Err(Errno::SRCH) => {
                    if let Some(taken) = self.take_from_dead(me) {
                        return Ok(Some(taken));
                    }
                }
                Err(error) => return Err(LockError::System(std::sync::Arc::new(error.into()))),
            }
        }
    }

    fn take_from_dead(&self, me: u32) -> Option<Taken> {
        let dead = self.0.load(Ordering::Relaxed);
        let is_dead = dead & OWNER != 0 && !is_alive(dead & OWNER);
        (is_dead
            && self
                .0
                .compare_exchange(dead, me, Ordering::Acquire, Ordering::Relaxed)
                .is_ok())
        .then_some(Taken::OwnerDied)
    }

    /// After the system has given it: whether from the dead.
    fn taken(&self) -> Taken {
        match self.0.fetch_and(!OWNER_DIED, Ordering::Acquire) & OWNER_DIED {
            0 => Taken::Clean,
            _ => Taken::OwnerDied,
        }
    }

    /// Releases the lock.
    pub(crate) fn release(&self) -> Result<(), LockError> {
        let me = me();
        if self.owner() != me {
            return Err(LockError::NotOwned);
        }
        if self
            .0
            .compare_exchange(me, 0, Ordering::Release, Ordering::Relaxed)
            .is_err()
        {
            // Somebody waits: the system passes it on.
            let _ = futex::unlock_pi(&self.0, futex::Flags::empty());
        }
        Ok(())
    }

    fn owner(&self) -> u32 {
        self.0.load(Ordering::Relaxed) & OWNER
    }

    /// Whether a thread, of any process, holds it.
    pub(crate) fn is_locked(&self) -> bool {
        self.owner() != 0
    }

    /// Whether this thread holds it.
    pub(crate) fn is_mine(&self) -> bool {
        self.owner() == me()
    }
}

/// Whether there is a thread of this number.
fn is_alive(tid: u32) -> bool {
    std::fs::exists(format!("/proc/{tid}")).unwrap_or(true)
}

/// An instant on the clock that futexes go by.
fn monotonic(at: Instant) -> rustix::time::Timespec {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    let left = at.saturating_duration_since(Instant::now());
    let nanoseconds = now.tv_nsec + i64::from(left.subsec_nanos());
    rustix::time::Timespec {
        tv_sec: now.tv_sec.saturating_add_unsigned(left.as_secs()) + nanoseconds / 1_000_000_000,
        tv_nsec: nanoseconds % 1_000_000_000,
    }
}
