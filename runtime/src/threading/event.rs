//! `Event`: one thread tells others that something has happened.

use std::fmt;
use std::time::Duration;

use super::raw::event::RawEvent;
use super::shared::Shared;
use crate::wait::Deadline;

/// A flag that threads can wait for: Python's `threading.Event`.
///
/// A clone is another handle of the same event; an event can also be a `static`. What the setting
/// thread did before [`set`](Self::set) is visible to those that [`wait`](Self::wait) let go on.
///
/// ```
/// use woozle::threading::{Event, Thread};
///
/// let finished = Event::new();
/// let t = Thread::new({
///     let finished = finished.clone();
///     move || {
///         println!("Processing data ...");
///         finished.set();
///     }
/// });
/// t.start();
/// finished.wait();
/// println!("Processing finished!");
/// ```
///
/// What differs from Python: [`wait`](Self::wait) without a timeout returns nothing, since it would
/// always be true. To hand over a value with the signal, use a channel.
pub struct Event(Shared<RawEvent>);

impl Event {
    /// A new event, not set. Python: `threading.Event()`.
    ///
    /// ```
    /// # use woozle::threading::Event;
    /// static READY: Event = Event::new();
    /// assert!(!READY.is_set());
    /// ```
    pub const fn new() -> Self {
        Self(Shared::new())
    }

    /// Sets the flag and wakes all that wait. Python: `event.set()`.
    ///
    /// ```
    /// # use woozle::threading::Event;
    /// let event = Event::new();
    /// event.set();
    /// assert!(event.is_set());
    /// ```
    pub fn set(&self) {
        self.raw().set();
    }

    /// Resets the flag. Those that were waiting when it was set go on. Python: `event.clear()`.
    ///
    /// ```
    /// # use woozle::threading::Event;
    /// let event = Event::new();
    /// event.set();
    /// event.clear();
    /// assert!(!event.is_set());
    /// ```
    pub fn clear(&self) {
        self.raw().clear();
    }

    /// Whether the flag is set. Python: `event.is_set()`.
    ///
    /// ```
    /// # use woozle::threading::Event;
    /// assert!(!Event::new().is_set());
    /// ```
    pub fn is_set(&self) -> bool {
        self.raw().is_set()
    }

    /// Waits until the flag is set. Python: `event.wait()`.
    ///
    /// ```
    /// # use woozle::threading::{Event, Thread};
    /// let event = Event::new();
    /// let other = event.clone();
    /// Thread::spawn(move || other.set());
    /// event.wait();
    /// ```
    pub fn wait(&self) {
        self.raw().wait(Deadline::NEVER);
    }

    /// Waits for at most this long, and says whether the flag was set. Python: `event.wait(timeout)`.
    ///
    /// ```
    /// # use woozle::threading::Event;
    /// # use std::time::Duration;
    /// assert!(!Event::new().wait_timeout(Duration::from_millis(1)));
    /// ```
    pub fn wait_timeout(&self, timeout: Duration) -> bool {
        self.raw().wait(Deadline::after(timeout))
    }

    fn raw(&self) -> &RawEvent {
        self.0.get_or(RawEvent::new)
    }
}

impl Default for Event {
    fn default() -> Self {
        Self::new()
    }
}

impl Clone for Event {
    fn clone(&self) -> Self {
        Self(self.0.share(RawEvent::new))
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("set", &self.is_set())
            .finish()
    }
}
