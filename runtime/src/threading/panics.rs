//! Panics of threads and callbacks as values: message, place, and the thread's name.

use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::{Arc, Mutex, Once, PoisonError};

use super::current_name;

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
    thread: Arc<str>,
    note: Note,
    payload: Arc<Mutex<Option<Payload>>>,
}

type Payload = Box<dyn Any + Send>;

impl ThreadPanic {
    /// The end of a thread that no panic has ended, but a crash of the process, to which it has not come back.
    pub(super) fn crash(thread: Arc<str>, how: &str) -> Self {
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
        self.payload
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
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
struct Note {
    message: String,
    location: Option<String>,
    backtrace: Option<String>,
    is_crash: bool,
}

thread_local! {
    /// The panics since the outermost [`catch`] of this thread began; none outside of one.
    static NOTES: RefCell<Option<Vec<Note>>> = const { RefCell::new(None) };
}

/// Runs `body` and returns its panic as a value, which nobody else reports.
pub(crate) fn catch<R>(body: impl FnOnce() -> R) -> Result<R, ThreadPanic> {
    let frame = Frame::enter();
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(value) => {
            frame.leave(None);
            Ok(value)
        }
        Err(payload) => Err(frame.leave_with(payload)),
    }
}

/// The panics noted by one call of [`catch`]: those after the first `from`.
struct Frame {
    outermost: bool,
    from: usize,
}

impl Frame {
    fn enter() -> Self {
        // While a panic unwinds, in a `drop`, the hook must not be changed.
        if !std::thread::panicking() {
            HOOK.call_once(install);
        }
        let enter = |notes: &mut Option<Vec<Note>>| match notes {
            Some(notes) => Self {
                outermost: false,
                from: notes.len(),
            },
            None => {
                *notes = Some(Vec::new());
                Self {
                    outermost: true,
                    from: 0,
                }
            }
        };
        // A thread that is being taken down takes no notes.
        NOTES
            .try_with(|notes| enter(&mut notes.borrow_mut()))
            .unwrap_or(Self {
                outermost: false,
                from: 0,
            })
    }

    /// Ends the frame. Panics that the body itself has caught are reported, as std reports them.
    fn leave(self, ended_by: Option<&mut Option<Note>>) {
        let leave = |notes: &mut Option<Vec<Note>>| {
            let noted = notes
                .as_mut()
                .map(|notes| notes.split_off(self.from.min(notes.len())));
            if self.outermost {
                *notes = None;
            }
            noted.unwrap_or_default()
        };
        let mut noted = NOTES
            .try_with(|notes| leave(&mut notes.borrow_mut()))
            .unwrap_or_default();
        if let Some(last) = ended_by {
            *last = noted.pop();
        }
        for note in noted {
            let place = note.location.as_deref().unwrap_or("an unknown place");
            eprintln!(
                "thread '{}' panicked at {place}:\n{}",
                current_name(),
                note.message
            );
        }
    }

    fn leave_with(self, payload: Payload) -> ThreadPanic {
        let mut note = None;
        self.leave(Some(&mut note));
        let note = note.unwrap_or_else(|| Note {
            message: text(&*payload),
            location: None,
            backtrace: None,
            is_crash: false,
        });
        let payload = Arc::new(Mutex::new(Some(payload)));
        ThreadPanic {
            thread: current_name(),
            note,
            payload,
        }
    }
}

static HOOK: Once = Once::new();

/// As [`install`], if that has been done before: the hook was taken away.
pub(crate) fn install_again() {
    if HOOK.is_completed() {
        install();
    }
}

/// Puts our hook before the one that is there.
fn install() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !note(info) {
            before(info);
        }
    }));
}

/// Notes a panic if it happens within [`catch`], and says whether it does.
fn note(info: &PanicHookInfo<'_>) -> bool {
    let note = |notes: &RefCell<Option<Vec<Note>>>| {
        let mut notes = notes.try_borrow_mut().ok()?;
        notes.as_mut()?.push(Note {
            message: text(info.payload()),
            location: info.location().map(crate::process::panic_hook::shown),
            backtrace: crate::multiprocessing::is_child()
                .then(crate::process::panic_hook::backtrace),
            is_crash: false,
        });
        Some(())
    };
    matches!(NOTES.try_with(note), Ok(Some(())))
}

fn text(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "(a value that is no text)".to_owned()
    }
}
