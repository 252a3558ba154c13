//! What this process closes, its sleeping copies close, too.
//!
//! A copy has all descriptors of the process, and so whoever waits for the end of a pipe or of a connection would wait
//! for the copies as well, and a port would stay taken. So when the process closes a pipe or a socket that a copy
//! may have, the copies put something in its place at which everything ends at once. (They do not just close it:
//! if such a copy goes on, a variable of its still has that number.)
//!
//! Processes meet in a few words of shared memory, one descriptor at a time; an eventfd, which a copy can wait
//! for beside its own socket, is readable as long as that takes.

use std::ffi::c_int;
use std::io;
use std::os::fd::{IntoRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI32, AtomicPtr, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{EventfdFlags, eventfd};
use rustix::thread::futex;

use super::revive;
use crate::multiprocessing::Segment;
use crate::protocol::MOST_LEFT_OUT;
use crate::sync::lock_std;

/// How long the process waits for its copies; then it takes those that have not answered for dead.
const PATIENCE: Duration = Duration::from_secs(5);

#[repr(C)]
struct Shared {
    /// How many copies sleep.
    sleepers: AtomicU32,
    /// The number of this closing.
    round: AtomicU32,
    /// A futex: how many copies have heard of it.
    heard: AtomicU32,
    /// A futex: the last round that is over.
    over: AtomicU32,
    descriptor: AtomicI32,
    /// What it was.
    device: AtomicU64,
    inode: AtomicU64,
}

static SHARED: AtomicPtr<Shared> = AtomicPtr::new(std::ptr::null_mut());
/// The eventfd.
static BELL: AtomicI32 = AtomicI32::new(-1);
/// What takes the place of what was closed: a socket whose other end is gone.
static PLACEHOLDER: AtomicI32 = AtomicI32::new(-1);
/// The process that has copies; not those that it forks for other ends.
static OWNER: AtomicI32 = AtomicI32::new(0);
/// In a copy: the last round before it was made.
static SEEN: AtomicU32 = AtomicU32::new(0);
static TELLING: Mutex<()> = Mutex::new(());

/// A bit for each descriptor that a copy may have.
static COPIED: [AtomicU64; 1024] = [const { AtomicU64::new(0) }; 1024];

fn bit(descriptor: RawFd) -> Option<(&'static AtomicU64, u64)> {
    let number = usize::try_from(descriptor).ok()?;
    let word = COPIED.get(number / 64)?;
    Some((word, 1 << (number % 64)))
}

fn shared() -> Option<&'static Shared> {
    // SAFETY: null, or what `prepare` leaked, which is made of atomics.
    unsafe { SHARED.load(Ordering::Acquire).as_ref() }
}

/// Which pipe or socket a descriptor is.
fn identity(descriptor: RawFd) -> Option<(u64, u64)> {
    // SAFETY: all zeroes is a valid `stat`, and it is valid for the answer.
    let stat = unsafe {
        let mut stat: libc::stat = std::mem::zeroed();
        if libc::fstat(descriptor, &raw mut stat) != 0 {
            return None;
        }
        stat
    };
    let kind = stat.st_mode & libc::S_IFMT;
    (kind == libc::S_IFSOCK || kind == libc::S_IFIFO).then_some((stat.st_dev, stat.st_ino))
}

/// # Errors
/// When the system gives no memory or descriptor.
pub(super) fn prepare() -> io::Result<()> {
    if shared().is_some() {
        return Ok(());
    }
    let segment = Box::leak(Box::new(Segment::new(size_of::<Shared>())?));
    let bell = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
    let (placeholder, _) = UnixStream::pair()?;
    BELL.store(bell.into_raw_fd(), Ordering::SeqCst);
    PLACEHOLDER.store(placeholder.into_raw_fd(), Ordering::SeqCst);
    own();
    SHARED.store(segment.as_mut_ptr().cast(), Ordering::Release);
    Ok(())
}

fn own() {
    OWNER.store(std::process::id().cast_signed(), Ordering::SeqCst);
}

