//! Going back to a checkpoint: after a crash, or when the user asks for it.
//!
//! | part | module |
//! |---|---|
//! | which points there are to go back to | [`checkpoints`] |
//! | going back | [`rollback`] |
//! | a host that ends while no cell runs | [`between_cells`] |
//! | threads that must not come back | [`crash_blame`] |

pub(crate) mod between_cells;
pub(crate) mod checkpoints;
pub(crate) mod crash_blame;
pub(crate) mod rollback;
