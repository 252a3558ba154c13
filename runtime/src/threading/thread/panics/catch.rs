//! Catching panics of threads and callbacks, which become values.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo};
use std::sync::{Arc, Mutex, Once};

use crate::process::{panics, role};
use crate::sync::catch_unwind;
use crate::threading::thread::registry::current_name;
use crate::threading::thread::thread_panic::{Note, Payload, ThreadPanic};

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
            location: info.location().map(panics::hook::shown),
            backtrace: role::is_child().then(panics::hook::backtrace),
            is_crash: false,
        });
        Some(())
    };
    matches!(NOTES.try_with(note), Ok(Some(())))
}

fn text(payload: &(dyn Any + Send)) -> String {
    panics::payload::text(payload).unwrap_or_else(|| "(a value that is no text)".to_owned())
}
