//! Where the time of a cell goes.

pub(crate) mod lines;
pub(crate) mod phases;
