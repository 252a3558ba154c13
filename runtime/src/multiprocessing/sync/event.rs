//! `Event`: a flag that processes wait for.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::words::{Shareable, Words, wait_while, wake};
use crate::wait::{Deadline, Wanted};

/// A flag that processes can wait for: Python's `multiprocessing.Event`.
///
/// A clone, and what is sent to another process, is another handle of the same one.
///
/// ```
/// use woozle::multiprocessing::{Event, Process};
///
/// let ready = Event::new()?;
/// let p = Process::with_args(|ready: Event| ready.set(), (ready.clone(),))?;
/// p.start()?;
/// ready.wait();
/// p.join()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
pub struct Event(Words<RawEvent>);

#[repr(C)]
#[derive(Debug, Default)]
pub(crate) struct RawEvent {
    set: AtomicU32,
    /// Moves on with each `set`, so that a `clear` right after it takes it from nobody.
    epoch: AtomicU32,
}

// SAFETY: atomics, which are an unset event when they are zero.
unsafe impl Shareable for RawEvent {}

impl Event {
    /// A new event, not set. Python: `multiprocessing.Event()`.
    ///
    /// # Errors
    ///
    /// When the system gives no memory or descriptor.
    pub fn new() -> io::Result<Self> {
        Words::new(0).map(Self)
    }

    /// Sets the flag, and wakes all who wait. Python: `event.set()`.
    pub fn set(&self) {
        self.0.set.store(1, Ordering::SeqCst);
        self.0.epoch.fetch_add(1, Ordering::SeqCst);
        wake(&self.0.epoch, u32::MAX);
    }

    /// Clears the flag. Python: `event.clear()`.
    pub fn clear(&self) {
        self.0.set.store(0, Ordering::SeqCst);
    }

    /// Whether the flag is set. Python: `event.is_set()`.
    pub fn is_set(&self) -> bool {
        self.0.set.load(Ordering::SeqCst) == 1
    }

    /// Waits until the flag is set. Python: `event.wait()`.
    pub fn wait(&self) {
        self.wait_until(Deadline::NEVER);
    }

    /// Waits until the flag is set, for at most this long; whether it was set. Python:
    /// `event.wait(timeout)`.
    ///
    /// ```
    /// # use woozle::multiprocessing::Event;
    /// # use std::time::Duration;
    /// let event = Event::new()?;
    /// assert!(!event.wait_timeout(Duration::from_millis(1)));
    /// event.set();
    /// assert!(event.wait_timeout(Duration::from_millis(1)));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn wait_timeout(&self, timeout: Duration) -> bool {
        self.wait_until(Deadline::after(timeout))
    }

    fn wait_until(&self, deadline: Deadline) -> bool {
        let epoch = self.0.epoch.load(Ordering::SeqCst);
        loop {
            if self.is_set() || self.0.epoch.load(Ordering::SeqCst) != epoch {
                return true;
            }
            if !wait_while(&self.0.epoch, epoch, Wanted::Event, deadline) {
                return self.is_set() || self.0.epoch.load(Ordering::SeqCst) != epoch;
            }
        }
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_set() {
            "<Event set>"
        } else {
            "<Event unset>"
        })
    }
}
