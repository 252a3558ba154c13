//! Panics: the hook that notes them, std's own hook, and what a panic says.

pub(crate) mod hook;
pub(crate) mod payload;
mod std_hook;
