//! What is shown: the output of the cells, their comms, and the kernel's own notes.

pub(crate) mod comm;
pub(crate) mod notes;
pub(crate) mod router;
