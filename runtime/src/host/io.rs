//! The host's one service thread: the kernel's commands, and what child processes write.

use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::Sender;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{Mode, OFlags};

use super::{checkpoints, deadlock, report};
use crate::process::output::foreign;
use crate::process::{debugger, output, question, reserved_fds};
use crate::protocol::{Command, read_frame, receive_descriptor};

/// What the kernel gives its host.
pub(super) struct Given {
    pub(super) link: UnixStream,
    /// A socket for checkpoints.
    pub(super) copies: OwnedFd,
    /// The file of the page for crashes.
    pub(super) page: OwnedFd,
}

/// Takes the socket that the kernel passed as standard input, and puts `/dev/null` in its place. The first
/// that comes there are the other two.
pub(super) fn take_given() -> std::io::Result<Given> {
    let stdin = rustix::stdio::stdin();
    let link = UnixStream::from(reserved_fds::duplicate(stdin)?);
    link.peer_addr()?;
    let null = rustix::fs::open("/dev/null", OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
    rustix::stdio::dup2_stdin(&null)?;
    let (_, copies) = receive_descriptor(&link, 1, true)?;
    let (_, page) = receive_descriptor(&link, 1, true)?;
    Ok(Given { link, copies, page })
}

/// Starts the thread.
pub(super) fn start(link: &'static UnixStream, commands: Sender<Command>) -> std::io::Result<()> {
    let thread = std::thread::Builder::new()
        .name("woozle-io".into())
        .stack_size(256 << 10);
    thread.spawn(move || {
        crate::process::service_thread::register_current();
        let _ = serve(link, &commands);
        end_everything();
    })?;
    Ok(())
}

fn serve(mut link: &UnixStream, commands: &Sender<Command>) -> std::io::Result<()> {
    let mut pipes = foreign::pipes().is_some();
    loop {
        let Some((command, child)) = wait(link, pipes, deadlock::patience())? else {
            deadlock::look();
            continue;
        };
        if child.any() {
            pipes = foreign::forward_ready(child.hung_up);
        }
        if !command {
            continue;
        }
        match read_frame(&mut link)? {
            None => return Ok(()),
            Some(Command::Input { number, line }) => question::answer(number, line),
            Some(Command::Interrupt) => {
                crate::process::interrupt::request(crate::wait::wake_interrupted)
            }
            // SAFETY: they are this process's own, and no debugger is attached that counts on what it has written.
            Some(Command::PutBackCode) => unsafe { debugger::put_back(&debugger::code()) },
            Some(Command::Comm(comm)) => crate::comm::receive(comm),
            Some(Command::Threads { number }) => output::send(&report::answer(number)),
            Some(command) => {
                if let Command::Run(run) = &command {
                    deadlock::begin(run.cell);
                    crate::process::interrupt::expect();
                }
                let checkpoint = matches!(command, Command::Checkpoint { .. });
                if commands.send(command).is_err() {
                    return Ok(());
                }
                if checkpoint {
                    checkpoints::wait_until_taken();
                }
            }
        }
    }
}

#[derive(Default)]
struct Ready {
    readable: bool,
    hung_up: bool,
}

impl Ready {
    fn any(&self) -> bool {
        self.readable || self.hung_up
    }
}

/// Waits until there is a command or output of a child; `None` if neither comes in this time.
fn wait(
    link: &UnixStream,
    pipes: bool,
    patience: Option<Duration>,
) -> std::io::Result<Option<(bool, Ready)>> {
    let mut polled = vec![PollFd::from_borrowed_fd(link.as_fd(), PollFlags::IN)];
    if let Some(pipes) = foreign::pipes().filter(|_| pipes) {
        polled.extend(
            pipes
                .iter()
                .map(|pipe| PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN)),
        );
    }
    let patience = patience.and_then(|patience| patience.try_into().ok());
    match poll(&mut polled, patience.as_ref()) {
        Ok(0) if patience.is_some() => return Ok(None),
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        Err(error) => return Err(error.into()),
    }
    let mut child = Ready::default();
    for pipe in &polled[1..] {
        child.readable |= pipe.revents().contains(PollFlags::IN);
        child.hung_up |= pipe.revents().contains(PollFlags::HUP);
    }
    Ok(Some((!polled[0].revents().is_empty(), child)))
}

/// Ends this process and every process that it started (they share its process group).
pub(super) fn end_everything() -> ! {
    if rustix::process::getpgrp() == rustix::process::getpid() {
        let _ = rustix::process::kill_current_process_group(rustix::process::Signal::KILL);
    }
    std::process::abort()
}
