//! Copies of the host, asleep, from which a session goes on when the host dies.
//!
//! Each copy has a socket of its own to the kernel. When the kernel writes a byte there, the copy wakes up, and the
//! socket is its link from then on; when the kernel closes it, the copy ends.

use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use super::{settle, threads};
use crate::checkpoint::{self, Forked, Renumbered};
use crate::output;
use crate::protocol::{Copied, Event, send_descriptor};
use crate::threading::registry;

/// Where the kernel gets the sockets of copies, and the link of the host.
struct Desk {
    socket: &'static OwnedFd,
    link: RawFd,
}

static DESK: OnceLock<Desk> = OnceLock::new();

/// Tells the io thread that a copy has been made: until then it reads nothing, so that neither process is in the middle of a
/// frame.
static GATE: LazyLock<(Sender<()>, Mutex<Receiver<()>>)> = LazyLock::new(|| {
    let (sender, receiver) = channel();
    (sender, Mutex::new(receiver))
});

/// Prepares for copies.
pub(super) fn open(desk: &'static OwnedFd, link: &UnixStream) -> io::Result<()> {
    LazyLock::force(&GATE);
    let link = link.as_raw_fd();
    let _ = DESK.set(Desk { socket: desk, link });
    checkpoint::prepare()
}

/// For the io thread: waits until the copy has been made.
pub(super) fn wait_until_taken() {
    let gate = GATE.1.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = gate.recv();
}

/// Makes a copy and reports it. In the copy this returns when it is woken.
pub(super) fn take(id: u64) {
    let begun = processor_time();
    let event = match crate::spare::with(|| fork(id)) {
        Ok(Taken::Original { copy, threads }) => Event::Checkpoint {
            id,
            made: Ok(Copied {
                pid: copy,
                threads: u32::try_from(threads).unwrap_or(u32::MAX),
                microseconds: u64::try_from((processor_time() - begun).as_micros())
                    .unwrap_or(u64::MAX),
                resident: resident(),
            }),
        },
        Ok(Taken::Copy) => Event::Resumed,
        Err(error) => Event::Checkpoint {
            id,
            made: Err(error.to_string()),
        },
    };
    output::send(&event);
    let _ = GATE.0.send(());
}

enum Taken {
    Original { copy: i32, threads: usize },
    Copy,
}

fn fork(id: u64) -> io::Result<Taken> {
    let desk = DESK.get().ok_or(io::ErrorKind::Unsupported)?;
    let (ours, theirs) = UnixStream::pair()?;
    let null = std::fs::File::open("/dev/null")?;
    checkpoint::note_open(&[ours.as_raw_fd(), theirs.as_raw_fd(), null.as_raw_fd()]);
    let (ours, close, null) = (ours, theirs.as_raw_fd(), null.as_raw_fd());
    let writing = output::hold();
    let forked = checkpoint::fork(&mut || sleep(ours.as_raw_fd(), close, desk.link, null));
    drop(writing);
    match forked? {
        Forked::Original { copy, threads } => {
            let mut message = id.to_le_bytes().to_vec();
            message.extend(copy.to_le_bytes());
            send_descriptor(desk.socket, &message, theirs.as_fd())?;
            Ok(Taken::Original { copy, threads })
        }
        Forked::Copy(renumbered) => {
            std::mem::forget(theirs); // closed while asleep; its number may be another file's
            note(&renumbered);
            Ok(Taken::Copy)
        }
    }
}

/// The copy's life until it is woken, with system calls alone; false if it never is.
fn sleep(socket: RawFd, theirs: RawFd, link: RawFd, null: RawFd) -> bool {
    // SAFETY: all of these are open files of this process; the copy is the only one to have these numbers.
    // Nobody else uses them while the copy has one thread, and what owns them stays as it is: `link` is a
    // socket again before anybody reads it, and the owner of `theirs` is forgotten.
    unsafe {
        // Its own group: that of the original is killed when that ends.
        libc::setpgid(0, 0);
        let mut name = [0_u8; 16];
        libc::prctl(libc::PR_GET_NAME, name.as_mut_ptr());
        libc::prctl(libc::PR_SET_NAME, c"woozle-asleep".as_ptr());
        libc::close(theirs);
        // The kernel has to see the end of the link when the original ends.
        if !checkpoint::replace(link, null) {
            libc::close(link);
        }
        if !checkpoint::sleep(socket) {
            return false;
        }
        libc::prctl(libc::PR_SET_NAME, name.as_ptr());
        checkpoint::replace(link, socket) && crate::multiprocessing::before_resuming()
    }
}

/// Tells everybody who has noted numbers that they have changed.
fn note(renumbered: &Renumbered) {
    crate::crash::note_process();
    settle::renumber(renumbered);
    threads::renumber(renumbered);
    registry::renumber(renumbered);
    crate::wait::renumber(renumbered);
    crate::multiprocessing::after_resuming();
}

/// What this thread has used. Time that passes says little of the cost where others keep the processors busy.
fn processor_time() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(now).unwrap_or_default()
}

/// Bytes of memory that this process has.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm");
    let pages = pages
        .ok()
        .and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    pages.unwrap_or(0) * rustix::param::page_size() as u64
}
