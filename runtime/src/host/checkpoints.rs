//! Copies of the host, asleep, from which a session goes on when the host dies.
//!
//! Each copy has a socket of its own to the kernel. When the kernel writes there, the copy wakes up, and the
//! socket is its link from then on; when the kernel closes it, the copy ends. The copy of a checkpoint that stays makes
//! one of itself before it goes on, so whatever happens then, the checkpoint is there as it was.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use super::threads;
use crate::checkpoint::{self, Forked};
use crate::process::service_thread;
use crate::process::thread_ids::Renumbered;
use crate::process::{debugger, output};
use crate::protocol::{Copied, Event, send_descriptor, write_frame};
use crate::sync::lock_std;
use crate::threading::thread::registry;

/// Where the kernel gets the sockets of copies, and the link of the host.
struct CopyChannel {
    socket: &'static OwnedFd,
    link: RawFd,
}

impl CopyChannel {
    /// Gives the kernel the socket of a copy. Neither waits nor allocates.
    fn hand_over(&self, id: u64, copy: i32, socket: BorrowedFd<'_>) -> io::Result<()> {
        let mut message = [0; 12];
        message[..8].copy_from_slice(&id.to_le_bytes());
        message[8..].copy_from_slice(&copy.to_le_bytes());
        send_descriptor(self.socket, &message, socket)
    }
}

static COPY_CHANNEL: OnceLock<CopyChannel> = OnceLock::new();

/// Tells the io thread that a copy has been made: until then it reads nothing, so that neither process is in the middle of a
/// frame.
static GATE: LazyLock<(Sender<()>, Mutex<Receiver<()>>)> = LazyLock::new(|| {
    let (sender, receiver) = channel();
    (sender, Mutex::new(receiver))
});

/// Prepares for copies.
pub(super) fn open(channel: &'static OwnedFd, link: &UnixStream) -> io::Result<()> {
    LazyLock::force(&GATE);
    let link = link.as_raw_fd();
    let _ = COPY_CHANNEL.set(CopyChannel {
        socket: channel,
        link,
    });
    checkpoint::prepare()
}

/// For the io thread: waits until the copy has been made.
pub(super) fn wait_until_taken() {
    let gate = lock_std(&GATE.1);
    let _ = gate.recv();
}

/// Makes a copy and reports it. In the copy this returns when it is woken.
pub(super) fn take(id: u64) {
    let begun = processor_time();
    let made = crate::process::reserved_fds::with(|| fork(id));
    let event = match made {
        Ok(Taken::Original { copy, threads }) => Some(Event::Checkpoint {
            id,
            made: Ok(Copied {
                pid: copy,
                threads: u32::try_from(threads).unwrap_or(u32::MAX),
                microseconds: u64::try_from((processor_time() - begun).as_micros())
                    .unwrap_or(u64::MAX),
                resident: resident(),
            }),
        }),
        Ok(Taken::Copy) => None, // the kernel knows
        Err(error) => Some(Event::Checkpoint {
            id,
            made: Err(error.to_string()),
        }),
    };
    event.iter().for_each(output::send);
    let _ = GATE.0.send(());
}

enum Taken {
    Original { copy: i32, threads: usize },
    Copy,
}

fn fork(id: u64) -> io::Result<Taken> {
    let channel = COPY_CHANNEL.get().ok_or(io::ErrorKind::Unsupported)?;
    let (ours, theirs) = UnixStream::pair()?;
    let null = std::fs::File::open("/dev/null")?;
    checkpoint::note_open(&[ours.as_raw_fd(), theirs.as_raw_fd(), null.as_raw_fd()]);
    let (ours, close, null) = (ours, theirs.as_raw_fd(), null.as_raw_fd());
    let mut resumed = Vec::new();
    write_frame(&mut resumed, &Event::Resumed)?;
    let code = debugger::changed_code();
    let writing = output::hold();
    let forked = checkpoint::fork(&mut || {
        // SAFETY: this is a copy of the process where that was found.
        unsafe { debugger::put_back(&code) };
        sleep(id, ours.as_raw_fd(), close, channel, null, &resumed)
    });
    drop(writing);
    match forked? {
        Forked::Original { copy, threads } => {
            channel.hand_over(id, copy, theirs.as_fd())?;
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
///
/// The kernel is told that it goes on before any other thread does: one of them may end the process at once.
fn sleep(
    id: u64,
    socket: RawFd,
    theirs: RawFd,
    channel: &CopyChannel,
    null: RawFd,
    resumed: &[u8],
) -> bool {
    let link = channel.link;
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
        if !checkpoint::sleep(socket, &mut || stay(id, socket, channel)) {
            return false;
        }
        libc::prctl(libc::PR_SET_NAME, name.as_ptr());
        checkpoint::replace(link, socket)
            && crate::multiprocessing::before_resuming()
            && libc::send(
                link,
                resumed.as_ptr().cast(),
                resumed.len(),
                libc::MSG_NOSIGNAL,
            ) == resumed.len().cast_signed()
    }
}

/// Lets a copy of a copy sleep in its place, with system calls alone; true there. Without room for one the kernel gets none, and
/// knows by that.
fn stay(id: u64, socket: RawFd, channel: &CopyChannel) -> bool {
    let mut ends = [-1; 2];
    // SAFETY: there is room for two descriptors, which belong to this function alone until they are closed; `socket` is as
    // in `sleep`.
    unsafe {
        let (kind, flag) = (libc::SOCK_STREAM, libc::SOCK_CLOEXEC);
        if libc::socketpair(libc::AF_UNIX, kind | flag, 0, ends.as_mut_ptr()) != 0 {
            return false;
        }
        let [ours, theirs] = ends;
        let stays = match checkpoint::fork_asleep() {
            Ok(0) => {
                libc::setpgid(0, 0);
                checkpoint::replace(socket, ours)
            }
            Ok(copy) => {
                // If the kernel does not get it, it ends with its socket.
                let _ = channel.hand_over(id, copy, BorrowedFd::borrow_raw(theirs));
                false
            }
            Err(_) => false,
        };
        libc::close(ours);
        libc::close(theirs);
        stays
    }
}

/// Tells everybody who has noted numbers that they have changed.
fn note(renumbered: &Renumbered) {
    debugger::allow();
    debugger::renumber(renumbered);
    crate::process::crash::note_process();
    service_thread::renumber(renumbered);
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
