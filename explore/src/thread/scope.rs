//! Threads that borrow.

use std::any::Any;
use std::fmt;
use std::panic::Location;

use shuttle::thread as model;

use super::spawn::{Thread, joined, number};
use crate::engine::log::{Action, note, note_end, note_spawn};

/// As std's.
#[repr(transparent)]
pub struct Scope<'scope, 'env: 'scope>(model::Scope<'scope, 'env>);

/// As std's.
pub struct ScopedJoinHandle<'scope, T>(model::ScopedJoinHandle<'scope, T>);

impl<'scope, 'env> Scope<'scope, 'env> {
    /// As std's.
    #[track_caller]
    pub fn spawn<F, T>(&'scope self, run: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        let place = Location::caller();
        let handle = self.0.spawn(move || {
            let result = run();
            note_end();
            result
        });
        note_spawn(place, number(handle.thread()), None);
        ScopedJoinHandle(handle)
    }
}

impl<T> ScopedJoinHandle<'_, T> {
    /// As std's.
    ///
    /// # Errors
    /// Never: a panic ends the schedule.
    #[track_caller]
    pub fn join(self) -> Result<T, Box<dyn Any + Send>> {
        let thread = number(self.0.thread());
        joined(Location::caller(), thread, || self.0.join())
    }

    /// As std's.
    #[must_use]
    pub fn thread(&self) -> &Thread {
        Thread::of(self.0.thread())
    }

    /// As std's.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

/// As std's.
#[track_caller]
pub fn scope<'env, F, T>(run: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    let place = Location::caller();
    let result = model::scope(|scope| {
        // SAFETY: it is nothing else, by `repr(transparent)`.
        let scope: &Scope<'_, 'env> = unsafe { &*std::ptr::from_ref(scope).cast() };
        let result = run(scope);
        note(place, Action::Want("scope", 0));
        result
    });
    note(place, Action::Got("scope", 0));
    result
}

impl fmt::Debug for Scope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scope { .. }")
    }
}
