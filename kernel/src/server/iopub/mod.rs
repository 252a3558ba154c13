//! The iopub channel: everything that a front end shows, sent to all clients.
//!
//! ```text
//! any thread ── IoPub ──► Buffer (bounded, coalesces text) ──► publisher task ──┬─► Subscriber (bounded)
//!                                                                               └─► ...
//! ```

mod audience;
mod buffer;
mod handle;
mod lane;
mod pacing;
mod publisher;
mod socket;
mod subscriber;
mod text;
mod zmtp;

pub use handle::IoPub;
pub(super) use publisher::publish;
pub(super) use socket::open;
