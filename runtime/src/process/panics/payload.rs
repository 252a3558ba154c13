//! What a panic says.

use std::any::Any;

/// The text that a panic's value is, if it is one.
pub(crate) fn text(payload: &dyn Any) -> Option<String> {
    let borrowed = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned());
    borrowed.or_else(|| payload.downcast_ref::<String>().cloned())
}

/// That text, or what std says in its place.
pub(crate) fn text_as_std(payload: &dyn Any) -> String {
    text(payload).unwrap_or_else(|| "Box<dyn Any>".to_owned())
}
