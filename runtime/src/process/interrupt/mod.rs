//! Interrupting the cell that runs: Python's `KeyboardInterrupt`.
//!
//! The thread that runs the cell looks at a flag: between the cell's statements, in their loops, wherever the
//! runtime waits, and when it sleeps. There it unwinds, so destructors run. Only that thread is interrupted. What the cell
//! catches comes back at the next look, until the cell has ended.

mod sleep;

use std::any::Any;
use std::cell::Cell;
use std::panic::Location;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Duration;

use crate::protocol::{Frame, Outcome, Place};

pub use sleep::leave_sleep;

static PENDING: AtomicBool = AtomicBool::new(false);
/// Whether there is a cell to interrupt: one that runs, or whose library is being loaded.
static EXPECTED: AtomicBool = AtomicBool::new(false);
/// The thread that runs a cell; 0 between cells.
static TARGET: AtomicI32 = AtomicI32::new(0);

thread_local! {
    static IS_TARGET: Cell<bool> = const { Cell::new(false) };
}

/// What an interrupted cell unwinds with: where it looked, and the calls that it was in.
pub(crate) struct KeyboardInterrupt {
    place: &'static Location<'static>,
    frames: Vec<Frame>,
}

/// A cell is about to come. An interrupt from now on is for it, even if none of its statements runs yet.
pub(crate) fn expect() {
    PENDING.store(false, Ordering::SeqCst);
    EXPECTED.store(true, Ordering::SeqCst);
}

/// The cell has ended: what interrupts it now comes too late.
pub(crate) fn is_over() {
    EXPECTED.store(false, Ordering::SeqCst);
    PENDING.store(false, Ordering::SeqCst);
}

/// Runs a cell's statements, which can be interrupted meanwhile.
pub(crate) fn while_running<T>(run: impl FnOnce() -> T) -> T {
    struct Running;
    impl Drop for Running {
        fn drop(&mut self) {
            IS_TARGET.set(false);
            TARGET.store(0, Ordering::SeqCst);
            PENDING.store(false, Ordering::SeqCst);
        }
    }
    IS_TARGET.set(true);
    TARGET.store(rustix::thread::gettid().as_raw_pid(), Ordering::SeqCst);
    let _running = Running;
    run()
}

/// Whether the current thread is to be interrupted.
#[must_use]
pub fn is_pending() -> bool {
    PENDING.load(Ordering::Relaxed) && is_target()
}

/// Whether the current thread can be interrupted.
pub(crate) fn is_target() -> bool {
    IS_TARGET.try_with(Cell::get).unwrap_or(false)
}

/// Runs what cannot be unwound from: it goes on when the cell is interrupted.
pub(crate) fn ignoring<T>(run: impl FnOnce() -> T) -> T {
    struct Ignoring(bool);
    impl Drop for Ignoring {
        fn drop(&mut self) {
            IS_TARGET.set(self.0);
        }
    }
    let _ignoring = Ignoring(IS_TARGET.replace(false));
    run()
}

/// Unwinds if the cell has been interrupted.
#[inline]
#[track_caller]
pub fn check() {
    if PENDING.load(Ordering::Relaxed) {
        raise(Location::caller());
    }
}

#[cold]
fn raise(place: &'static Location<'static>) {
    // A destructor that waits, as part of unwinding, is left alone.
    if is_target() && !std::thread::panicking() {
        let frames = crate::process::frames::of_cells();
        std::panic::resume_unwind(Box::new(KeyboardInterrupt { place, frames }));
    }
}

/// How a cell ended, if it unwound with an interrupt.
pub(crate) fn outcome(payload: &(dyn Any + Send)) -> Option<Outcome> {
    let interrupt = payload.downcast_ref::<KeyboardInterrupt>()?;
    Some(Outcome::Interrupted {
        place: Place::from(interrupt.place),
        frames: interrupt.frames.clone(),
    })
}

/// Interrupts the cell, if there is one; called on another thread. `wake` wakes the cell's thread where the runtime
/// waits.
pub(crate) fn request(wake: fn()) {
    if !EXPECTED.load(Ordering::SeqCst) || PENDING.swap(true, Ordering::SeqCst) {
        return;
    }
    // What it waits for may begin only now, so it is woken until it has noticed.
    let _ = crate::process::service_thread::spawn("woozle-interrupt", move || {
        while PENDING.load(Ordering::SeqCst) {
            let target = TARGET.load(Ordering::SeqCst);
            if target != 0 {
                wake();
                let process = std::process::id();
                // SAFETY: it only sends a signal, whose handler does nothing: a system call that waits comes back.
                unsafe { libc::syscall(libc::SYS_tgkill, process, target, signal()) };
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "this thread is the one that interrupts"
            )]
            std::thread::sleep(Duration::from_millis(10));
        }
    });
}

fn signal() -> i32 {
    libc::SIGRTMAX() - 4
}

/// Lets the signal that wakes a thread do nothing else.
pub(crate) fn prepare() {
    extern "C" fn nothing(_: i32) {}
    let handler: extern "C" fn(i32) = nothing;
    // SAFETY: all zeroes is a valid `sigaction`; the handler does nothing.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as usize;
        libc::sigaction(signal(), &raw const action, std::ptr::null_mut());
    }
}

#[cfg(test)]
mod tests;
