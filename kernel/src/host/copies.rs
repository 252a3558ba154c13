//! The copies of a host that sleep until it dies; see `woozle::host::checkpoints`.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::{Mutex, MutexGuard};

use crate::system::lock::LockUnpoisoned as _;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitOptions, kill_process, pidfd_open, setpgid, waitpid,
};
use woozle::protocol::{MOST_LEFT_OUT, receive_descriptor};

/// A copy that sleeps. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct SleepingCopy {
    id: u64,
    pid: Pid,
    /// The link, once the copy is awake.
    socket: Option<UnixStream>,
}

/// How long a copy may take to end.
const PATIENCE: Timespec = Timespec {
    tv_sec: 2,
    tv_nsec: 0,
};
const AT_ONCE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 0,
};

impl SleepingCopy {
    /// The link to the copy, which is to be woken without some of its threads, and its process. If it stays, another one
    /// sleeps in its place when it has output that it goes on.
    pub(super) fn wake(
        mut self,
        stays: bool,
        left_out: &[u64],
    ) -> std::io::Result<(UnixStream, Pid)> {
        use std::io::Write as _;
        let mut socket = self.socket.take().ok_or(std::io::ErrorKind::NotFound)?;
        let left_out = &left_out[left_out.len().saturating_sub(MOST_LEFT_OUT)..];
        let count = u8::try_from(left_out.len()).map_err(std::io::Error::other)?;
        let pointers = left_out.iter().flat_map(|pointer| pointer.to_le_bytes());
        // The copy reads it in one piece.
        let call: Vec<u8> = [stays.into(), count].into_iter().chain(pointers).collect();
        socket.write_all(&call)?;
        Ok((socket, self.pid))
    }
}

impl Drop for SleepingCopy {
    fn drop(&mut self) {
        if self.socket.take().is_some() {
            // Without its socket it ends by itself, and the host need not wait for it in vain.
            if !ends_within(self.pid, &PATIENCE) {
                let _ = kill_process(self.pid, Signal::KILL);
            }
            let _ = waitpid(Some(self.pid), WaitOptions::empty());
        }
    }
}

fn ends_within(pid: Pid, time: &Timespec) -> bool {
    let Ok(process) = pidfd_open(pid, PidfdFlags::empty()) else {
        return false;
    };
    let mut ended = [PollFd::new(&process, PollFlags::IN)];
    poll(&mut ended, Some(time)).is_ok_and(|ready| ready == 1)
}

/// The copies of one host and of those that went on in its place.
#[derive(Debug)]
pub(super) struct Copies {
    /// Where hosts send the sockets of their copies.
    copy_socket: OwnedFd,
    asleep: Mutex<Vec<SleepingCopy>>,
}

impl Copies {
    pub(super) fn new(copy_socket: OwnedFd) -> Self {
        Self {
            copy_socket,
            asleep: Mutex::default(),
        }
    }

    fn asleep(&self) -> MutexGuard<'_, Vec<SleepingCopy>> {
        self.asleep.lock_unpoisoned()
    }

    /// Takes in the copies that have been made.
    pub(super) fn receive_new(&self) {
        while let Ok((message, socket)) = receive_descriptor(&self.copy_socket, 12, false) {
            let (id, pid) = message.split_at(8);
            let (Ok(id), Ok(pid)) = (id.try_into(), pid.try_into()) else {
                continue;
            };
            let Some(pid) = Pid::from_raw(i32::from_le_bytes(pid)) else {
                continue;
            };
            // It does so itself; this is for the case that it has not got there yet when the original's
            // group is killed.
            let _ = setpgid(Some(pid), Some(pid));
            self.asleep().push(SleepingCopy {
                id: u64::from_le_bytes(id),
                pid,
                socket: Some(UnixStream::from(socket)),
            });
        }
    }

    /// Ends all copies but these.
    pub(super) fn keep(&self, ids: &[u64]) {
        self.receive_new();
        let ended: Vec<SleepingCopy> = {
            let mut asleep = self.asleep();
            let (kept, ended) = std::mem::take(&mut *asleep)
                .into_iter()
                .partition(|copy| ids.contains(&copy.id));
            *asleep = kept;
            ended
        };
        drop(ended); // outside the lock: it waits for them
    }

    /// Whether there is a copy of this number.
    pub(super) fn has(&self, id: u64) -> bool {
        self.receive_new();
        self.asleep().iter().any(|copy| copy.id == id)
    }

    /// Takes a copy out, unless somebody has killed it.
    pub(super) fn take(&self, id: u64) -> Option<SleepingCopy> {
        self.receive_new();
        let copy = {
            let mut asleep = self.asleep();
            let at = asleep.iter().position(|copy| copy.id == id)?;
            asleep.remove(at)
        };
        (!ends_within(copy.pid, &AT_ONCE)).then_some(copy)
    }
}
