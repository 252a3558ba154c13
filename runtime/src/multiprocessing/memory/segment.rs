//! Memory that several processes see: an anonymous file (memfd), mapped.
//!
//! It has no name, so there is nothing to leak: when the last process that holds it is gone, so is
//! the memory.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use memmap2::{MmapOptions, MmapRaw};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

/// A mapped memfd. Its pages stay where they are for as long as the value lives.
#[derive(Debug)]
pub(crate) struct Segment {
    file: File,
    map: MmapRaw,
}

impl Segment {
    /// A new segment of `length` bytes, all zero. It cannot shrink, so that no process can make
    /// another one's access fault.
    pub(crate) fn new(length: usize) -> io::Result<Self> {
        let file = memfd_create(
            "woozle",
            MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING | MemfdFlags::NOEXEC_SEAL,
        )
        .or_else(|_| memfd_create("woozle", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING))?;
        let file = File::from(file);
        file.set_len(length.max(1) as u64)?;
        fcntl_add_seals(&file, SealFlags::SHRINK)?;
        Self::map(file)
    }

    /// A segment that another process has made.
    pub(crate) fn from_descriptor(descriptor: OwnedFd) -> io::Result<Self> {
        Self::map(File::from(descriptor))
    }

    fn map(file: File) -> io::Result<Self> {
        let map = MmapOptions::new().map_raw(&file)?;
        Ok(Self { file, map })
    }

    /// How many bytes there are.
    pub(crate) fn len(&self) -> usize {
        self.map.len()
    }

    /// Where they are; aligned to a page. Other processes may write at any time, so what is shared
    /// must be atomics, or be under a protocol that says whose turn it is.
    pub(crate) fn as_mut_ptr(&self) -> *mut u8 {
        self.map.as_mut_ptr()
    }
}

impl AsFd for Segment {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}
