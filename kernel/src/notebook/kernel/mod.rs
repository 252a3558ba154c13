//! The kernel that runs a notebook: its process, and a client's link to it.

pub(super) mod client;
pub(super) mod link;
pub(super) mod process;
mod signals;
