//! A running analyzer: started with its link as standard input, as the cell host is.

#![expect(
    clippy::disallowed_methods,
    reason = "the analyzer, which ends with the kernel"
)]

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use rustix::process::{Pid, Signal, kill_process_group};
use woozle::protocol::{read_frame, write_frame};

use super::protocol::{Answer, Question};
use super::rust_src;
use crate::build::toolchain::Toolchain;
use crate::system::lease::{self, Leased};

/// A running analyzer. It ends when this is dropped, and with the kernel.
#[derive(Debug)]
pub struct Process {
    questions: Sender<Question>,
    link: UnixStream,
}

/// What an analyzer does.
#[derive(Debug)]
pub enum Event {
    /// It says something.
    Answer(Answer),
    /// It has ended; with the last line that it wrote to standard error, which may be empty.
    Gone(ExitStatus, String),
}

impl Process {
    /// Starts the program, which keeps its files in `folder`; `sources` are std's. All that it does
    /// is told to `event`, on a thread of its own.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(
        program: &Path,
        toolchain: &Toolchain,
        sources: &Path,
        folder: &Path,
        event: impl Fn(Event) + Send + 'static,
    ) -> io::Result<Self> {
        let (link, theirs) = UnixStream::pair()?;
        let mut command = Command::new(program);
        command
            // evcxr looks for settings here, before it looks among the user's own.
            .current_dir(folder)
            .env("EVCXR_CONFIG_DIR", folder)
            .env("EVCXR_TMPDIR", folder.join("evcxr"))
            .env("RUSTC", &toolchain.rustc)
            .env("CARGO", toolchain.cargo())
            .env(rust_src::VARIABLE, sources)
            // All crates are there, since cells are compiled against them.
            .env("CARGO_NET_OFFLINE", "true")
            .env_remove("CARGO_TARGET_DIR")
            // What evcxr compiles finds std by a path that is wrong where its folder and the toolchain's have a
            // parent in common.
            .env("LD_LIBRARY_PATH", library_path(toolchain))
            .stdin(OwnedFd::from(theirs))
            .stderr(Stdio::piped());
        let mut leased = lease::spawn(&mut command, Command::stdout)?;
        drop(command); // and with it the analyzer's end of the link
        let errors = leased.child.stderr.take();
        let (reader, writer) = (link.try_clone()?, link.try_clone()?);
        let (questions, to_send) = channel();
        std::thread::Builder::new()
            .name("analyzer-writer".into())
            .spawn(move || write(writer, &to_send))?;
        let errors = std::thread::Builder::new()
            .name("analyzer-errors".into())
            .spawn(move || errors.map_or_else(String::new, last_line))?;
        std::thread::Builder::new()
            .name("analyzer-reader".into())
            .spawn(move || read(reader, leased, errors, &event))?;
        Ok(Self { questions, link })
    }

    /// Asks, without waiting. That it has ended is an [`Event`].
    pub fn ask(&self, question: Question) {
        let _ = self.questions.send(question);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It ends itself then, and the reader sees to it.
        let _ = self.link.shutdown(Shutdown::Both);
    }
}

fn write(mut link: UnixStream, questions: &Receiver<Question>) {
    for question in questions {
        if write_frame(&mut link, &question).is_err() {
            return;
        }
    }
}

/// The folder of std's library, before those that are looked into anyway.
fn library_path(toolchain: &Toolchain) -> OsString {
    let mut path = OsString::from(&toolchain.libraries);
    if let Some(others) = std::env::var_os("LD_LIBRARY_PATH") {
        path.push(":");
        path.push(others);
    }
    path
}

/// Reads to the end, and keeps the last line.
fn last_line(errors: impl Read) -> String {
    let mut last = String::new();
    for line in BufReader::new(errors).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        tracing::debug!("the analyzer says: {line}");
        if !line.trim().is_empty() {
            last = line.trim().to_owned();
        }
    }
    last
}

fn read(
    mut link: UnixStream,
    mut leased: Leased,
    errors: JoinHandle<String>,
    event: &dyn Fn(Event),
) {
    while let Ok(Some(answer)) = read_frame(&mut link) {
        event(Event::Answer(answer));
    }
    // With what evcxr started. It is not waited for yet, so the number is still its own.
    let _ = kill_process_group(Pid::from_child(&leased.child), Signal::KILL);
    let status = leased.child.wait().unwrap_or_default();
    event(Event::Gone(status, errors.join().unwrap_or_default()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_with_anything_in_it_is_kept() {
        assert_eq!(
            last_line(&b"first\n second \xff\n\n"[..]),
            "second \u{fffd}"
        );
        assert_eq!(last_line(&b""[..]), "");
    }
}
