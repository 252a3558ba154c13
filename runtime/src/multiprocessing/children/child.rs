//! A child process, for whoever has started it.

use std::fmt;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use rustix::net::SendFlags;
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, pidfd_open, pidfd_send_signal, waitid,
};

use super::child_main::ChildMain;
use super::entry::Entry;
use super::exit::Exit;
use super::forkserver::Forkserver;
use super::service;
use super::watched::{FIRST, SERIAL, Watch, WatchedChild, is_left_behind};
use crate::multiprocessing::transport::descriptors::Parcel;
use crate::multiprocessing::transport::packet;
use crate::process::output;
use crate::sync::lock_std;
use crate::wait::{Deadline, WaitSet, Wanted};

/// A handle of a child process. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct Child(Arc<WatchedChild>);

static FORKSERVER: Mutex<Option<Forkserver>> = Mutex::new(None);
/// Set in a copy of the process: the forkserver is that of another one.
static STALE: AtomicBool = AtomicBool::new(false);
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
        let inner = Arc::new(WatchedChild {
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

/// Asks the forkserver, or another one if that is gone.
fn fork(main: &Entry, bytes: &[u8], descriptors: &[BorrowedFd<'_>]) -> io::Result<u32> {
    let cell = output::current_target();
    let mut forkserver = lock_std(&FORKSERVER);
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
#[cfg(test)]
pub(in crate::multiprocessing) fn kill_forkserver() {
    let forkserver = lock_std(&FORKSERVER);
    if let Some(running) = &*forkserver {
        running.kill();
    }
}

/// The forkserver's process id, if there is one.
pub(crate) fn forkserver_pid() -> Option<u32> {
    let forkserver = lock_std(&FORKSERVER);
    let is_own = !STALE.load(Ordering::SeqCst);
    forkserver.as_ref().filter(|_| is_own)?.pid()
}

/// The process ids of all live children.
pub(crate) fn live_pids() -> Vec<i32> {
    let pids = service::live().into_iter();
    pids.map(|child| child.pid.as_raw_nonzero().get()).collect()
}
