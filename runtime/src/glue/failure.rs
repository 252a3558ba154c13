//! How a cell's statements fail: what `?` and `return` become.

use std::any::TypeId;
use std::fmt::Debug;
use std::panic::Location;

use crate::glue::{error_text, type_id};
use crate::protocol::Place;

/// The error that `?` ends a cell with. It takes any error that has a Debug form, as `main` does.
pub struct Failure {
    pub(super) type_name: &'static str,
    pub(super) message: String,
    pub(super) place: Option<Place>,
}

impl<E: Debug> From<E> for Failure {
    #[track_caller]
    fn from(error: E) -> Self {
        let is_absent = type_id::of::<E>() == TypeId::of::<Absent>();
        let type_name = if is_absent {
            "None"
        } else {
            std::any::type_name::<E>()
        };
        Self {
            type_name,
            message: error_text::text(&error),
            place: Some(Place::from(Location::caller())),
        }
    }
}

impl Failure {
    /// A failure that is no error of the user's.
    pub(super) fn new(type_name: &'static str, message: String) -> Self {
        Self {
            type_name,
            message,
            place: None,
        }
    }
}

/// The error that generated code makes of a `None` before a `?`.
pub struct Absent;

impl Debug for Absent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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

/// What `return;` among the arguments of a macro may have to give back: the macro may put it into a function of its own.
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

/// What a cell's statements evaluate to.
pub type Result = std::result::Result<(), Failure>;
