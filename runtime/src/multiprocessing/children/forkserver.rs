//! The forkserver: a small process with one thread, from which all children of a session are forked.
//!
//! A copy of the host itself would be slow to make (18 ms for 512 MB) and dead wherever another
//! thread held a lock. The forkserver is this very program, started once more with [`ASKED`] in its
//! environment. Its children are made children of the host (`CLONE_PARENT`): the host waits for them
//! itself, and the end of the forkserver costs nothing but the start of another one.
//!
//! One packet asks for a child: the [`Entry`] of its main function, what has changed in the host's environment, and what
//! the function is given; its first descriptor is the child's end of the link. The answer is the child's process id, or an errno.

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child as Process, Command, Stdio};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::net::{RecvFlags, SendFlags};
use rustix::process::Signal;

use crate::multiprocessing::children::child_main::{self, exit, name_thread};
use crate::multiprocessing::children::entry::Entry;
use crate::multiprocessing::children::environment::Environment;
use crate::multiprocessing::children::link;
use crate::multiprocessing::transport::packet;
use crate::process::fork;
use crate::process::role;
use crate::timeline;

/// The environment variable that makes this program a forkserver: by its `main`, or, if that is not
/// ours, before it.
const ASKED: &str = "WOOZLE_FORKSERVER";

/// The host's side.
#[derive(Debug)]
pub(in crate::multiprocessing) struct Forkserver {
    /// None if it is not this process's to end.
    process: Option<Process>,
    /// Its other end may still be open when the forkserver is gone: in a copy of this process that was made while
    /// the forkserver was being started.
    socket: OwnedFd,
    pidfd: OwnedFd,
    /// What it was started with.
    environment: Environment,
}

impl Forkserver {
    /// Starts one. It ends with the current *thread* at the latest.
    pub(in crate::multiprocessing) fn start() -> io::Result<Self> {
        let (socket, theirs) = packet::pair()?;
        let by_main = role::is_host();
        let environment = Environment::now();
        let mut process = Command::new("/proc/self/exe")
            .arg0("woozle-forkserver")
            .env_clear()
            .envs(environment.variables())
            .env(ASKED, if by_main { "main" } else { "early" })
            .stdin(Stdio::from(theirs))
            .spawn()?;
        let pid = rustix::process::Pid::from_child(&process);
        match rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()) {
            Ok(pidfd) => Ok(Self {
                process: Some(process),
                socket,
                pidfd,
                environment,
            }),
            // One that is not there was another process's, and this is the copy of that one.
            Err(rustix::io::Errno::SRCH) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(error) => {
                // It ends with its socket.
                drop(socket);
                let _ = process.wait();
                Err(error.into())
            }
        }
    }

    /// Its process id.
    pub(in crate::multiprocessing) fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Process::id)
    }

    /// Lets go of one that was another process's: what has its process id now is none of our business.
    pub(in crate::multiprocessing) fn abandon(mut self) {
        std::mem::forget(self.process.take());
    }

    /// Asks for a child; gives its process id.
    ///
    /// # Errors
    /// `BrokenPipe` when the forkserver is gone; else what kept it from forking.
    pub(in crate::multiprocessing) fn fork(
        &self,
        main: &Entry,
        cell: u32,
        bytes: &[u8],
        descriptors: &[BorrowedFd<'_>],
    ) -> io::Result<u32> {
        let environment = self.environment.changes();
        let request = postcard::to_stdvec(&(main, cell, timeline::is_on(), environment, bytes));
        let request = request.map_err(io::Error::other)?;
        packet::send(&self.socket, &request, descriptors, SendFlags::empty())?;
        let mut polled = [
            PollFd::new(&self.socket, PollFlags::IN),
            PollFd::new(&self.pidfd, PollFlags::IN),
        ];
        while let Err(rustix::io::Errno::INTR) = poll(&mut polled, None) {}
        let answer = match packet::receive(&self.socket, RecvFlags::DONTWAIT) {
            // It has ended without an answer.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            answer => answer?,
        };
        let answer = answer.ok_or(io::ErrorKind::BrokenPipe)?;
        match answer.bytes.as_slice().try_into().map(i32::from_le_bytes) {
            Ok(pid @ 1..) => Ok(pid.unsigned_abs()),
            Ok(errno) => Err(io::Error::from_raw_os_error(-errno)),
            Err(_) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

#[cfg(test)]
impl Forkserver {
    pub(in crate::multiprocessing) fn kill(&self) {
        let _ = rustix::process::pidfd_send_signal(&self.pidfd, Signal::KILL);
    }
}

impl Drop for Forkserver {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// Runs before `main` of whatever program the runtime is in.
#[used]
#[unsafe(link_section = ".init_array")]
static BEFORE_MAIN: extern "C" fn() = {
    extern "C" fn before_main() {
        if std::env::var_os(ASKED).is_some_and(|value| value == "early") {
            serve();
        }
    }
    before_main
};

/// Makes this process a forkserver if it was started to be one; returns if it was not.
pub(crate) fn serve_if_asked() {
    if std::env::var_os(ASKED).is_some() {
        serve();
    }
}

/// The forkserver's side: until the host is gone.
fn serve() -> ! {
    // SAFETY: there is one thread.
    unsafe { std::env::remove_var(ASKED) };
    let host = rustix::process::getppid();
    let socket = link::take_stdin();
    let alone = rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).is_err()
        || rustix::process::getppid() != host;
    let Ok(socket) = socket else { exit(2) };
    if alone {
        exit(0);
    }
    // As in every Rust program: a write into a closed pipe is an error, not the end.
    // SAFETY: no handler is installed, the signal is ignored.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
    role::outlive_large_files();
    name_thread(c"woozle-forksrv");
    while let Ok(Some(request)) = packet::receive(&socket, RecvFlags::empty()) {
        let answer = match fork() {
            Ok(Some(pid)) => pid,
            Ok(None) => {
                drop(socket);
                child_main::run(host, request)
            }
            Err(error) => -error.raw_os_error().unwrap_or(libc::EAGAIN),
        };
        if packet::send(&socket, &answer.to_le_bytes(), &[], SendFlags::empty()).is_err() {
            break;
        }
    }
    exit(0)
}

/// Forks: the process id in the forkserver, `None` in the child, whose parent is the host.
fn fork() -> io::Result<Option<i32>> {
    // SAFETY: there is one thread, so no lock is held. What libc's own fork would mend besides is the thread's
    // number, which the system writes.
    let pid = unsafe { fork::fork(libc::CLONE_CHILD_SETTID | libc::CLONE_CHILD_CLEARTID) }?;
    Ok((pid != 0).then_some(pid))
}
