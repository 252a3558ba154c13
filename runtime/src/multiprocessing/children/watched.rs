//! A child as its parent sees it: what it says, and how it ends.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use rustix::net::RecvFlags;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use super::exit::Exit;
use super::link::{EVENT, MESSAGE};
use crate::multiprocessing::transport::packet::{self, Packet};
use crate::process::output;
use crate::protocol::Event;
use crate::sync::lock_std;
use crate::wait::WaitSet;

/// Whoever wants to know of a child. Called on the service thread, so nothing here may wait.
pub(crate) trait Watch: Send + Sync {
    /// The child has sent a message.
    fn message(&self, packet: Packet);
    /// The child has ended; there are no more messages.
    fn ended(&self, exit: Exit);
}

/// What the service thread knows of a child.
pub(in crate::multiprocessing) struct WatchedChild {
    pub(super) serial: u64,
    pub(super) pid: Pid,
    pub(super) pidfd: OwnedFd,
    pub(super) link: OwnedFd,
    pub(super) watch: Arc<dyn Watch>,
    pub(super) exit: Mutex<Option<Exit>>,
    pub(super) ended: WaitSet,
}

/// What there was to hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::multiprocessing) enum Heard {
    /// All that the child has sent so far.
    All,
    /// The child has closed its end.
    Closed,
}

/// The serial number of the next child.
pub(super) static SERIAL: AtomicU64 = AtomicU64::new(1);
/// In a copy of the process: the first child of its own.
pub(super) static FIRST: AtomicU64 = AtomicU64::new(0);

/// Whether a child of this serial number was one of the process of which this one is a copy.
pub(in crate::multiprocessing) fn is_left_behind(serial: u64) -> bool {
    serial < FIRST.load(Ordering::SeqCst)
}

impl WatchedChild {
    pub(in crate::multiprocessing) fn serial(&self) -> u64 {
        self.serial
    }

    pub(in crate::multiprocessing) fn link(&self) -> BorrowedFd<'_> {
        self.link.as_fd()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Option<Exit>> {
        lock_std(&self.exit)
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

impl AsFd for WatchedChild {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.pidfd.as_fd()
    }
}
