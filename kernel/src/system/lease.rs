//! Programs that work for the kernel, and end when it does, whatever ends it, with all that they have started.
//!
//! Such a program leads a process group and holds the reading end of a pipe, in which nothing is ever written. The
//! kernel holds the other end; when it is gone, the system sends the whole group the signal that is asked for here
//! (`F_SETSIG`). `PR_SET_PDEATHSIG` would not do: it is tied to the thread that started the program, and
//! does not reach what the program has started.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Output, Stdio};

/// Which of the standard streams the program holds its end of the pipe as: one that it does not use.
pub type Stream = fn(&mut Command, Stdio) -> &mut Command;

/// A program that runs, until this is dropped at the latest.
#[derive(Debug)]
pub struct Leased {
    /// Its process, which leads a group of its own.
    pub child: Child,
    _lease: OwnedFd,
}

/// Starts a program.
///
/// # Errors
/// When it cannot be started.
pub fn spawn(command: &mut Command, stream: Stream) -> io::Result<Leased> {
    let (theirs, lease) = io::pipe()?;
    stream(command, theirs.try_clone()?.into());
    let pipe = theirs.as_raw_fd();
    let ends_with_the_kernel = move || kill_at_the_end(pipe);
    // SAFETY: between `fork` and `exec` only system calls are made, with a file that is open in the child as here.
    unsafe { command.pre_exec(ends_with_the_kernel) };
    Ok(Leased {
        child: command.process_group(0).spawn()?,
        _lease: lease.into(),
    })
}

/// Runs a program to its end, for what it says on standard error.
///
/// # Errors
/// When it cannot be started.
pub fn run(command: &mut Command) -> io::Result<Output> {
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let Leased { child, _lease } = spawn(command, Command::stdin)?;
    child.wait_with_output()
}

/// Has the system kill the calling process's group as soon as nobody can write into a pipe any more.
///
/// The process asks for this itself before it becomes the program, and has a copy of the writing end until then:
/// so there is no moment at which the kernel could be killed and the program not.
fn kill_at_the_end(pipe: RawFd) -> io::Result<()> {
    // SAFETY: `getpgrp` has no preconditions.
    let group = unsafe { libc::getpgrp() };
    for (operation, argument) in [
        (libc::F_SETOWN, -group),
        (F_SETSIG, libc::SIGKILL),
        (libc::F_SETFL, libc::O_ASYNC),
    ] {
        // SAFETY: these operations of `fcntl` take an integer, and `pipe` is open.
        if unsafe { libc::fcntl(pipe, operation, argument) } == -1 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// Linux's, on all architectures; the libc crate has no name for it.
const F_SETSIG: i32 = 10;

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::process::{Pid, PidfdFlags, pidfd_open};

    use super::*;

    /// Whether a process ends soon.
    fn ends(pid: i32) -> bool {
        let pid = Pid::from_raw(pid).expect("a number");
        let Ok(process) = pidfd_open(pid, PidfdFlags::empty()) else {
            return true; // it has ended, and been waited for
        };
        let limit = Timespec {
            tv_sec: 60,
            tv_nsec: 0,
        };
        poll(&mut [PollFd::new(&process, PollFlags::IN)], Some(&limit)) == Ok(1)
    }

    /// Starts a program that has started another one; gives the other one's number.
    fn family(stream: Stream) -> (Leased, i32) {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", "sleep 1000 & echo $! >&2; wait"])
            .stderr(Stdio::piped());
        let mut leased = spawn(&mut shell, stream).expect("it starts");
        let mut line = String::new();
        let said = leased.child.stderr.take().expect("a pipe");
        BufReader::new(said).read_line(&mut line).expect("a line");
        (leased, line.trim().parse().expect("a number"))
    }

    #[test]
    fn a_program_ends_with_its_lease_and_so_does_what_it_has_started() {
        for stream in [Command::stdin::<Stdio>, Command::stdout::<Stdio>] {
            let (leased, grandchild) = family(stream);
            let Leased { mut child, _lease } = leased;
            drop(_lease);
            assert!(ends(grandchild));
            assert!(!child.wait().expect("waited for").success());
        }
    }

    #[test]
    fn a_program_runs_to_its_end() {
        let output = run(Command::new("sh").args(["-c", "echo done >&2; exit 3"]));
        let output = output.expect("it starts");
        assert_eq!(output.status.code(), Some(3));
        assert_eq!(output.stderr, b"done\n");
    }
}
