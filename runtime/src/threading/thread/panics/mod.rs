//! Panics that end threads or callbacks: caught, and told.

mod catch;
pub(in crate::threading) mod excepthook;

pub(crate) use catch::{catch, install_again};
