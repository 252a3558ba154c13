//! What belongs to the process as a whole: its output, its panics, its interrupts, its last words, and the threads and
//! descriptors that the runtime keeps for itself. The host, child processes and whatever users call stand on it; it knows
//! nothing of them.

pub(crate) mod crash;
pub(crate) mod debugger;
pub(crate) mod fork;
pub(crate) mod frames;
pub(crate) mod interrupt;
#[doc(hidden)]
pub mod output;
pub(crate) mod panics;
pub(crate) mod question;
pub(crate) mod reserved_fds;
pub(crate) mod role;
pub(crate) mod service_thread;
pub(crate) mod side_effects;
pub(crate) mod task_origin;
pub(crate) mod thread_ids;
