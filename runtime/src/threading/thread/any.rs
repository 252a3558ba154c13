//! `AnyThread`: a thread's object without its result, and the life of a thread.

use std::fmt;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::threading::error::ThreadError;
use crate::threading::thread::core::{Core, Origin, ThreadState};
use crate::threading::thread::ident;
use crate::wait::Deadline;

/// A thread, whatever its result: what [`current_thread`](crate::threading::current_thread),
/// [`main_thread`](crate::threading::main_thread) and [`enumerate`](crate::threading::enumerate) give.
///
/// A [`Thread`](crate::threading::Thread) is one of these together with its result, and has all of its methods. Two are
/// equal if they are the same thread.
///
/// ```
/// use woozle::threading::{current_thread, enumerate};
///
/// for thread in enumerate() {
///     println!("{} {:?}", thread.name(), thread.ident());
/// }
/// assert!(enumerate().contains(&current_thread()) || !current_thread().is_alive());
/// ```
#[derive(Clone)]
pub struct AnyThread(Arc<Core>);

impl AnyThread {
    /// The thread's name. Python: `t.name`.
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// let t = Thread::builder().name("piglet").build(|| ());
    /// assert_eq!(t.name(), "piglet");
    /// ```
    pub fn name(&self) -> String {
        self.0.name().to_string()
    }

    /// Renames the thread, at any time. Python: `t.name = ...`.
    ///
    /// The system's tools show the name that the thread had when it was started.
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// let t = Thread::new(|| ());
    /// t.set_name("eeyore");
    /// assert_eq!(t.name(), "eeyore");
    /// ```
    pub fn set_name(&self, name: impl Into<String>) {
        self.0.set_name(name.into().into());
    }

    /// A number that names the thread; none before its start. Python: `t.ident`.
    ///
    /// Unlike in Python it is never given to another thread later.
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// let t = Thread::new(|| ());
    /// assert_eq!(t.ident(), None);
    /// t.start();
    /// assert!(t.ident().is_some());
    /// ```
    pub fn ident(&self) -> Option<u64> {
        self.0.ident().map(NonZeroU64::get)
    }

    /// The system's id of the thread; none before its first step. Python: `t.native_id`.
    ///
    /// ```
    /// # use woozle::threading::{Thread, get_native_id};
    /// let t = Thread::spawn(get_native_id);
    /// assert_eq!(Some(t.join()?), t.native_id());
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn native_id(&self) -> Option<u32> {
        self.0.native_id()
    }

    /// Whether the thread has been started and has not ended. Python: `t.is_alive()`.
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// let t = Thread::new(|| ());
    /// assert!(!t.is_alive());
    /// t.start();
    /// t.join()?;
    /// assert!(!t.is_alive());
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn is_alive(&self) -> bool {
        self.0.state() == ThreadState::Started
    }

    /// Whether the end of the notebook does not wait for the thread. Python: `t.daemon`.
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// assert!(!Thread::new(|| ()).daemon());
    /// ```
    pub fn daemon(&self) -> bool {
        self.0.daemon.load(Ordering::Relaxed)
    }

    /// Says whether the end of the notebook shall not wait for it. Python: `t.daemon = ...`.
    ///
    /// A thread that is made by a daemon is a daemon, unless it is told otherwise.
    ///
    /// # Errors
    ///
    /// [`ThreadError::DaemonAfterStart`] once the thread is started (Python's `RuntimeError`).
    ///
    /// ```
    /// # use woozle::threading::Thread;
    /// let t = Thread::new(|| ());
    /// t.set_daemon(true)?;
    /// t.start();
    /// assert!(t.set_daemon(false).is_err());
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn set_daemon(&self, daemon: bool) -> Result<(), ThreadError> {
        if self.0.state() != ThreadState::New {
            return Err(ThreadError::DaemonAfterStart(self.name()));
        }
        self.0.daemon.store(daemon, Ordering::Relaxed);
        Ok(())
    }

