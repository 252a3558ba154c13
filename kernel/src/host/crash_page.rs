//! The page that a host writes while it dies; see `woozle::protocol::crash`.

use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::FileExt;

use rustix::fs::{MemfdFlags, memfd_create};
use woozle::protocol::crash::{Crash, PAGE};

/// More than any process's map of memory has.
const MOST: u64 = 16 << 20;

/// The page of a host and its copies.
#[derive(Debug)]
pub(super) struct CrashPage(File);

impl CrashPage {
    pub(super) fn new() -> std::io::Result<Self> {
        let file = File::from(memfd_create("woozle-crash", MemfdFlags::CLOEXEC)?);
        file.set_len(PAGE as u64)?;
        Ok(Self(file))
    }

    pub(super) fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    /// Takes out what a host has left that is dead now. Only a handler of its signals should have written there,
    /// but the user's code could.
    pub(super) fn take(&self) -> Option<Crash> {
        let mut bytes = vec![0; PAGE];
        self.0.read_exact_at(&mut bytes, 0).ok()?;
        let mut rest = Vec::new();
        let mut at = self.0.try_clone().ok()?;
        std::io::Seek::seek(&mut at, std::io::SeekFrom::Start(PAGE as u64)).ok()?;
        at.take(MOST).read_to_end(&mut rest).ok()?;
        bytes.extend(rest);
        let crash = Crash::read(&bytes);
        self.0.set_len(0).ok()?;
        self.0.set_len(PAGE as u64).ok()?;
        crash
    }
}
