//! `ThreadPanic`: a panic as a value, with its message, its place and the thread's name.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex};

use crate::sync::lock_std;

/// A panic that ended a thread, a task or a callback; or a crash that ended a thread.
///
/// ```
/// use woozle::threading::{Thread, ThreadError};
///
/// let t = Thread::spawn(|| panic!("out of honey"));
/// let Err(ThreadError::Panicked(panic)) = t.join() else { unreachable!() };
/// assert_eq!(panic.message(), "out of honey");
/// assert!(panic.location().is_some());
/// ```
#[derive(Clone)]
pub struct ThreadPanic {
    pub(in crate::threading) thread: Arc<str>,
    pub(in crate::threading) note: Note,
    pub(in crate::threading) payload: Arc<Mutex<Option<Payload>>>,
}

pub(in crate::threading) type Payload = Box<dyn Any + Send>;

impl ThreadPanic {
    /// The end of a thread that no panic has ended, but a crash of the process, to which it has not come back.
    pub(in crate::threading) fn crash(thread: Arc<str>, how: &str) -> Self {
        Self {
            thread,
            note: Note {
                message: how.to_owned(),
                location: None,
                backtrace: None,
                is_crash: true,
            },
            payload: Arc::new(Mutex::new(Some(Box::new(how.to_owned())))),
        }
    }

    /// What the panic said.
    pub fn message(&self) -> &str {
        &self.note.message
    }

    /// Where it happened, as `file:line:column`; none if a panic hook of the user hides it.
    pub fn location(&self) -> Option<&str> {
        self.note.location.as_deref()
    }

    /// The name of the thread that panicked.
    pub fn thread_name(&self) -> &str {
        &self.thread
    }

    /// The functions that were being called, the innermost first, a line each; only in a worker
    /// process.
    pub(crate) fn backtrace(&self) -> Option<&str> {
        self.note.backtrace.as_deref()
    }

    /// The panic's own value, to whoever asks first; for [`std::panic::resume_unwind`].
    ///
    /// ```
    /// # use woozle::threading::{Thread, ThreadError};
    /// let t = Thread::spawn(|| std::panic::panic_any(42));
    /// let Err(ThreadError::Panicked(panic)) = t.join() else { unreachable!() };
    /// let payload = panic.take_payload().unwrap();
    /// assert_eq!(payload.downcast_ref(), Some(&42));
    /// ```
    pub fn take_payload(&self) -> Option<Box<dyn Any + Send>> {
        lock_std(&self.payload).take()
    }
}

impl fmt::Display for ThreadPanic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.note.is_crash {
            return write!(f, "{} {}", self.thread, self.note.message);
        }
        write!(f, "{} panicked", self.thread)?;
        if let Some(location) = &self.note.location {
            write!(f, " at {location}")?;
        }
        write!(f, ": {}", self.note.message)
    }
}

debug_is_display!(ThreadPanic);

/// What the hook has seen of a panic.
#[derive(Clone, Debug)]
pub(in crate::threading) struct Note {
    pub(in crate::threading) message: String,
    pub(in crate::threading) location: Option<String>,
    pub(in crate::threading) backtrace: Option<String>,
    pub(in crate::threading) is_crash: bool,
}
