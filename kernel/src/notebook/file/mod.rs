//! Notebooks as files: read, brought to the newest format, written.

pub(super) mod document;
pub(super) mod error;
mod format;
mod surrogates;
pub(super) mod target;
pub(super) mod text;
