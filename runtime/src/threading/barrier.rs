//! `Barrier`: threads that wait for each other.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::error::BrokenBarrier;
use super::shared::Shared;
use crate::threading::raw::barrier::{Action, RawBarrier};
use crate::wait::Deadline;

/// A number of threads that wait for each other and go on together: Python's `threading.Barrier`.
///
/// It can be used again and again. If a thread does not come in time, or somebody calls
/// [`abort`](Self::abort), or the action panics, the barrier is broken: all that wait, and all that come later,
/// get [`BrokenBarrier`], until [`reset`](Self::reset). A clone is another handle; a barrier can be a `static`.
///
/// ```
/// use woozle::threading::{Barrier, Thread};
///
/// static MEET: Barrier = Barrier::new(3);
///
/// let threads: Vec<_> = (0..3)
///     .map(|_| Thread::spawn(|| MEET.wait().unwrap()))
///     .collect();
/// let mut places: Vec<_> = threads.iter().map(|t| t.join().unwrap()).collect();
/// places.sort();
/// assert_eq!(places, [0, 1, 2]);
/// ```
///
/// What differs from Python: a panic of the action reaches all threads as
/// [`BrokenBarrier::Action`] instead of going through the thread that ran it. [`std::sync::Barrier`] has neither timeout
/// nor abort, and works beside this one.
pub struct Barrier {
    parties: usize,
    action: Option<Action>,
    timeout: Option<Duration>,
    raw: Shared<RawBarrier>,
}

impl Barrier {
    /// A barrier for this many threads. Python: `threading.Barrier(parties)`.
    ///
    /// For 0 parties, a `ValueError` in Python, every [`wait`](Self::wait) gives [`BrokenBarrier::NoParties`].
    ///
    /// ```
    /// # use woozle::threading::Barrier;
    /// assert_eq!(Barrier::new(1).wait()?, 0);
    /// assert!(Barrier::new(0).wait().is_err());
    /// # Ok::<(), woozle::threading::BrokenBarrier>(())
    /// ```
    pub const fn new(parties: usize) -> Self {
        Self {
            parties,
            action: None,
            timeout: None,
            raw: Shared::new(),
        }
    }

    /// With something that the last thread to come does before all go on. Python: `action=`.
    ///
    /// It belongs to this handle and the clones made of it: say it before the barrier is shared.
    ///
    /// ```
    /// # use woozle::threading::Barrier;
    /// let barrier = Barrier::new(1).with_action(|| println!("all here"));
    /// barrier.wait()?;
    /// # Ok::<(), woozle::threading::BrokenBarrier>(())
    /// ```
    #[must_use = "it gives the barrier with its action"]
    pub fn with_action(mut self, action: impl Fn() + Send + Sync + 'static) -> Self {
        self.action = Some(Arc::new(action));
        self
    }

    /// With a time that `wait` waits for at most. Python: `timeout=`. As for
    /// [`with_action`](Self::with_action), say it before the barrier is shared.
    ///
    /// ```
    /// # use woozle::threading::{Barrier, BrokenBarrier};
    /// # use std::time::Duration;
    /// let barrier = Barrier::new(2).with_timeout(Duration::from_millis(1));
    /// assert!(matches!(barrier.wait(), Err(BrokenBarrier::TimedOut)));
    /// ```
    #[must_use = "it gives the barrier with its timeout"]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Waits until all parties have come. Python: `barrier.wait()`.
    ///
    /// Gives the thread's place in the order of coming, from 0, so that one of them can be chosen.
    ///
    /// # Errors
    ///
    /// [`BrokenBarrier`] if the barrier is broken, or breaks or is reset meanwhile.
    ///
    /// ```
    /// # use woozle::threading::{Barrier, Thread};
    /// let barrier = Barrier::new(2);
    /// let other = barrier.clone();
    /// let t = Thread::spawn(move || other.wait().unwrap());
    /// assert_eq!(barrier.wait().unwrap() + t.join().unwrap(), 1);
    /// ```
    pub fn wait(&self) -> Result<usize, BrokenBarrier> {
        self.wait_until(self.timeout.map_or(Deadline::NEVER, Deadline::after))
    }

    /// As [`wait`](Self::wait), with this timeout instead of the barrier's. Python: `barrier.wait(timeout)`.
    ///
    /// # Errors
    ///
    /// Those of [`wait`](Self::wait). If the time is up the barrier breaks, for all.
    ///
    /// ```
    /// # use woozle::threading::Barrier;
    /// # use std::time::Duration;
    /// let barrier = Barrier::new(2);
    /// assert!(barrier.wait_timeout(Duration::from_millis(1)).is_err());
    /// assert!(barrier.broken());
    /// ```
    pub fn wait_timeout(&self, timeout: Duration) -> Result<usize, BrokenBarrier> {
        self.wait_until(Deadline::after(timeout))
    }

    /// Makes the barrier as new. Threads that wait get [`BrokenBarrier::Reset`]. Python:
    /// `barrier.reset()`.
    ///
    /// ```
    /// # use woozle::threading::Barrier;
    /// let barrier = Barrier::new(1);
    /// barrier.abort();
    /// barrier.reset();
    /// assert!(barrier.wait().is_ok());
    /// ```
    pub fn reset(&self) {
        self.raw().reset();
    }

    /// Breaks the barrier, so that nobody waits for a thread that will not come. Python:
    /// `barrier.abort()`.
    ///
    /// ```
    /// # use woozle::threading::Barrier;
    /// let barrier = Barrier::new(2);
    /// barrier.abort();
    /// assert!(barrier.wait().is_err());
    /// ```
    pub fn abort(&self) {
        self.raw().abort();
    }

    /// How many threads the barrier holds together. Python: `barrier.parties`.
    ///
    /// ```
    /// # use woozle::threading::Barrier;
    /// assert_eq!(Barrier::new(3).parties(), 3);
    /// ```
    pub fn parties(&self) -> usize {
        self.parties
    }

    /// How many threads wait at this moment. Python: `barrier.n_waiting`.
    ///
    /// ```
    /// # use woozle::threading::Barrier;
    /// assert_eq!(Barrier::new(3).n_waiting(), 0);
    /// ```
    pub fn n_waiting(&self) -> usize {
        self.raw().waiting()
    }

    /// Whether the barrier is broken. Python: `barrier.broken`.
    ///
    /// ```
    /// # use woozle::threading::Barrier;
    /// assert!(!Barrier::new(3).broken());
    /// ```
    pub fn broken(&self) -> bool {
        self.parties == 0 || self.raw().is_broken()
    }

    fn wait_until(&self, deadline: Deadline) -> Result<usize, BrokenBarrier> {
        if self.parties == 0 {
            return Err(BrokenBarrier::NoParties);
        }
        self.raw()
            .wait(self.parties, self.action.as_ref(), deadline)
    }

    fn raw(&self) -> &RawBarrier {
        self.raw.get_or(RawBarrier::default)
    }
}

impl Clone for Barrier {
    fn clone(&self) -> Self {
        Self {
            parties: self.parties,
            action: self.action.clone(),
            timeout: self.timeout,
            raw: self.raw.share(RawBarrier::default),
        }
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Barrier")
            .field("parties", &self.parties)
            .field("waiting", &self.n_waiting())
            .field("broken", &self.broken())
            .finish()
    }
}
