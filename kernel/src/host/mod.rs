//! The supervisor of the cell host: it starts it, talks to it, and notices its death.

mod copies;
mod death;
mod page;

use std::collections::BTreeMap;
use std::io::Read;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command as Process, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use copies::Copies;
pub use death::Death;
use page::Page;
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use rustix::process::{Pid, Signal, WaitOptions, kill_process_group, waitpid};
use woozle::protocol::{
    Comm, Command, Event, Measured, Panic, Stream, read_frame, send_descriptor, write_frame,
};

use crate::system::limits;

/// Where what the host's threads produce goes, as it comes; called on the host's reader thread.
pub trait OutputSink: Send + Sync + 'static {
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
    /// A cell's benchmark has been measured.
    fn measured(&self, cell: u32, measured: &Measured);
    /// A thread of a cell panicked.
    fn panic(&self, cell: u32, panic: &Panic);
    /// The host has ended, and [`Host::receive`] says how.
    fn gone(&self);
}

/// What the session waits for.
#[derive(Debug)]
pub enum FromHost {
    /// The host said something that is not output.
    Event(Event),
    /// The host has ended.
    Gone(Death),
}

/// A running cell host.
#[derive(Debug)]
pub struct Host {
    commands: Sender<Command>,
    events: Receiver<FromHost>,
    killer: Killer,
    copies: Arc<Copies>,
    pipes: Pipes,
    page: Arc<Page>,
}

/// What the host, and the copies of it, write past the protocol: standard output and standard error.
type Pipes = Arc<[(OwnedFd, Stream)]>;

impl Host {
    /// Starts a host and waits until it is ready.
    ///
    /// # Errors
    /// When the program cannot be started, or ends at once.
    pub fn start(
        program: &Path,
        environment: &BTreeMap<String, String>,
        sink: Arc<dyn OutputSink>,
    ) -> std::io::Result<Self> {
        let (link, theirs) = UnixStream::pair()?;
        let (desk, desk_of_host) = socketpair(
            AddressFamily::UNIX,
            SocketType::SEQPACKET,
            SocketFlags::CLOEXEC,
            None,
        )?;
        let page = Arc::new(Page::new()?);
        let mut child = Process::new(program)
            .envs(environment)
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()?;
        // From here on it is waited for by its number, as its copies are.
        let group = Pid::from_child(&child);
        let out = child
            .stdout
            .take()
            .map(|out| (OwnedFd::from(out), Stream::Stdout));
        let err = child
            .stderr
            .take()
            .map(|err| (OwnedFd::from(err), Stream::Stderr));
        let pipes: Pipes = out.into_iter().chain(err).collect();
        limits::give_back(group); // before it is sent what it waits for
        Self::greet(link, group, desk, desk_of_host, pipes, page, sink)
    }

    /// Sends a host what it needs, and waits until it is ready.
    fn greet(
        link: UnixStream,
        group: Pid,
        desk: OwnedFd,
        desk_of_host: OwnedFd,
        pipes: Pipes,
        page: Arc<Page>,
        sink: Arc<dyn OutputSink>,
    ) -> std::io::Result<Self> {
        let sent = send_descriptor(&link, &[0], desk_of_host.as_fd())
            .and_then(|()| send_descriptor(&link, &[0], page.as_fd()));
        drop(desk_of_host);
        let copies = Arc::new(Copies::new(desk));
        let host = Self::connect(link, group, copies, pipes, page, sink)?;
        match sent {
            // One that has ended may have been ready before. What it sent says so, and then how it ended.
            Err(error) if !is_end(&error) => return Err(error),
            _ => {}
        }
        match host.receive() {
            FromHost::Event(_) => Ok(host),
            FromHost::Gone(death) => {
                let mut why = format!("it ended at once ({death})");
                if !death.said.is_empty() {
                    why = format!("{why}: {}", death.said.trim());
                }
                Err(std::io::Error::other(why))
            }
        }
    }

    /// Goes on with a copy of this host, which has ended or is to end. Some threads (by their thread pointers) do not go on.
    /// If it stays, another copy sleeps in its place, where [`Self::has_copy`].
    ///
    /// # Errors
    /// `NotFound` when there is no such copy; else when it does not wake up.
    pub fn resume(
        &self,
        id: u64,
        stays: bool,
        left_out: &[u64],
        sink: Arc<dyn OutputSink>,
    ) -> std::io::Result<Self> {
        let copy = self.copies.take(id).ok_or(std::io::ErrorKind::NotFound)?;
        self.end();
        let (link, pid) = copy.wake(stays, left_out)?;
        let copies = Arc::clone(&self.copies);
        let (pipes, page) = (Arc::clone(&self.pipes), Arc::clone(&self.page));
        let host = Self::connect(link, pid, copies, pipes, page, sink)?;
        match host.receive() {
            FromHost::Event(Event::Resumed) => Ok(host),
            FromHost::Event(other) => Err(std::io::Error::other(format!("{other:?}"))),
            FromHost::Gone(death) => Err(std::io::Error::other(death.to_string())),
        }
    }

    /// Whether a copy of this number sleeps.
    pub fn has_copy(&self, id: u64) -> bool {
        self.copies.has(id)
    }

    /// Ends all copies but these.
    pub fn keep_copies(&self, ids: &[u64]) {
        self.copies.keep(ids);
    }

