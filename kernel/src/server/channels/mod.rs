//! The channels on which clients ask and are answered; [`iopub`](super::iopub) is a room of its own.

pub(super) mod control;
pub(super) mod handshake;
pub(super) mod heartbeat;
pub(super) mod shell;
pub(super) mod socket;
pub(super) mod stdin;
