//! A child process: started by the forkserver, watched by the service thread.

use std::fmt;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rustix::net::{RecvFlags, SendFlags};
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, pidfd_open, pidfd_send_signal, waitid,
};

use crate::multiprocessing::children::entry::Entry;
use crate::multiprocessing::children::environment;
use crate::multiprocessing::children::exit::Exit;
use crate::multiprocessing::children::forkserver;
use crate::multiprocessing::children::forkserver::Forkserver;
use crate::multiprocessing::children::service;
use crate::multiprocessing::transport::descriptors::Parcel;
use crate::multiprocessing::transport::packet;
use crate::multiprocessing::transport::packet::Packet;
use crate::process::output;
use crate::protocol::Event;
use crate::wait::{Deadline, WaitSet, Wanted};

/// What runs in the child, on its main thread; gives the exit code.
pub(crate) type ChildMain = fn(Packet) -> i32;

/// Whoever wants to know of a child. Called on the service thread, so nothing here may wait.
pub(crate) trait Watch: Send + Sync {
    /// The child has sent a message.
    fn message(&self, packet: Packet);
    /// The child has ended; there are no more messages.
    fn ended(&self, exit: Exit);
}

/// A handle of a child process. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct Child(Arc<Inner>);

pub(in crate::multiprocessing) struct Inner {
    serial: u64,
    pid: Pid,
    pidfd: OwnedFd,
    link: OwnedFd,
    watch: Arc<dyn Watch>,
    exit: Mutex<Option<Exit>>,
    ended: WaitSet,
}

/// What there was to hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::multiprocessing) enum Heard {
    /// All that the child has sent so far.
    All,
    /// The child has closed its end.
    Closed,
}

/// The first byte of what a child sends.
const EVENT: u8 = 0;
const MESSAGE: u8 = 1;

static FORKSERVER: Mutex<Option<Forkserver>> = Mutex::new(None);
/// Set in a copy of the process: the forkserver is that of another one.
static STALE: AtomicBool = AtomicBool::new(false);
/// The serial number of the next child.
static SERIAL: AtomicU64 = AtomicU64::new(1);
/// In a copy of the process: the first child of its own.
static FIRST: AtomicU64 = AtomicU64::new(0);

/// An attempt to start a child.
pub(crate) struct Attempt {
    /// The child's serial number.
    serial: u64,
}

impl Attempt {
    /// Attempts it by `body`, and once more if this process goes on as a copy of itself meanwhile: then the child, and all
    /// that `body` has made for it, was the other one's. So the number is taken before there is anything of that.
    pub(crate) fn repeat<T>(body: impl Fn(Self) -> io::Result<T>) -> io::Result<T> {
        loop {
            let serial = SERIAL.fetch_add(1, Ordering::SeqCst);
            match body(Self { serial }) {
                Err(_) if is_left_behind(serial) => {}
                result => return result,
            }
        }
    }

    /// As [`Child::spawn`].
    pub(crate) fn spawn(
        self,
        main: ChildMain,
        parcel: &Parcel,
        watch: Arc<dyn Watch>,
    ) -> io::Result<Child> {
        let main = Entry::of(main as *const ())?;
        Child::start(self.serial, &main, parcel, watch)
    }
}

impl Child {
    /// Starts a child that calls `main` with the parcel; what it prints goes to the current cell.
    pub(crate) fn spawn(
        main: ChildMain,
        parcel: &Parcel,
        watch: Arc<dyn Watch>,
    ) -> io::Result<Self> {
        Attempt::repeat(|attempt| attempt.spawn(main, parcel, watch.clone()))
    }