    /// Waits until the thread has ended, and says whether in a panic. Python: `t.join()`.
    ///
    /// Any thread may join, any number of times.
    ///
    /// # Errors
    ///
    /// [`ThreadError::Panicked`] if a panic ended it, [`ThreadError::NotStarted`],
    /// [`ThreadError::JoinCurrent`].
    ///
    /// ```
    /// # use woozle::threading::{Thread, current_thread};
    /// let t = Thread::spawn(|| ());
    /// t.join()?;
    /// t.join()?;
    /// assert!(current_thread().join().is_err());
    /// # Ok::<(), woozle::threading::ThreadError>(())
    /// ```
    pub fn join(&self) -> Result<(), ThreadError> {
        self.join_until(Deadline::NEVER)
    }

    /// As [`join`](Self::join), for at most this long. Python: `t.join(timeout)`.
    ///
    /// # Errors
    ///
    /// Those of [`join`](Self::join), and [`ThreadError::TimedOut`]; the thread then goes on. (Python's
    /// `join` returns None in either case, and one asks `is_alive`.)
    ///
    /// ```
    /// # use woozle::threading::{Event, Thread, ThreadError};
    /// # use std::time::Duration;
    /// let stop = Event::new();
    /// let t = Thread::spawn({ let stop = stop.clone(); move || stop.wait() });
    /// assert!(matches!(t.join_timeout(Duration::ZERO), Err(ThreadError::TimedOut(_))));
    /// stop.set();
    /// t.join()?;
    /// # Ok::<(), ThreadError>(())
    /// ```
    pub fn join_timeout(&self, timeout: Duration) -> Result<(), ThreadError> {
        self.join_until(Deadline::after(timeout))
    }

    pub(in crate::threading) fn join_until(&self, deadline: Deadline) -> Result<(), ThreadError> {
        if self.0.state() == ThreadState::New {
            return Err(ThreadError::NotStarted(self.name()));
        }
        if self.0.state() == ThreadState::Started && self.0.ident() == Some(ident::get()) {
            return Err(ThreadError::JoinCurrent(self.name()));
        }
        if !self.0.wait_end(deadline) {
            return Err(ThreadError::TimedOut(self.name()));
        }
        self.0
            .panic()
            .map_or(Ok(()), |panic| Err(ThreadError::Panicked(panic)))
    }

    pub(in crate::threading) fn from_core(core: Core) -> Self {
        Self(Arc::new(core))
    }

    pub(in crate::threading) fn main() -> Self {
        Self::from_core(Core::running(
            Origin::Main,
            "MainThread".into(),
            ident::MAIN,
        ))
    }

    /// The dummy for the calling thread, one of std.
    pub(in crate::threading) fn foreign(ident: NonZeroU64) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        let thread = std::thread::current();
        let name = match thread.name() {
            Some(name) => name.to_owned(),
            None => format!("Dummy-{}", COUNT.fetch_add(1, Ordering::Relaxed)),
        };
        let core = Core::running(Origin::Foreign, name.into(), ident);
        core.set_native_id(ident::native());
        Self::from_core(core)
    }

    /// The thread has another number now.
    pub(in crate::threading) fn set_native_id(&self, id: u32) {
        self.0.set_native_id(id);
    }

    pub(in crate::threading) fn core(&self) -> &Core {
        &self.0
    }

    pub(in crate::threading) fn arc_name(&self) -> Arc<str> {
        self.0.name()
    }
}

impl PartialEq for AnyThread {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for AnyThread {}

impl fmt::Debug for AnyThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.0.state() {
            ThreadState::New => "initial",
            ThreadState::Started => "started",
            ThreadState::Ended => "stopped",
        };
        let daemon = if self.daemon() { " daemon" } else { "" };
        write!(f, "<Thread({}, {state}{daemon}", self.0.name())?;
        if let Some(ident) = self.ident() {
            write!(f, " {ident}")?;
        }
        f.write_str(")>")
    }
}