/// Notes what is open, before a copy is made; but not these, of which the copy takes care.
pub(crate) fn note_open(but: &[RawFd]) {
    let open = std::fs::read_dir("/proc/self/fd").into_iter().flatten();
    for entry in open.flatten() {
        let number = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        if let Some((word, bit)) = number.and_then(bit) {
            word.fetch_or(bit, Ordering::SeqCst);
        }
    }
    for descriptor in but {
        forget(*descriptor);
    }
}

/// No copy has this one any more; whether one may have had it.
fn forget(descriptor: RawFd) -> bool {
    bit(descriptor).is_some_and(|(word, bit)| word.fetch_and(!bit, Ordering::SeqCst) & bit != 0)
}

/// `close(2)`, also in the copies.
pub fn close(descriptor: c_int) -> c_int {
    let copied =
        forget(descriptor) && OWNER.load(Ordering::SeqCst) == std::process::id().cast_signed();
    let file = copied.then(|| identity(descriptor)).flatten();
    // SAFETY: the caller's argument; who owns the descriptor is the caller's affair.
    let result = unsafe { libc::syscall(libc::SYS_close, descriptor) };
    if let (Some(file), Some(shared)) = (file, shared()) {
        tell(shared, descriptor, file);
    }
    if result == 0 { 0 } else { -1 }
}

/// Lets the copies do the same, and waits for them: what comes next may rely on it.
fn tell(shared: &Shared, descriptor: RawFd, (device, inode): (u64, u64)) {
    let _one = lock_std(&TELLING);
    let sleepers = shared.sleepers.load(Ordering::SeqCst);
    if sleepers == 0 {
        return;
    }
    shared.descriptor.store(descriptor, Ordering::SeqCst);
    shared.device.store(device, Ordering::SeqCst);
    shared.inode.store(inode, Ordering::SeqCst);
    shared.heard.store(0, Ordering::SeqCst);
    shared.round.fetch_add(1, Ordering::SeqCst);
    ring();
    let begun = Instant::now();
    loop {
        let heard = shared.heard.load(Ordering::SeqCst);
        let left = PATIENCE.saturating_sub(begun.elapsed());
        if heard >= sleepers {
            break;
        }
        if left.is_zero() {
            (heard..sleepers).for_each(|_| leave(shared));
            break;
        }
        let left = left.try_into().ok();
        let _ = futex::wait(&shared.heard, futex::Flags::empty(), heard, left.as_ref());
    }
    end_round(shared);
}

fn ring() {
    let one = 1_u64;
    // SAFETY: the eventfd takes eight bytes; if `BELL` is none, the call fails.
    unsafe { libc::write(BELL.load(Ordering::SeqCst), (&raw const one).cast(), 8) };
}

fn end_round(shared: &Shared) {
    let mut count = 0_u64;
    // SAFETY: the eventfd gives eight bytes, for which there is room, and does not block.
    unsafe { libc::read(BELL.load(Ordering::SeqCst), (&raw mut count).cast(), 8) };
    let round = shared.round.load(Ordering::SeqCst);
    shared.over.store(round, Ordering::SeqCst);
    let _ = futex::wake(&shared.over, futex::Flags::empty(), u32::MAX >> 1);
}

/// There is one more copy, which is about to be made.
pub(super) fn enter() {
    if let Some(shared) = shared() {
        SEEN.store(shared.round.load(Ordering::SeqCst), Ordering::SeqCst);
        shared.sleepers.fetch_add(1, Ordering::SeqCst);
    }
}

/// There is one more, which is about to be made of one that sleeps, and knows of the same closings.
pub(super) fn enter_asleep() {
    if let Some(shared) = shared() {
        shared.sleepers.fetch_add(1, Ordering::SeqCst);
    }
}

/// It was not made.
pub(super) fn take_back() {
    if let Some(shared) = shared() {
        leave(shared);
    }
}

fn leave(shared: &Shared) {
    let less = |sleepers: u32| sleepers.checked_sub(1);
    let order = Ordering::SeqCst;
    let _ = shared.sleepers.fetch_update(order, order, less);
}

