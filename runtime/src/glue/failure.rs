//! How a cell's statements fail: what `?` and `return` become.

use std::any::{Any, TypeId};
use std::fmt::Debug;
use std::panic::Location;

use crate::glue::type_id;
use crate::process::panics::payload::text_as_std;

/// The error that `?` ends a cell with. It takes any error that has a Debug form, as `main` does.
pub struct Failure {
    pub(super) type_name: &'static str,
    pub(super) message: String,
    pub(super) place: &'static Location<'static>,
}

impl<E: Debug> From<E> for Failure {
    #[track_caller]
    fn from(error: E) -> Self {
        let id = type_id::of::<E>();
        let message = Self::message(id, &error);
        Self::new(std::any::type_name::<E>(), message, Location::caller())
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

impl Failure {
    fn new(type_name: &'static str, message: String, place: &'static Location<'static>) -> Self {
        Self {
            type_name,
            message,
            place,
        }
    }

    /// What the error says; `id` is of its type. The panic of a thread of std has a Debug form that says nothing.
    pub(super) fn message(id: TypeId, error: &dyn Debug) -> String {
        if id == TypeId::of::<Payload>() {
            let payload = std::ptr::from_ref(error).cast::<Payload>();
            // SAFETY: the error is of this type, up to lifetimes, which a panic's value has none of: it is `Any`.
            let payload = unsafe { &*payload };
            return text_as_std(&**payload);
        }
        format!("{error:?}")
    }
}

/// What a thread of std that panicked is joined with.
type Payload = Box<dyn Any + Send>;

/// What a cell's statements evaluate to.
pub type Result = std::result::Result<(), Failure>;
