//! `woozle-host --worker`: a process on a machine of a cluster, which runs tasks one after another.
//!
//! Its standard input is a socket to the Python process that has started it. Frames come from there, and answers and events
//! go there: an event's frame has an empty head, an answer's bytes are how it went (one), the nanoseconds that it took (eight), and
//! results or what is said.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use miniserde::Deserialize;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Resource, Signal, setrlimit};

use super::frame::{self, Bytes, Frames};
use super::shared;
use crate::multiprocessing::children::entry::Entry;
use crate::multiprocessing::children::environment::memory_limit;
use crate::multiprocessing::children::link;
use crate::multiprocessing::pool::task::{self, Input, Loaded};
use crate::multiprocessing::pool::wire::Outcome;
use crate::multiprocessing::transport::descriptors;
use crate::process::output::foreign;
use crate::process::{output, panics, role};
use crate::protocol::write_frame;
use crate::sync::lock_std;

/// The argument that makes the host such a process; what follows it: the folder of the libraries, and how many bytes it may
/// allocate, or 0.
const ASKED: &str = "--worker";

/// The head of an answer. That there is one tells it from an event.
const ANSWER: &[u8] = b"{}";

#[derive(Deserialize)]
struct Head {
    op: String,
    function: Option<u32>,
    cell: Option<u32>,
    items: Option<u32>,
    number: Option<u64>,
}

/// Makes this process a worker if it was started to be one; returns if it was not.
pub(crate) fn serve_if_asked() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|argument| argument == ASKED) {
        let folder = PathBuf::from(arguments.next().unwrap_or_default());
        let code = match serve(&folder, arguments.next()) {
            Ok(()) => 0,
            Err(error) => {
                std::eprintln!("this program is started by a worker of Dask's: {error}");
                2
            }
        };
        std::process::exit(code)
    }
}

fn serve(folder: &Path, limit: Option<OsString>) -> io::Result<()> {
    // With Dask's worker it ends.
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    role::become_remote();
    let link = UnixStream::from(link::take_stdin()?);
    link.peer_addr()?;
    let link: &'static UnixStream = Box::leak(Box::new(link));
    static WRITING: Mutex<()> = Mutex::new(());
    foreign::open()?;
    foreign::unbuffer_c();
    output::set_sink(Box::new(move |event| {
        let mut bytes = Vec::new();
        if write_frame(&mut bytes, event).is_ok() {
            let _one = lock_std(&WRITING);
            let _ = frame::write_raw(link, b"", &[&bytes]);
        }
    }));
    output::before_output(foreign::forward);
    panics::hook::install_in_child();
    role::outlive_large_files();
    std::thread::Builder::new()
        .name("woozle-pipes".into())
        .spawn(forward_pipes)?;
    let limit = limit.and_then(|limit| limit.to_str()?.parse::<u64>().ok());
    if let Some(bytes) = limit.filter(|bytes| *bytes > 0) {
        setrlimit(Resource::Data, memory_limit(Some(bytes)))?;
    }
    let mut functions = HashMap::new();
    let mut frames = Frames::new(link.try_clone()?);
    while let Some((head, bytes)) = frames.read::<Head>()? {
        let begun = Instant::now();
        let (outcome, bytes) = answer(folder, &mut functions, &head, bytes)?;
        let _ = io::Write::flush(&mut io::stdout());
        foreign::forward();
        let took = u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let _one = lock_std(&WRITING);
        let parts = [&[outcome.code()], &took.to_le_bytes()[..], &bytes];
        frame::write_raw(link, ANSWER, &parts)?;
    }
    Ok(())
}

/// What child processes and C code print while a task runs goes out at once.
fn forward_pipes() {
    while let Some(pipes) = foreign::pipes() {
        let polled = |pipe| PollFd::new(pipe, PollFlags::IN);
        if poll(&mut pipes.each_ref().map(polled), None).is_ok() {
            foreign::forward_ready(false);
        }
    }
}

fn answer(
    folder: &Path,
    functions: &mut HashMap<u32, Loaded>,
    head: &Head,
    bytes: Bytes,
) -> io::Result<(Outcome, Vec<u8>)> {
    let invalid = || io::Error::from(io::ErrorKind::InvalidData);
    match head.op.as_str() {
        "define" => {
            let (shim, callee): (Entry, Option<Entry>) =
                postcard::from_bytes(&bytes).map_err(io::Error::other)?;
            let callee = callee.map(|callee| callee.within(folder));
            let loaded = task::load(&shim.within(folder), callee.as_ref());
            let refused = loaded.as_ref().err().cloned();
            functions.insert(head.function.ok_or_else(invalid)?, loaded);
            Ok(match refused {
                None => (Outcome::Completed, Vec::new()),
                Some(error) => (Outcome::BadFunction, error.into_bytes()),
            })
        }
        "share" => {
            shared::keep(head.number.ok_or_else(invalid)?, bytes.to_vec());
            Ok((Outcome::Completed, Vec::new()))
        }
        "task" => {
            let loaded = functions.get(&head.function.ok_or_else(invalid)?);
            let loaded = loaded.ok_or_else(invalid)?.clone();
            output::run_cell(head.cell.unwrap_or(0));
            // SAFETY: `bytes` stay where they are until the results are there.
            let input = unsafe { Input::new(bytes.as_ptr(), bytes.len()) };
            let mut results = Vec::new();
            let (called, carried) = descriptors::collecting(|| {
                task::call(loaded, head.items.unwrap_or(0), input, &mut results)
            });
            Ok(match called {
                Ok(()) if !carried.is_empty() => {
                    (Outcome::BadResult, super::CANNOT_TRAVEL.as_bytes().to_vec())
                }
                Ok(()) => (Outcome::Completed, results),
                Err(failed) => failed,
            })
        }
        _ => Err(invalid()),
    }
}