/// A copy's life until the kernel wakes it over `socket` (see [`MOST_LEFT_OUT`]); false if it never does. If another one is to
/// sleep in its place, `stay` makes it, and is true there. System calls and atomics alone.
pub(crate) fn sleep(socket: RawFd, stay: &mut dyn FnMut() -> bool) -> bool {
    let readable = |fd| libc::pollfd {
        fd,
        events: libc::POLLIN,
        revents: 0,
    };
    let mut seen = SEEN.load(Ordering::SeqCst);
    let wakes = loop {
        let mut both = [socket, BELL.load(Ordering::SeqCst)].map(readable);
        // SAFETY: two valid entries; a negative number is ignored.
        unsafe { libc::poll(both.as_mut_ptr(), 2, -1) };
        if let (Some(shared), true) = (shared(), both[1].revents != 0) {
            hear(shared, &mut seen, socket);
        }
        if both[0].revents != 0 {
            let mut call = [0_u8; 2 + 8 * MOST_LEFT_OUT];
            // SAFETY: there is room for so many bytes.
            match unsafe { libc::read(socket, call.as_mut_ptr().cast(), call.len()) } {
                1.. => {
                    if call[0] != 0 && stay() {
                        continue;
                    }
                    let threads = call[2..].chunks_exact(8).map(|bytes| {
                        bytes
                            .iter()
                            .rev()
                            .fold(0, |word, byte| word << 8 | u64::from(*byte))
                    });
                    revive::leave_out(threads.take(usize::from(call[1])));
                    break true;
                }
                // SAFETY: the address of this thread's `errno`.
                -1 if unsafe { *libc::__errno_location() } == libc::EINTR => {}
                _ => break false,
            }
        }
    };
    if let Some(shared) = shared() {
        leave(shared);
        if shared.round.load(Ordering::SeqCst) != seen {
            answer(shared); // somebody may wait for this copy
        }
        if wakes {
            // The process that has died may have been about to close something.
            own();
            end_round(shared);
        }
    }
    wakes
}

/// Lets a number stand for another open file, by system calls alone; false if the system refuses.
///
/// # Safety
/// Nobody relies on the file that the number stands for.
pub(crate) unsafe fn replace(number: RawFd, file: RawFd) -> bool {
    // SAFETY: the caller's; the limits are this process's own, and are valid.
    unsafe {
        if libc::dup3(file, number, libc::O_CLOEXEC) == number {
            return true;
        }
        // No more files may have been allowed since that one was opened.
        let mut limit = std::mem::zeroed::<libc::rlimit>();
        if libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) != 0 {
            return false;
        }
        let all = libc::rlimit {
            rlim_cur: limit.rlim_max,
            ..limit
        };
        libc::setrlimit(libc::RLIMIT_NOFILE, &raw const all);
        let replaced = libc::dup3(file, number, libc::O_CLOEXEC) == number;
        libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit);
        replaced
    }
}

fn answer(shared: &Shared) {
    shared.heard.fetch_add(1, Ordering::SeqCst);
    let _ = futex::wake(&shared.heard, futex::Flags::empty(), u32::MAX >> 1);
}

/// A round goes on.
fn hear(shared: &Shared, seen: &mut u32, socket: RawFd) {
    let round = shared.round.load(Ordering::SeqCst);
    if round != *seen {
        *seen = round;
        let descriptor = shared.descriptor.load(Ordering::SeqCst);
        let device = shared.device.load(Ordering::SeqCst);
        let inode = shared.inode.load(Ordering::SeqCst);
        if descriptor != socket && identity(descriptor) == Some((device, inode)) {
            let placeholder = PLACEHOLDER.load(Ordering::SeqCst);
            // SAFETY: the process whose copy this is has closed the descriptor; nobody uses it here, as there is
            // one thread, and what owns it here has one that is valid.
            unsafe { replace(descriptor, placeholder) };
        }
        answer(shared);
    }
    let over = shared.over.load(Ordering::SeqCst);
    if over != round {
        // Not for ever: the other process may have died.
        let soon = rustix::time::Timespec {
            tv_sec: 0,
            tv_nsec: 10_000_000,
        };
        let _ = futex::wait(&shared.over, futex::Flags::empty(), over, Some(&soon));
    }
}