    /// Starts the child of this serial number; an error if it was another process's.
    fn start(
        serial: u64,
        main: &Entry,
        parcel: &Parcel,
        watch: Arc<dyn Watch>,
    ) -> io::Result<Self> {
        let (link, theirs) = packet::pair()?;
        let mut descriptors = vec![theirs.as_fd()];
        descriptors.extend(parcel.descriptors.iter().map(|d| d.as_fd()));
        let pid = fork(main, &parcel.bytes, &descriptors)?;
        let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
        let pid = pid.ok_or(io::ErrorKind::InvalidData)?;
        // It is a child of this process that nobody has waited for, so the number is its own.
        let pidfd = pidfd_open(pid, PidfdFlags::empty());
        if is_left_behind(serial) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let pidfd = pidfd.inspect_err(|_| {
            let _ = rustix::process::kill_process(pid, Signal::KILL);
            let _ = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED);
        })?;
        let inner = Arc::new(Inner {
            serial,
            pid,
            pidfd,
            link,
            watch,
            exit: Mutex::new(None),
            ended: WaitSet::new(),
        });
        service::watch(&inner).inspect_err(|_| {
            let _ = pidfd_send_signal(&inner.pidfd, Signal::KILL);
            let _ = waitid(WaitId::PidFd(inner.pidfd.as_fd()), WaitIdOptions::EXITED);
        })?;
        Ok(Self(inner))
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.0.pid.as_raw_nonzero().get().unsigned_abs()
    }

    /// Sends it a message.
    ///
    /// # Errors
    /// `WouldBlock` when it does not read; `BrokenPipe` when it is gone.
    pub(crate) fn send(&self, bytes: &[u8], descriptors: &[BorrowedFd<'_>]) -> io::Result<()> {
        packet::send(&self.0.link, bytes, descriptors, SendFlags::DONTWAIT)
    }

    /// Sends it a signal; nothing happens if it has ended.
    pub(crate) fn kill(&self, signal: Signal) {
        let _ = pidfd_send_signal(&self.0.pidfd, signal);
    }

    /// Whether it was a child of the process of which this one is a copy. It has ended with that one, though
    /// nobody may have said so yet.
    pub(crate) fn was_left_behind(&self) -> bool {
        is_left_behind(self.0.serial)
    }

    /// How it ended, if it has.
    pub(crate) fn exit(&self) -> Option<Exit> {
        *self.0.lock()
    }

    /// Waits for its end.
    pub(crate) fn wait(&self, deadline: Deadline) -> Option<Exit> {
        let mut ended = || self.exit().is_some();
        self.0
            .ended
            .wait_until(Wanted::Process, deadline, &mut ended);
        self.exit()
    }
}

impl AsFd for Child {
    /// Readable when the child has ended.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.pidfd.as_fd()
    }
}

impl PartialEq for Child {
    fn eq(&self, other: &Self) -> bool {
        self.0.serial == other.0.serial
    }
}

impl fmt::Debug for Child {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<child {}>", self.pid())
    }
}

/// Whether a child of this serial number was one of the process of which this one is a copy.
pub(in crate::multiprocessing) fn is_left_behind(serial: u64) -> bool {
    serial < FIRST.load(Ordering::SeqCst)
}

/// Asks the forkserver, or another one if that is gone.
fn fork(main: &Entry, bytes: &[u8], descriptors: &[BorrowedFd<'_>]) -> io::Result<u32> {
    let cell = output::current_area();
    let mut forkserver = FORKSERVER.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if STALE.swap(false, Ordering::SeqCst) {
            forkserver.take().into_iter().for_each(Forkserver::abandon);
        }
        let is_new = forkserver.is_none();
        let running = match &*forkserver {
            Some(running) => running,
            None => match service::start_forkserver() {
                Err(error) if is_gone(&error) && STALE.load(Ordering::SeqCst) => continue,
                started => forkserver.insert(started?),
            },
        };
        match running.fork(main, cell, bytes, descriptors) {
            // Even a new one may be that of another process: this one may have been copied meanwhile.
            Err(error) if is_gone(&error) && STALE.load(Ordering::SeqCst) => {}
            Err(error) if is_gone(&error) && !is_new => *forkserver = None,
            result => return result,
        }
    }
}

fn is_gone(error: &io::Error) -> bool {
    let kinds = [io::ErrorKind::BrokenPipe, io::ErrorKind::ConnectionReset];
    kinds.contains(&error.kind())
}

/// This process is the copy of one that has died, and all of its children with it; called while it has one
/// thread. System calls and atomics alone; false if it cannot go on.
pub(crate) fn before_resuming() -> bool {
    STALE.store(true, Ordering::SeqCst);
    FIRST.store(SERIAL.load(Ordering::SeqCst), Ordering::SeqCst);
    service::renew()
}

/// All threads are back: whoever waits for one of those children hears of its end.
pub(crate) fn after_resuming() {
    service::abandon(FIRST.load(Ordering::SeqCst));
}

/// For tests: ends the forkserver as a crash would.
#[cfg(all(test, not(shuttle)))]
pub(in crate::multiprocessing) fn kill_forkserver() {
    let forkserver = FORKSERVER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(running) = &*forkserver {
        running.kill();
    }
}

/// The forkserver's process id, if there is one.
pub(crate) fn forkserver_pid() -> Option<u32> {
    let forkserver = FORKSERVER.lock().unwrap_or_else(PoisonError::into_inner);
    let is_own = !STALE.load(Ordering::SeqCst);
    forkserver.as_ref().filter(|_| is_own)?.pid()
}

/// The process ids of all live children.
pub(crate) fn live_pids() -> Vec<i32> {
    let pids = service::live().into_iter();
    pids.map(|child| child.pid.as_raw_nonzero().get()).collect()
}

impl Inner {
    pub(in crate::multiprocessing) fn serial(&self) -> u64 {
        self.serial
    }

