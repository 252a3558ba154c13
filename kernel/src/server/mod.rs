//! The Jupyter server: it talks to the clients, and lets a [`Backend`] run the cells.
//!
//! ```text
//! shell ────► shell task ───┬─► cells thread (the backend, one cell at a time)
//! control ──► control task ─┴─► answers (at once, on the async side)
//! stdin ◄───► stdin task ◄───── cells that ask for input
//! iopub ◄──── publisher task ◄─ buffer ◄─ everybody
//! heartbeat ◄► echo task
//! ```
//!
//! The server knows nothing of Rust code; the backend knows nothing of sockets.

mod answers;
mod backend;
mod beside;
mod cells;
mod channels;
mod comms;
mod debug;
mod error;
mod history;
mod iopub;
mod parent;
mod queue;
mod serve;

pub use backend::{
    Backend, CellContext, DebugEvents, ExecuteOutcome, ImmediateAnswers, Interrupt, Variable,
};
pub use channels::stdin::{Answer, InputError, StdinClient};
pub use comms::{CommKind, CommMessage, Comms};
pub use error::ServerError;
pub use iopub::IoPub;
pub use parent::Parent;
pub use serve::serve;
