//! The supervisor of the cell host: it starts it, talks to it, and notices its death.

use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command as Process, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use rustix::process::{Pid, Signal, kill_process_group};
use woozle::protocol::{Comm, Command, Event, Panic, Stream, read_frame, write_frame};

/// Where what the host's threads produce goes, as it comes; called on the host's reader thread.
pub trait Outlet: Send + Sync + 'static {
    /// A thread of a cell wrote something.
    fn output(&self, cell: u32, stream: Stream, bytes: &[u8]);
    /// A cell's last expression has a value.
    fn value(&self, cell: u32, bundle: Vec<(String, String)>);
    /// A cell shows something, or updates what was shown under this id.
    fn display(
        &self,
        cell: u32,
        data: Vec<(String, String)>,
        display_id: Option<String>,
        update: bool,
    );
    /// A cell's output so far is to vanish, perhaps only when more comes.
    fn clear_output(&self, cell: u32, wait: bool);
    /// The user's code speaks on a comm.
    fn comm(&self, comm: Comm);
    /// A thread of a cell panicked.
    fn panic(&self, cell: u32, panic: &Panic);
}

/// What the session waits for.
#[derive(Debug)]
pub enum FromHost {
    /// The host said something that is not output.
    Event(Event),
    /// The host has ended.
    Gone(ExitStatus),
}

/// A running cell host.
#[derive(Debug)]
pub struct Host {
    commands: Sender<Command>,
    events: Receiver<FromHost>,
    group: Pid,
}

impl Host {
    /// Starts a host and waits until it is ready.
    ///
    /// # Errors
    /// When the program cannot be started, or ends at once.
    pub fn start(program: &Path, outlet: Arc<dyn Outlet>) -> std::io::Result<Self> {
        let (link, theirs) = UnixStream::pair()?;
        let child = Process::new(program)
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let group = Pid::from_child(&child);
        let (sender, events) = channel();
        let reader = link.try_clone()?;
        let (commands, to_send) = channel();
        std::thread::Builder::new()
            .name("host-writer".into())
            .spawn(move || write(link, &to_send))?;
        std::thread::Builder::new()
            .name("host-reader".into())
            .spawn(move || read(reader, child, &*outlet, &sender))?;
        let host = Self {
            commands,
            events,
            group,
        };
        match host.receive() {
            FromHost::Event(_) => Ok(host),
            FromHost::Gone(status) => Err(std::io::Error::other(format!(
                "it ended at once ({})",
                describe(status)
            ))),
        }
    }

    /// Sends a command. A host that is gone shows in [`Host::receive`].
    pub fn send(&self, command: Command) {
        let _ = self.commands.send(command);
    }

    /// Sends commands from another thread, in one order with [`Host::send`] and never waiting.
    pub fn sender(&self) -> Sender<Command> {
        self.commands.clone()
    }

    /// Waits for what comes next.
    pub fn receive(&self) -> FromHost {
        self.events
            .recv()
            .unwrap_or_else(|_| FromHost::Gone(ExitStatus::from_raw(0)))
    }

    /// A handle that ends the host from another thread.
    pub fn killer(&self) -> Killer {
        Killer(self.group)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.killer().kill();
    }
}

/// Ends a host and all that it started.
#[derive(Debug, Clone, Copy)]
pub struct Killer(Pid);

impl Killer {
    /// Kills the host's process group.
    pub fn kill(self) {
        let _ = kill_process_group(self.0, Signal::KILL);
    }
}

/// Writes commands until all senders, or the host, are gone. The reader notices the latter.
fn write(mut link: UnixStream, commands: &Receiver<Command>) {
    for command in commands {
        if write_frame(&mut link, &command).is_err() {
            return;
        }
    }
}

fn read(mut link: UnixStream, mut child: Child, outlet: &dyn Outlet, events: &Sender<FromHost>) {
    let mut last_cell = 0;
    while let Ok(Some(event)) = read_frame::<Event>(&mut link) {
        match event {
            Event::Output {
                cell,
                stream,
                bytes,
            } => {
                last_cell = cell;
                outlet.output(cell, stream, &bytes);
            }
            Event::Value { cell, bundle } => outlet.value(cell, bundle),
            Event::Display {
                cell,
                data,
                display_id,
                update,
            } => outlet.display(cell, data, display_id, update),
            Event::ClearOutput { cell, wait } => outlet.clear_output(cell, wait),
            Event::Comm(comm) => outlet.comm(comm),
            Event::Panic { cell, panic } => outlet.panic(cell, &panic),
            event => {
                if events.send(FromHost::Event(event)).is_err() {
                    break;
                }
            }
        }
    }
    let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
    let status = child.wait().unwrap_or_else(|_| ExitStatus::from_raw(0));
    last_words(&mut child, last_cell, outlet);
    let _ = events.send(FromHost::Gone(status));
}

/// What the host, or a child of it, wrote just before the end.
fn last_words(child: &mut Child, cell: u32, outlet: &dyn Outlet) {
    let out = child.stdout.take().map(OwnedFd::from);
    let err = child.stderr.take().map(OwnedFd::from);
    for (pipe, stream) in [(out, Stream::Stdout), (err, Stream::Stderr)] {
        let Some(pipe) = pipe else { continue };
        let mut bytes = Vec::new();
        if rustix::io::ioctl_fionbio(&pipe, true).is_ok() {
            let _ = std::fs::File::from(pipe).read_to_end(&mut bytes);
        }
        if !bytes.is_empty() {
            outlet.output(cell, stream, &bytes);
        }
    }
}

/// How a process ended, in words.
pub fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}, {}", signal_name(signal)),
        (None, None) => "no exit code".to_owned(),
    }
}

fn signal_name(signal: i32) -> &'static str {
    match signal {
        libc_signals::ABRT => "SIGABRT: abort, or a stack overflow",
        libc_signals::SEGV => "SIGSEGV: invalid memory access",
        libc_signals::BUS => "SIGBUS: invalid memory access",
        libc_signals::ILL => "SIGILL: illegal instruction",
        libc_signals::FPE => "SIGFPE: arithmetic error",
        libc_signals::KILL => "SIGKILL: killed",
        libc_signals::TERM => "SIGTERM: terminated",
        _ => "killed",
    }
}

/// The signals' numbers.
mod libc_signals {
    use rustix::process::Signal;

    pub(super) const ABRT: i32 = Signal::ABORT.as_raw();
    pub(super) const SEGV: i32 = Signal::SEGV.as_raw();
    pub(super) const BUS: i32 = Signal::BUS.as_raw();
    pub(super) const ILL: i32 = Signal::ILL.as_raw();
    pub(super) const FPE: i32 = Signal::FPE.as_raw();
    pub(super) const KILL: i32 = Signal::KILL.as_raw();
    pub(super) const TERM: i32 = Signal::TERM.as_raw();
}

#[cfg(test)]
mod tests;