    pub(in crate::multiprocessing) fn link(&self) -> BorrowedFd<'_> {
        self.link.as_fd()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Exit>> {
        self.exit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes on what the child has sent.
    pub(in crate::multiprocessing) fn hear(&self) -> Heard {
        loop {
            match packet::receive(&self.link, RecvFlags::DONTWAIT) {
                Ok(Some(packet)) => self.take(packet),
                Ok(None) => return Heard::Closed,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Heard::All,
                // Such a message is lost; a socket that is no good is found out at its end.
                Err(_) => return Heard::All,
            }
        }
    }

    fn take(&self, mut packet: Packet) {
        match packet.bytes.first() {
            Some(&EVENT) => {
                if let Ok(event) = postcard::from_bytes::<Event>(&packet.bytes[1..]) {
                    output::send(&event);
                }
            }
            Some(&MESSAGE) => {
                packet.bytes.remove(0);
                self.watch.message(packet);
            }
            _ => {}
        }
    }

    /// Takes note of the child's end.
    pub(in crate::multiprocessing) fn end(&self) {
        let status = loop {
            match waitid(WaitId::PidFd(self.pidfd.as_fd()), WaitIdOptions::EXITED) {
                Err(rustix::io::Errno::INTR) => {}
                other => break other,
            }
        };
        let exit = match status {
            Ok(Some(status)) => status
                .exit_status()
                .map(Exit::Code)
                .or_else(|| status.terminating_signal().map(Exit::Signal)),
            _ => None, // somebody else has waited for it
        };
        let exit = exit.unwrap_or(Exit::Unknown);
        *self.lock() = Some(exit);
        self.ended.wake_all();
        self.watch.ended(exit);
    }
}

impl AsFd for Inner {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.pidfd.as_fd()
    }
}

/// In a child: its end of the link.
static LINK: OnceLock<OwnedFd> = OnceLock::new();

/// Whether this process is a child.
pub(crate) fn is_child() -> bool {
    LINK.get().is_some()
}

/// In a child: sends a message to the [`Watch`]; waits while the host does not read.
pub(crate) fn send(bytes: &[u8], descriptors: &[BorrowedFd<'_>]) -> io::Result<()> {
    send_tagged(MESSAGE, bytes, descriptors)
}

/// In a child: waits for a message of [`Child::send`]; `None` when the host is gone.
pub(crate) fn receive() -> io::Result<Option<Packet>> {
    packet::receive(link()?, RecvFlags::empty())
}

/// In a child: its end of the link, to poll.
pub(crate) fn link() -> io::Result<BorrowedFd<'static>> {
    let link = LINK.get().map(AsFd::as_fd);
    link.ok_or_else(|| io::Error::other("this process is no child"))
}

fn send_tagged(tag: u8, bytes: &[u8], descriptors: &[BorrowedFd<'_>]) -> io::Result<()> {
    let mut message = Vec::with_capacity(bytes.len() + 1);
    message.push(tag);
    message.extend_from_slice(bytes);
    packet::send(link()?, &message, descriptors, SendFlags::empty())
}

/// The child's whole life, right after the fork.
pub(in crate::multiprocessing) fn run(host: Option<Pid>, request: Packet) -> ! {
    let alone = rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).is_err()
        || rustix::process::getppid() != host;
    if alone {
        forkserver::exit(0);
    }
    forkserver::name_thread(c"woozle-worker");
    let request = match forkserver::take_request(request) {
        Ok(request) => request,
        Err(error) => fail(&error),
    };
    let _ = LINK.set(request.link);
    // SAFETY: a forked process has one thread, and the forkserver has one.
    unsafe { environment::apply(request.environment) };
    if let Some(host) = host {
        environment::take_limits(host);
        // Where the host is now; the forkserver is where it was at its start.
        let _ = rustix::process::chdir(format!("/proc/{}/cwd", host.as_raw_nonzero()));
    }
    crate::host::enter_child(request.cell);
    output::set_sink(Box::new(|event| {
        if let Ok(bytes) = postcard::to_stdvec(event) {
            let _ = send_tagged(EVENT, &bytes, &[]);
        }
    }));
    let main = match request.main.resolve() {
        // SAFETY: `Child::spawn` made the entry from a `ChildMain`, in the same file.
        Ok(address) => unsafe { std::mem::transmute::<*const (), ChildMain>(address) },
        Err(error) => fail(&error),
    };
    let code = main(request.packet);
    crate::threading::registry::join_non_daemon(Deadline::NEVER);
    crate::multiprocessing::queue::at_exit();
    let _ = io::Write::flush(&mut io::stdout());
    forkserver::exit(code)
}

fn fail(error: &io::Error) -> ! {
    std::eprintln!("a process of woozle::multiprocessing cannot begin: {error}");
    forkserver::exit(1)
}
