//! Running a notebook from the first cell to the last: a client that needs no Python.
//!
//! The kernel is a process of its own, spoken to over ZeroMQ as any other client does.

mod atomic;
mod client;
mod document;
mod format;
mod link;
mod outputs;
mod process;
mod records;
mod run;
mod screen;
mod signals;
mod surrogates;
mod target;
mod text;

pub use client::{Channel, ClientError, KernelClient};
pub use document::{CodeCell, Document, DocumentError};
pub use link::LinkError;
pub use outputs::Outputs;
pub use process::{KernelProcess, StartError};
pub use run::{End, Options, run};
pub use screen::Screen;
pub use target::Target;
