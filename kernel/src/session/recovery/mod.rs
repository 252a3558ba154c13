//! Going back to a checkpoint: after a crash, or when the user asks for it.

pub(crate) mod checkpoints;
pub(crate) mod crash_blame;
pub(crate) mod idle;
pub(crate) mod rollback;
