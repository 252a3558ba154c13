//! `Barrier`: processes wait for each other.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::raw::{LockError, RawLock};
use super::words::{Shareable, Words, wait_while, wake};
use crate::threading::BrokenBarrier;
use crate::wait::{Deadline, Wanted};

/// A place where a number of processes wait for each other: Python's `multiprocessing.Barrier`.
///
/// ```
/// use woozle::multiprocessing::{Barrier, Process};
///
/// fn task(barrier: Barrier) {
///     barrier.wait().unwrap();
/// }
///
/// let barrier = Barrier::new(2)?;
/// let p = Process::with_args(task, (barrier.clone(),))?;
/// p.start()?;
/// assert!(barrier.wait()? < 2);
/// p.join()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A clone, and what is sent to another process, is another handle of the same one. A process that
/// dies does not come: give the others a timeout.
///
/// What differs from Python: there is no `action`, since a closure does not go to other processes; the
/// process that gets 0 from `wait` can do what it would.
#[derive(Clone, Serialize, Deserialize)]
pub struct Barrier(Words<RawBarrier>);

#[repr(C)]
#[derive(Debug, Default)]
pub(crate) struct RawBarrier {
    /// Held while the rest changes.
    lock: RawLock,
    parties: AtomicU32,
    waiting: AtomicU32,
    /// Moves on when all have come, and when those who wait are sent away.
    generation: AtomicU32,
    /// 1 timed out, 2 aborted.
    broken: AtomicU32,
    /// How the last 64 generations ended: a bit for those that were reset.
    resets: AtomicU64,
}

// SAFETY: atomics, which are fine when they are zero; `Barrier::new` sets `parties`.
unsafe impl Shareable for RawBarrier {
    const LOCKS: usize = 1;
}

struct BreaksOnUnwind<'a>(&'a Barrier);

impl Drop for BreaksOnUnwind<'_> {
    fn drop(&mut self) {
        self.0.break_up_at_once();
    }
}

impl Barrier {
    /// A barrier for this many processes or threads. Python: `multiprocessing.Barrier(parties)`.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for 0; when the system gives no memory or descriptor.
    pub fn new(parties: u32) -> io::Result<Self> {
        if parties == 0 {
            let text = "a barrier must be for at least 1 party";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let words = Words::<RawBarrier>::new(0)?;
        words.parties.store(parties, Ordering::Relaxed);
        Ok(Self(words))
    }

    /// Waits until all have come; gives a number from 0, another one to each. Python:
    /// `barrier.wait()`.
    ///
    /// # Errors
    ///
    /// [`BrokenBarrier`].
    pub fn wait(&self) -> Result<usize, BrokenBarrier> {
        self.wait_until(Deadline::NEVER)
    }

    /// As [`wait`](Self::wait), for at most this long; then the barrier is broken for all. Python:
    /// `barrier.wait(timeout)`.
    ///
    /// # Errors
    ///
    /// [`BrokenBarrier`].
    ///
    /// ```
    /// # use woozle::multiprocessing::Barrier;
    /// # use std::time::Duration;
    /// let barrier = Barrier::new(2)?;
    /// assert!(barrier.wait_timeout(Duration::from_millis(1)).is_err());
    /// assert!(barrier.broken());
    /// barrier.reset();
    /// assert!(!barrier.broken());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn wait_timeout(&self, timeout: Duration) -> Result<usize, BrokenBarrier> {
        self.wait_until(Deadline::after(timeout))
    }

    fn wait_until(&self, deadline: Deadline) -> Result<usize, BrokenBarrier> {
        let words = &*self.0;
        let (index, generation) = {
            let _held = self.hold();
            self.check()?;
            let index = words.waiting.fetch_add(1, Ordering::SeqCst);
            if index + 1 == self.0.parties.load(Ordering::SeqCst) {
                self.next_generation(false);
                return Ok(index as usize);
            }
            (index as usize, words.generation.load(Ordering::SeqCst))
        };
        loop {
            // Without this one the others would wait in vain, if an interrupt unwinds it.
            let breaks = BreaksOnUnwind(self);
            let in_time = wait_while(&words.generation, generation, Wanted::Barrier, deadline);
            std::mem::forget(breaks);
            let _held = self.hold();
            if words.generation.load(Ordering::SeqCst) != generation {
                let resets = words.resets.load(Ordering::SeqCst);
                return match resets >> (generation % 64) & 1 {
                    0 => Ok(index),
                    _ => self.check().and(Err(BrokenBarrier::Reset)),
                };
            }
            if !in_time {
                self.break_up(1);
                return Err(BrokenBarrier::TimedOut);
            }
        }
    }

    fn check(&self) -> Result<(), BrokenBarrier> {
        match self.0.broken.load(Ordering::SeqCst) {
            0 => Ok(()),
            1 => Err(BrokenBarrier::TimedOut),
            _ => Err(BrokenBarrier::Aborted),
        }
    }

    fn next_generation(&self, reset: bool) {
        let words = &*self.0;
        let generation = words.generation.load(Ordering::SeqCst);
        let bit = 1_u64 << (generation % 64);
        match reset {
            true => words.resets.fetch_or(bit, Ordering::SeqCst),
            false => words.resets.fetch_and(!bit, Ordering::SeqCst),
        };
        words.waiting.store(0, Ordering::SeqCst);
        words.generation.fetch_add(1, Ordering::SeqCst);
        wake(&words.generation, u32::MAX);
    }

    fn break_up_at_once(&self) {
        let _held = self.hold();
        self.break_up(2);
    }

    fn break_up(&self, how: u32) {
        self.0.broken.store(how, Ordering::SeqCst);
        self.next_generation(true);
    }

    /// Makes it as new; those who wait get [`BrokenBarrier::Reset`]. Python: `barrier.reset()`.
    pub fn reset(&self) {
        let _held = self.hold();
        self.0.broken.store(0, Ordering::SeqCst);
        if self.n_waiting() > 0 {
            self.next_generation(true);
        }
    }

    /// Breaks it: all who wait, or come, get an error. Python: `barrier.abort()`.
    pub fn abort(&self) {
        let _held = self.hold();
        self.break_up(2);
    }

    /// For how many it is. Python: `barrier.parties`.
    pub fn parties(&self) -> usize {
        self.0.parties.load(Ordering::SeqCst) as usize
    }

    /// How many wait at the moment. Python: `barrier.n_waiting`.
    pub fn n_waiting(&self) -> usize {
        self.0.waiting.load(Ordering::SeqCst) as usize
    }

    /// Whether it is broken. Python: `barrier.broken`.
    pub fn broken(&self) -> bool {
        self.0.broken.load(Ordering::SeqCst) != 0
    }

    /// Holds the inner lock, for a few instructions. If somebody has died with it, the words are
    /// those of before or after a step, each of which is fine.
    fn hold(&self) -> Held<'_> {
        let taken: Result<_, LockError> = self.0.lock.take(Deadline::NEVER);
        Held(taken.is_ok().then_some(&self.0.lock))
    }
}

struct Held<'a>(Option<&'a RawLock>);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(lock) = self.0 {
            let _ = lock.release();
        }
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<Barrier {} of {} waiting>",
            self.n_waiting(),
            self.parties()
        )
    }
}
