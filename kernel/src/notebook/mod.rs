//! Running a notebook from the first cell to the last: a client that needs no Python.
//!
//! The kernel is a process of its own, spoken to over ZeroMQ as any other client does.

mod file;
mod kernel;
mod outputs;
mod records;
mod run;
mod screen;

pub use file::document::{CodeCell, Document};
pub use file::error::DocumentError;
pub use file::target::Target;
pub use kernel::client::{Channel, ClientError, KernelClient};
pub use kernel::link::LinkError;
pub use kernel::process::{KernelProcess, StartError};
pub use outputs::Outputs;
pub use run::{End, Options, run};
pub use screen::Screen;
