//! A child's own life, from the fork to its end.

use std::ffi::CStr;
use std::io;
use std::os::fd::OwnedFd;

use rustix::process::{Pid, Signal};

use super::entry::Entry;
use super::environment::{self, Changes};
use super::{link, recorded};
use crate::multiprocessing::transport::packet::Packet;
use crate::process::output::foreign;
use crate::process::{output, panics, role};
use crate::wait::Deadline;

/// What runs in the child, on its main thread; gives the exit code.
pub(crate) type ChildMain = fn(Packet) -> i32;

/// The child's whole life, right after the fork.
pub(in crate::multiprocessing) fn run(host: Option<Pid>, request: Packet) -> ! {
    let alone = rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).is_err()
        || rustix::process::getppid() != host;
    if alone {
        exit(0);
    }
    name_thread(c"woozle-worker");
    let request = match take_request(request) {
        Ok(request) => request,
        Err(error) => fail(&error),
    };
    let _ = link::LINK.set(request.link);
    // SAFETY: a forked process has one thread, and the forkserver has one.
    unsafe { environment::apply(request.environment) };
    if let Some(host) = host {
        environment::take_limits(host);
        // Where the host is now; the forkserver is where it was at its start.
        let _ = rustix::process::chdir(format!("/proc/{}/cwd", host.as_raw_nonzero()));
    }
    role::become_child();
    // Without them, what is written past the macros goes to the streams of the host, as from any child process.
    let _ = foreign::open();
    foreign::unbuffer_c();
    output::run_cell(request.cell);
    recorded::set(request.recorded);
    panics::hook::install_in_child();
    output::set_sink(Box::new(|event| {
        if let Ok(bytes) = postcard::to_stdvec(event) {
            let _ = link::send_tagged(link::EVENT, &bytes, &[]);
        }
    }));
    let main = match request.main.resolve() {
        // SAFETY: `Child::spawn` made the entry from a `ChildMain`, in the same file.
        Ok(address) => unsafe { std::mem::transmute::<*const (), ChildMain>(address) },
        Err(error) => fail(&error),
    };
    let code = main(request.packet);
    crate::threading::thread::registry::join_non_daemon(Deadline::NEVER);
    crate::multiprocessing::queue::at_exit();
    let _ = io::Write::flush(&mut io::stdout());
    recorded::tell();
    exit(code)
}

fn fail(error: &io::Error) -> ! {
    std::eprintln!("a process of woozle::multiprocessing cannot begin: {error}");
    exit(1)
}

/// How the process is called in `ps` and the like.
pub(in crate::multiprocessing) fn name_thread(name: &CStr) {
    let _ = rustix::thread::set_name(name);
}

/// Ends the process without anything that `exit` runs: it belongs to the host's program.
pub(in crate::multiprocessing) fn exit(code: i32) -> ! {
    // SAFETY: it only ends the process.
    unsafe { libc::_exit(code) }
}

/// What a request says.
pub(in crate::multiprocessing) struct Request {
    pub(in crate::multiprocessing) main: Entry,
    pub(in crate::multiprocessing) cell: u32,
    /// Whether it is recorded what the child does.
    pub(in crate::multiprocessing) recorded: bool,
    pub(in crate::multiprocessing) environment: Changes,
    /// The child's end of the link.
    pub(in crate::multiprocessing) link: OwnedFd,
    /// What the main function is given.
    pub(in crate::multiprocessing) packet: Packet,
}

/// Reads a request. Of its descriptors the link is the first.
pub(in crate::multiprocessing) fn take_request(request: Packet) -> io::Result<Request> {
    let Packet {
        bytes,
        mut descriptors,
    } = request;
    if descriptors.is_empty() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let link = descriptors.remove(0);
    let read = postcard::from_bytes(&bytes).map_err(io::Error::other)?;
    let (main, cell, recorded, environment, bytes) = read;
    Ok(Request {
        main,
        cell,
        recorded,
        environment,
        link,
        packet: Packet { bytes, descriptors },
    })
}
