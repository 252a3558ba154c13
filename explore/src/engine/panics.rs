//! What becomes of a panic: it ends the schedule, or its thread alone.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LockResult, PoisonError};

thread_local! {
    static GOES_ON: Cell<bool> = const { Cell::new(false) };
    /// The threads of scopes that have panicked and were not joined: by scope.
    static UNSEEN: RefCell<Vec<(usize, u16)>> = const { RefCell::new(Vec::new()) };
}

/// Whether threads go on after a panic of another one.
pub(super) fn set_going_on(goes_on: bool) {
    GOES_ON.set(goes_on);
}

/// Runs what a thread consists of. Gives its panic, if threads go on after one.
pub fn run<T>(thread: impl FnOnce() -> T) -> Result<T, Box<dyn Any + Send>> {
    match GOES_ON.get() {
        true => catch_unwind(AssertUnwindSafe(thread)),
        false => Ok(thread()),
    }
}

/// A run begins.
pub(super) fn begin() {
    UNSEEN.take();
}

/// A thread of a scope has panicked.
pub(crate) fn note_unseen(scope: usize, thread: u16) {
    UNSEEN.with_borrow_mut(|unseen| unseen.push((scope, thread)));
}

/// It was joined, so that its panic is known.
pub(crate) fn note_seen(thread: u16) {
    UNSEEN.with_borrow_mut(|unseen| unseen.retain(|(_, own)| *own != thread));
}

/// Whether a thread of a scope, which ends, has panicked and nobody knows.
pub(crate) fn take_unseen(scope: usize) -> bool {
    UNSEEN.with_borrow_mut(|unseen| {
        let before = unseen.len();
        unseen.retain(|(own, _)| *own != scope);
        unseen.len() < before
    })
}

/// Whether something that a panic has left half done is known as such: for a lock.
#[derive(Debug)]
pub(crate) struct Poison(AtomicBool);

impl Poison {
    pub(crate) const fn new() -> Self {
        Self(AtomicBool::new(false))
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn clear(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// What was locked, with a note if it may be half done.
    pub(crate) fn checked<G>(&self, guard: G) -> LockResult<G> {
        match self.is_set() {
            true => Err(PoisonError::new(guard)),
            false => Ok(guard),
        }
    }

    /// A guard is dropped; `was_panicking` is what [`is_panicking`] said when it was made.
    pub(crate) fn leave(&self, was_panicking: bool) {
        if !was_panicking && is_panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

/// Whether a panic is under way.
pub fn is_panicking() -> bool {
    std::thread::panicking()
}
