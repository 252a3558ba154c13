//! Running the program that a cell has become.

#![expect(clippy::disallowed_methods, reason = "it ends with the kernel")]

use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{
    Pid, PidfdFlags, Resource, Rlimit, Signal, kill_process_group, pidfd_open, prlimit,
};

use super::options::Options;
use crate::build::cargo::Watch;
use crate::system::lease::{self, Leased};

/// How much longer than it was given it may take: the last schedule runs to its end.
const GRACE: Duration = Duration::from_secs(2);

/// What it may allocate. The stacks of all threads are a part of that.
const MEMORY: u64 = 2 << 30;

/// How it ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// By itself, or by a signal.
    Exited(ExitStatus),
    /// It took too long.
    TooLate,
}

/// Runs it to its end, at most for as long as the options say. `watch` may end it earlier.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn run(
    program: &Path,
    report: &Path,
    options: &Options,
    watch: &dyn Watch,
) -> io::Result<Ended> {
    let mut command = Command::new(program);
    command
        .arg(report)
        .arg(options.schedules.to_string())
        .arg(options.time.as_secs().to_string())
        .arg(if options.is_weak { "c11" } else { "sc" })
        .arg(if options.is_going_on { "all" } else { "first" })
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .current_dir("/");
    if let Some(replay) = &options.replay {
        let choices: Vec<String> = replay.choices.iter().map(u16::to_string).collect();
        command.arg(choices.join("."));
    }
    let mut leased = lease::spawn(&mut command, Command::stdin)?;
    let pid = Pid::from_child(&leased.child);
    let limit = |most| Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    prlimit(Some(pid), Resource::As, limit(MEMORY))?;
    prlimit(Some(pid), Resource::Core, limit(0))?;
    watch.started(pid);
    let ended = wait(&mut leased, pid, options.time + GRACE);
    watch.ended();
    ended
}

fn wait(leased: &mut Leased, pid: Pid, limit: Duration) -> io::Result<Ended> {
    let process = pidfd_open(pid, PidfdFlags::empty())?;
    let limit = Timespec::try_from(limit).map_err(io::Error::other)?;
    let mut polled = [PollFd::new(&process, PollFlags::IN)];
    let is_over = loop {
        match poll(&mut polled, Some(&limit)) {
            Ok(ready) => break ready > 0,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    };
    if !is_over {
        kill_process_group(pid, Signal::KILL)?;
    }
    let status = leased.child.wait()?;
    Ok(if is_over {
        Ended::Exited(status)
    } else {
        Ended::TooLate
    })
}
