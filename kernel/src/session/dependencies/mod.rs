//! Crates that `:dep` adds to the session: built, loaded into the host, known to the compiler.

pub(crate) mod add;
pub(crate) mod listing;
pub(crate) mod loaded;
mod mentions;
mod report;
