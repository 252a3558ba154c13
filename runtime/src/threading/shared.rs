//! How a primitive is both a `static` and a cheap handle.

use std::sync::{Arc, OnceLock};

/// A value that is made at its first use, and shared by all clones.
///
/// `const`-constructible, so that a primitive can be a `static`; a clone shares the value, so that
/// a primitive can be handed to threads as in Python. One check and one pointer per use.
pub(crate) struct Shared<T>(OnceLock<Arc<T>>);

impl<T> Shared<T> {
    pub(crate) const fn new() -> Self {
        Self(OnceLock::new())
    }

    #[inline]
    pub(crate) fn get_or(&self, make: impl FnOnce() -> T) -> &Arc<T> {
        match self.0.get() {
            Some(value) => value,
            None => self.0.get_or_init(|| Arc::new(make())),
        }
    }

    pub(crate) fn share(&self, make: impl FnOnce() -> T) -> Self {
        Self(OnceLock::from(self.get_or(make).clone()))
    }
}
