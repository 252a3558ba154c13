//! The process that runs the cells.

#![expect(
    clippy::disallowed_methods,
    reason = "the host, which ends with its link"
)]

use std::collections::BTreeMap;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use rustix::process::Pid;
use woozle::protocol::{Command, Event, Stream, send_descriptor};

use super::copies::Copies;
use super::crash_page::CrashPage;
use super::death::Death;
use super::killer::HostTerminator;
use super::reader::{self, Pipes};
use super::sink::{FromHost, OutputSink};
use crate::system::limits;

/// A running cell host.
#[derive(Debug)]
pub struct Host {
    commands: Sender<Command>,
    events: Receiver<FromHost>,
    killer: HostTerminator,
    copies: Arc<Copies>,
    pipes: Pipes,
    page: Arc<CrashPage>,
}

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
        let (copy_socket, hosts_copy_socket) = socketpair(
            AddressFamily::UNIX,
            SocketType::SEQPACKET,
            SocketFlags::CLOEXEC,
            None,
        )?;
        let page = Arc::new(CrashPage::new()?);
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
        Self::greet(
            link,
            group,
            copy_socket,
            hosts_copy_socket,
            pipes,
            page,
            sink,
        )
    }

    /// Sends a host what it needs, and waits until it is ready.
    pub(super) fn greet(
        link: UnixStream,
        group: Pid,
        copy_socket: OwnedFd,
        hosts_copy_socket: OwnedFd,
        pipes: Pipes,
        page: Arc<CrashPage>,
        sink: Arc<dyn OutputSink>,
    ) -> std::io::Result<Self> {
        let sent = send_descriptor(&link, &[0], hosts_copy_socket.as_fd())
            .and_then(|()| send_descriptor(&link, &[0], page.as_fd()));
        drop(hosts_copy_socket);
        let copies = Arc::new(Copies::new(copy_socket));
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
                if !death.output.is_empty() {
                    why = format!("{why}: {}", death.output.trim());
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

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.killer.group.as_raw_nonzero().get().unsigned_abs()
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
        page: Arc<CrashPage>,
        sink: Arc<dyn OutputSink>,
    ) -> std::io::Result<Self> {
        let killer = HostTerminator::new(group, Arc::clone(&copies));
        let (sender, events) = channel();
        let (commands, to_send) = channel();
        let connected = link.try_clone().and_then(|incoming| {
            std::thread::Builder::new()
                .name("host-writer".into())
                .spawn(move || reader::write(link, &to_send))?;
            std::thread::Builder::new()
                .name("host-reader".into())
                .spawn({
                    let (copies, pipes) = (Arc::clone(&copies), Arc::clone(&pipes));
                    let page = Arc::clone(&page);
                    let killer = killer.clone();
                    move || reader::read(incoming, &killer, &copies, &pipes, &page, &*sink, &sender)
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
    pub fn killer(&self) -> HostTerminator {
        self.killer.clone()
    }

    /// What has come meanwhile, without waiting; but if the process has ended, all that it has sent is waited for.
    pub fn try_receive(&self) -> Option<FromHost> {
        let received = self.events.try_recv().ok();
        received.or_else(|| self.killer.has_ended().then(|| self.receive()))
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.killer.kill();
    }
}

/// Whether an error says that the other process has ended.
fn is_end(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionReset};
    matches!(error.kind(), BrokenPipe | ConnectionReset)
}
