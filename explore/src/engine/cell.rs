//! What the program calls that a cell becomes: how its statements fail, what they give, and its `.await`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::{self, Debug};
use std::future::Future;
use std::panic::Location;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use super::log::{Action, Place, note};
use crate::thread::{Thread, current};

/// The error that `?` ends a cell with.
pub struct Failure {
    message: String,
    place: Place,
}

/// What a cell's statements evaluate to.
pub type Result = std::result::Result<(), Failure>;

impl<E: Debug> From<E> for Failure {
    #[track_caller]
    fn from(error: E) -> Self {
        Self {
            message: format!("{error:?}"),
            place: Location::caller(),
        }
    }
}

/// The error that generated code makes of a `None` before a `?`.
pub struct Absent;

impl Debug for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`?` found `None` here, so the cell ends")
    }
}

/// What `return` may end a cell with.
#[diagnostic::on_unimplemented(
    message = "a cell returns `()` or a `Result<(), _>`, not `{Self}`",
    label = "of this nothing is shown: make it the last expression instead"
)]
pub trait Returned {
    /// Whether the cell has failed.
    fn outcome(self) -> Result;
}

impl Returned for () {
    fn outcome(self) -> Result {
        Ok(())
    }
}

impl<E: Into<Failure>> Returned for std::result::Result<(), E> {
    #[track_caller]
    fn outcome(self) -> Result {
        match self {
            Ok(()) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// What `return value` of a cell's statements becomes.
///
/// # Errors
/// When the value is an error.
#[track_caller]
pub fn returned(value: impl Returned) -> Result {
    value.outcome()
}

/// What `return;` among the arguments of a macro may have to give back.
pub trait Done {
    /// What says that all is well.
    fn done() -> Self;
}

impl Done for () {
    fn done() -> Self {}
}

impl<E> Done for std::result::Result<(), E> {
    fn done() -> Self {
        Ok(())
    }
}

/// What `return;` among the arguments of a macro gives back.
pub fn done<T: Done>() -> T {
    T::done()
}

/// One run of a cell: it fails as its statements do.
pub(super) fn run(cell: impl Fn() -> Result) {
    if let Err(Failure { message, place }) = cell() {
        note(place, Action::Fail(message.clone()));
        std::panic::resume_unwind(Box::new(message));
    }
}

/// The value of a cell, which may have a form to show.
pub struct Shown<'a, T: ?Sized>(pub &'a T);

/// Notes the value of a run.
pub trait ByDebug {
    /// As the trait says.
    fn show(&self);
}

impl<T: ?Sized + Debug> ByDebug for Shown<'_, T> {
    fn show(&self) {
        add(format!("{:?}", self.0));
    }
}

/// What is done with values that have no such form.
pub trait Hidden {
    /// Nothing.
    fn show(&self) {}
}

impl<T: ?Sized> Hidden for &Shown<'_, T> {}

/// So many different values are kept, and so much of each.
const MOST_VALUES: usize = 50;
const LONGEST: usize = 200;

thread_local! {
    /// How often the runs of a search have had each value.
    static VALUES: RefCell<BTreeMap<String, usize>> = const { RefCell::new(BTreeMap::new()) };
}

fn add(mut text: String) {
    if text == "()" {
        return;
    }
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    VALUES.with_borrow_mut(|values| {
        if values.len() < MOST_VALUES || values.contains_key(&text) {
            *values.entry(text).or_default() += 1;
        }
    });
}

/// The values so far, which are forgotten.
pub(super) fn take_values() -> BTreeMap<String, usize> {
    VALUES.take()
}

/// Wakes the thread that waits for a future.
struct Alarm(Thread);

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future on the running thread: the cell's `.await`.
#[track_caller]
pub fn block_on<F: Future>(future: F) -> F::Output {
    let place = Location::caller();
    let waker = Waker::from(Arc::new(Alarm(current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        crate::thread::park_for(place, "await");
    }
}