    /// How many bytes of memory of its own it has allocated, if the system tells.
    pub fn allocated(&self) -> Option<u64> {
        let pid = self.killer.group.as_raw_nonzero();
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmData:"))?;
        let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes << 10)
    }

    /// Kills the host and waits until it has ended.
    pub fn end(&self) {
        self.killer.kill();
        while !matches!(self.receive(), FromHost::Gone(_)) {}
    }

    /// Talks to a process over its link.
    fn connect(
        link: UnixStream,
        group: Pid,
        copies: Arc<Copies>,
        pipes: Pipes,
        page: Arc<Page>,
        sink: Arc<dyn OutputSink>,
    ) -> std::io::Result<Self> {
        let killer = Killer {
            group,
            gone: Arc::default(),
        };
        let (sender, events) = channel();
        let (commands, to_send) = channel();
        let connected = link.try_clone().and_then(|reader| {
            std::thread::Builder::new()
                .name("host-writer".into())
                .spawn(move || write(link, &to_send))?;
            std::thread::Builder::new()
                .name("host-reader".into())
                .spawn({
                    let (copies, pipes) = (Arc::clone(&copies), Arc::clone(&pipes));
                    let page = Arc::clone(&page);
                    let killer = killer.clone();
                    move || read(reader, &killer, &copies, &pipes, &page, &*sink, &sender)
                })
        });
        if let Err(error) = connected {
            killer.wait();
            return Err(error);
        }
        Ok(Self {
            commands,
            events,
            killer,
            copies,
            pipes,
            page,
        })
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
            .unwrap_or_else(|_| FromHost::Gone(Death::default()))
    }

    /// A handle that ends the host from another thread.
    pub fn killer(&self) -> Killer {
        self.killer.clone()
    }

    /// What has come meanwhile, without waiting.
    pub fn try_receive(&self) -> Option<FromHost> {
        self.events.try_recv().ok()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.killer.kill();
    }
}

/// Ends a host and all that it started.
#[derive(Debug, Clone)]
pub struct Killer {
    group: Pid,
    /// Set once the host has been waited for: from then on its number may be another's.
    gone: Arc<Mutex<bool>>,
}

impl Killer {
    /// Kills the host's process group.
    pub fn kill(&self) {
        let gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
        if !*gone {
            let _ = kill_process_group(self.group, Signal::KILL);
        }
    }

    /// Kills the group and waits for the host, which has closed its link.
    fn wait(&self) -> ExitStatus {
        let mut gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = kill_process_group(self.group, Signal::KILL);
        let status = wait_for(self.group);
        *gone = true;
        status
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

fn read(
    mut link: UnixStream,
    killer: &Killer,
    copies: &Copies,
    pipes: &Pipes,
    page: &Page,
    sink: &dyn OutputSink,
    events: &Sender<FromHost>,
) {
    let mut last_cell = 0;
    while let Ok(Some(event)) = read_frame::<Event>(&mut link) {
        match event {
            Event::Output {
                cell,
                stream,
                bytes,
            } => {
                last_cell = cell;
                sink.output(cell, stream, &bytes);
            }
            Event::Value { cell, bundle } => sink.value(cell, bundle),
            Event::Display {
                cell,
                data,
                display_id,
                update,
            } => sink.display(cell, data, display_id, update),
            Event::ClearOutput { cell, wait } => sink.clear_output(cell, wait),
            Event::Comm(comm) => sink.comm(comm),
            Event::Measured { cell, measured } => sink.measured(cell, &measured),
            Event::Panic { cell, panic } => sink.panic(cell, &panic),
            event => {
                if matches!(event, Event::Checkpoint { .. }) {
                    copies.take_in();
                }
                if events.send(FromHost::Event(event)).is_err() {
                    break;
                }
            }
        }
    }
    copies.take_in(); // out of the group that is killed now
    let status = killer.wait();
    let mut said = String::new();
    for (bytes, stream) in last_words(pipes) {
        if last_cell > 0 {
            sink.output(last_cell, stream, &bytes);
        } else {
            said.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    let crash = page.take();
    let _ = events.send(FromHost::Gone(Death {
        status,
        crash,
        said,
    }));
    sink.gone();
}

/// What the host, or a child of it, wrote just before the end.
fn last_words(pipes: &Pipes) -> Vec<(Vec<u8>, Stream)> {
    let mut all = Vec::new();
    for (pipe, stream) in pipes.iter() {
        let mut bytes = Vec::new();
        if let Ok(copy) = pipe.try_clone()
            && rustix::io::ioctl_fionbio(pipe, true).is_ok()
        {
            let _ = std::fs::File::from(copy).read_to_end(&mut bytes);
        }
        if !bytes.is_empty() {
            all.push((bytes, *stream));
        }
    }
    all
}

/// Whether an error says that the other process has ended.
fn is_end(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionReset};
    matches!(error.kind(), BrokenPipe | ConnectionReset)
}

/// Waits for the end of a host, which is a child of this process.
fn wait_for(pid: Pid) -> ExitStatus {
    loop {
        match waitpid(Some(pid), WaitOptions::empty()) {
            Ok(Some((_, status))) => return ExitStatus::from_raw(status.as_raw()),
            Err(rustix::io::Errno::INTR) | Ok(None) => {}
            Err(_) => return ExitStatus::from_raw(0),
        }
    }
}

#[cfg(test)]
mod tests;
