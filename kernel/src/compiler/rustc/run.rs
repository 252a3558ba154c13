//! Running rustc on a cell's crate.

use std::io;
use std::os::unix::process::ExitStatusExt;

use rustix::process::Signal;

use super::contract::{level, phrase};
use super::invocation::Invocation;
use super::messages::{Compiled, Message};
use super::toolchain::Toolchain;
use super::warm::Task;
use crate::host::Death;

impl Invocation<'_> {
    /// Writes the crate's files and compiles it.
    ///
    /// # Errors
    /// When a file cannot be written, or rustc cannot be started.
    pub fn run(&self) -> io::Result<Compiled> {
        let compiled = self.run_with_linker()?;
        if self.toolchain.lld().is_some() && compiled.messages.iter().any(is_of_linker) {
            // What the user's code links to may be known to `cc` alone.
            tracing::debug!(
                serial = self.serial,
                "lld could not link a cell; cc is tried"
            );
            let by_cc = Toolchain {
                lld: None,
                ..self.toolchain.clone()
            };
            let invocation = Invocation {
                toolchain: &by_cc,
                ..*self
            };
            return invocation.run_with_linker();
        }
        Ok(compiled)
    }

    fn run_with_linker(&self) -> io::Result<Compiled> {
        let arguments = self.arguments().join("\n");
        let task = Task {
            folder: self.layout.sources(self.serial),
            files: &self.emitted.files,
            links: &self.emitted.links,
            arguments: &arguments,
        };
        let once = || {
            let mut compiled = Compiled::default();
            let mut read_line = |line: &str| compiled.read_line(line);
            let Toolchain { rustc, warm, .. } = self.toolchain;
            let status = warm.run(rustc, self.layout, &task, &mut read_line)?;
            compiled.success = status.success();
            io::Result::Ok((compiled, status))
        };
        let (mut compiled, mut status) = once()?;
        if status.signal().is_some_and(is_from_outside) {
            tracing::debug!(%status, "rustc was killed; another one does the work");
            (compiled, status) = once()?;
        }
        if status.signal().is_some() {
            compiled.read_line(&format!("its end was {}", Death::from(status)));
        }
        Ok(compiled)
    }
}

fn is_of_linker(message: &Message) -> bool {
    message.level == level::ERROR && message.message.starts_with(phrase::LINKING)
}

/// Whether a signal comes from others, who say nothing of the cell by it: the rustc that waits seems to do nothing, and
/// may be killed at any time.
fn is_from_outside(signal: i32) -> bool {
    let signals = [Signal::KILL, Signal::TERM, Signal::INT, Signal::HUP];
    signals.iter().any(|other| other.as_raw() == signal)
}
