//! Threads that borrow.

use std::any::Any;
use std::fmt;
use std::io;
use std::panic::Location;

use shuttle::thread as model;

use super::spawn::{Builder, Ended, Thread, is_over, joined, number};
use crate::engine::clocks::{enter_scope, leave_scope, publish_end, switch};
use crate::engine::log::{Action, Place, note, note_end, note_spawn, running};
use crate::engine::panics;

/// As std's.
#[repr(transparent)]
pub struct Scope<'scope, 'env: 'scope>(model::Scope<'scope, 'env>);

/// As std's.
pub struct ScopedJoinHandle<'scope, T>(model::ScopedJoinHandle<'scope, Ended<T>>);

impl<'scope, 'env> Scope<'scope, 'env> {
    /// As std's.
    #[track_caller]
    pub fn spawn<F, T>(&'scope self, run: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        self.start(Location::caller(), None, run)
    }

    fn start<F, T>(
        &'scope self,
        place: Place,
        name: Option<String>,
        run: F,
    ) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        let scope = address(&self.0);
        let handle = self.0.spawn(move || {
            let result = panics::run(run);
            if result.is_err() {
                panics::note_unseen(scope, running());
            }
            publish_end();
            note_end();
            result
        });
        let thread = number(handle.thread());
        enter_scope(scope, thread.into());
        note_spawn(place, thread, name);
        ScopedJoinHandle(handle)
    }
}

impl Builder {
    /// As std's.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn spawn_scoped<'scope, F, T>(
        self,
        scope: &'scope Scope<'scope, '_>,
        run: F,
    ) -> io::Result<ScopedJoinHandle<'scope, T>>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        Ok(scope.start(Location::caller(), self.name, run))
    }
}

impl<T> ScopedJoinHandle<'_, T> {
    /// As std's.
    ///
    /// # Errors
    /// When the thread has panicked, and that has not ended the schedule.
    #[track_caller]
    pub fn join(self) -> Result<T, Box<dyn Any + Send>> {
        let thread = number(self.0.thread());
        let result = joined(Location::caller(), thread, || self.0.join()).flatten();
        panics::note_seen(thread);
        result
    }

    /// As std's.
    #[must_use]
    pub fn thread(&self) -> &Thread {
        Thread::of(self.0.thread())
    }

    /// As std's.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        switch();
        is_over(number(self.0.thread()))
    }
}

/// Tells the scopes apart that there are at a time.
fn address(scope: &model::Scope<'_, '_>) -> usize {
    std::ptr::from_ref(scope).addr()
}

/// As std's.
#[track_caller]
pub fn scope<'env, F, T>(run: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    let place = Location::caller();
    let (result, of) = model::scope(|scope| {
        let of = address(scope);
        // SAFETY: it is nothing else, by `repr(transparent)`.
        let scope: &Scope<'_, 'env> = unsafe { &*std::ptr::from_ref(scope).cast() };
        let result = run(scope);
        note(place, Action::Want("scope", 0));
        (result, of)
    });
    leave_scope(of);
    note(place, Action::Got("scope", 0));
    assert!(!panics::take_unseen(of), "a scoped thread panicked");
    result
}

impl fmt::Debug for Scope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scope { .. }")
    }
}
