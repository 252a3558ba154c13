//! `woozle kernel`: the kernel itself, as Jupyter starts it.

use std::path::PathBuf;
use std::{env, io, thread};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, getpid, getppid, kill_process, pidfd_open};

use super::error::CliError;
use super::exit::Exit;
use crate::jupyter::connection::{Connection, ConnectionError};
use crate::server::{self, ServerError};
use crate::session::Session;
use crate::system::limits::{self, TooFewFiles};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file that says where the kernel is to listen, and the key of its messages
    #[arg(short = 'f', long, value_name = "FILE")]
    connection_file: PathBuf,
}

pub(super) fn main(args: Args) -> Result<Exit, CliError> {
    let connection = Connection::read(&args.connection_file).map_err(bad_connection)?;
    limits::raise();
    limits::keep_little_memory();
    limits::check(limits::SERVER, "a kernel").map_err(|error| {
        CliError::new(Exit::Kernel, "the kernel", error).help(TooFewFiles::HELP)
    })?;
    end_with_parent();
    // Without a toolchain, too: then each cell is answered with the reason.
    let session = Session::start();
    let answers = session.answers();
    server::serve(&connection, session, answers).map_err(not_served)?;
    Ok(Exit::Ok)
}

fn not_served(error: ServerError) -> CliError {
    let taken = error.is_taken();
    let error = CliError::new(Exit::Kernel, "the kernel", error);
    if !taken {
        return error;
    }
    error.help(
        "another program has it: one that was quicker, or a kernel with the same connection file that still runs. \
         Start the kernel once more: Jupyter chooses other ports",
    )
}

fn bad_connection(error: ConnectionError) -> CliError {
    CliError::new(Exit::BadInput, "the kernel", error)
        .help("Jupyter writes this file and starts the kernel: use `woozle install`, then choose the kernel in Jupyter")
}

/// Shuts the kernel down as soon as the process that started it has ended, so that no kernel is
/// left behind when a client is killed.
fn end_with_parent() {
    // A thread, because it sleeps in a system call until the parent's end or the process's own.
    let watch = || match wait_for_parent() {
        // The server shuts down in order on this signal.
        Ok(()) => kill_process(getpid(), Signal::TERM).map_err(Into::into),
        Err(error) => Err(error),
    };
    let report = move || {
        if let Err(error) = watch() {
            tracing::debug!("the parent is not watched: {error}");
        }
    };
    if let Err(error) = thread::Builder::new()
        .name("parent-watch".to_owned())
        .spawn(report)
    {
        tracing::warn!("the parent is not watched: {error}");
    }
}

/// Returns when the parent has ended.
///
/// Jupyter's clients tell their process id in `JPY_PARENT_PID`. It counts only if it is really the
/// parent: the variable may have come down from farther up, or out of another container.
fn wait_for_parent() -> io::Result<()> {
    let told = env::var("JPY_PARENT_PID")
        .ok()
        .and_then(|pid| Pid::from_raw(pid.parse().ok()?));
    let Some(parent) = told.filter(|told| getppid() == Some(*told)) else {
        return Err(io::Error::other("JPY_PARENT_PID does not name it"));
    };
    let parent_fd = pidfd_open(parent, PidfdFlags::empty())?;
    // It may have ended just before, and the number be another process's by now.
    while getppid() == Some(parent) {
        match poll(&mut [PollFd::new(&parent_fd, PollFlags::IN)], None) {
            Ok(_) => return Ok(()),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
