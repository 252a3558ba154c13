//! Going back to a checkpoint: after a crash, or when the user asks for it.

pub(crate) mod between_cells;
pub(crate) mod checkpoints;
pub(crate) mod crash_blame;
pub(crate) mod rollback;
