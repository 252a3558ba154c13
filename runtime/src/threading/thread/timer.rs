//! `Timer`: something that is done later, unless it is cancelled.

use std::ops::Deref;
use std::time::Duration;

use crate::threading::event::Event;
use crate::threading::thread::handle::Thread;

/// A thread that calls a function after an interval: Python's `threading.Timer`.
///
/// It is a [`Thread`]: started by `start`, waited for by `join`. A clone is another handle.
///
/// ```
/// use std::time::Duration;
/// use woozle::threading::Timer;
///
/// let timer = Timer::new(Duration::from_millis(1), || println!("Time for a little something"));
/// timer.start();
/// timer.join()?;
/// # Ok::<(), woozle::threading::ThreadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Timer {
    thread: Thread,
    finished: Event,
}

impl Timer {
    /// A timer, not started, that will call `function`. Python: `threading.Timer(interval, function)`.
    ///
    /// ```
    /// # use woozle::threading::Timer;
    /// # use std::time::Duration;
    /// let timer = Timer::new(Duration::from_secs(3600), || ());
    /// assert!(!timer.is_alive());
    /// ```
    pub fn new(interval: Duration, function: impl FnOnce() + Send + 'static) -> Self {
        let finished = Event::new();
        let cancelled = finished.clone();
        let thread = Thread::new(move || {
            if !cancelled.wait_timeout(interval) {
                function();
            }
            cancelled.set();
        });
        Self { thread, finished }
    }

    /// Ends the timer if it has not called its function yet. Python: `timer.cancel()`.
    ///
    /// ```
    /// # use woozle::threading::Timer;
    /// # use std::time::Duration;
    /// let timer = Timer::new(Duration::from_secs(3600), || panic!("too late"));
    /// timer.start();
    /// timer.cancel();
    /// timer.join()?;
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn cancel(&self) {
        self.finished.set();
    }
}

impl Deref for Timer {
    type Target = Thread;

    fn deref(&self) -> &Thread {
        &self.thread
    }
}
