//! Threads.

use std::any::Any;
use std::fmt;
use std::io;
use std::panic::Location;

use shuttle::thread as model;

use crate::engine::clocks::{learn_end, publish_end, publish_unpark, switch};
use crate::engine::log::{Action, Place, has_ended, name_of, note, note_end, note_spawn};
use crate::engine::panics;

/// As std's.
#[derive(Debug, Clone)]
#[repr(transparent)]
pub struct Thread(model::Thread);

/// A thread's number.
pub(super) fn number(thread: &model::Thread) -> u16 {
    usize::from(thread.id()) as u16
}

impl Thread {
    /// As std's.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        let main = (number(&self.0) == 0).then_some("main");
        name_of(number(&self.0)).or(main)
    }

    /// As std's.
    #[must_use]
    pub fn id(&self) -> model::ThreadId {
        self.0.id()
    }

    /// As std's.
    #[track_caller]
    pub fn unpark(&self) {
        let place = Location::caller();
        switch();
        publish_unpark(number(&self.0).into());
        self.0.unpark();
        note(place, Action::Unpark(number(&self.0)));
    }

    /// The one that shuttle has.
    pub(super) fn of(thread: &model::Thread) -> &Self {
        // SAFETY: it is nothing else, by `repr(transparent)`.
        unsafe { &*std::ptr::from_ref(thread).cast() }
    }
}

/// As std's.
#[must_use]
pub fn current() -> Thread {
    Thread(model::current())
}

/// As std's.
pub struct JoinHandle<T>(model::JoinHandle<Ended<T>>);

/// What a thread leaves behind.
pub(super) type Ended<T> = Result<T, Box<dyn Any + Send>>;

impl<T> JoinHandle<T> {
    /// As std's.
    ///
    /// # Errors
    /// When the thread has panicked, and that has not ended the schedule.
    #[track_caller]
    pub fn join(self) -> Result<T, Box<dyn Any + Send>> {
        let thread = number(self.0.thread());
        joined(Location::caller(), thread, || self.0.join()).flatten()
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

/// Whether a thread has ended; what it did is known then.
pub(super) fn is_over(thread: u16) -> bool {
    let is_over = has_ended(thread);
    if is_over {
        learn_end(thread.into());
    }
    is_over
}

/// Notes that a thread waits for another one to end.
pub(super) fn joined<R>(
    place: &'static Location<'static>,
    thread: u16,
    join: impl FnOnce() -> R,
) -> R {
    note(place, Action::Want("join", thread.into()));
    let result = join();
    note(place, Action::Got("join", thread.into()));
    result
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JoinHandle { .. }")
    }
}

/// As std's.
#[track_caller]
pub fn spawn<F, T>(run: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let spawned = Builder::new().spawn(run);
    spawned.expect("a thread of the schedule can always start")
}

/// As std's.
#[derive(Debug, Default)]
pub struct Builder {
    pub(super) name: Option<String>,
}

impl Builder {
    /// As std's.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// As std's.
    #[must_use]
    pub fn name(mut self, name: String) -> Self {
        self.name = Some(name);
        self
    }

    /// As std's; all stacks have one size.
    #[must_use]
    pub fn stack_size(self, _: usize) -> Self {
        self
    }

    /// As std's.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn spawn<F, T>(self, run: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        self.start(Location::caller(), run)
    }

    fn start<F, T>(self, place: Place, run: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let handle = model::spawn(move || {
            let result = panics::run(run);
            publish_end();
            note_end();
            result
        });
        note_spawn(place, number(handle.thread()), self.name);
        Ok(JoinHandle(handle))
    }
}
