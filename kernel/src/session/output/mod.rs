//! What is shown: the output of the cells, their comms, the kernel's own notes, and answers given while a cell runs.
//!
//! The host's reader thread hands output to the [`router`] at once; it goes to the request whose cell, or whose thread, has
//! made it, also when that has long been answered.

pub(crate) mod asked;
pub(crate) mod comm;
pub(crate) mod notes;
pub(crate) mod progress;
pub(crate) mod router;
