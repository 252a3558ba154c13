//! Running a notebook from the first cell to the last: a client that needs no Python.
//!
//! The kernel is a process of its own, spoken to over ZeroMQ as any other client does.

mod atomic;
mod client;
mod document;
mod outputs;
mod process;
mod run;
mod screen;

pub use atomic::{target, write_atomically};
pub use client::{Channel, ClientError, KernelClient};
pub use document::{CodeCell, Document, DocumentError};
pub use outputs::Outputs;
pub use process::{KernelProcess, StartError};
pub use run::{End, Options, RunError, run};
pub use screen::Screen;
