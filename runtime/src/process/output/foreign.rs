//! What is written to descriptors 1 and 2 past the macros: by std's own `println!`, by C code,
//! and by child processes.
//!
//! In this process it is caught before it reaches the descriptor (see the host's binary) and goes
//! to the cell of the writing thread. Child processes write into the pipe; what is found there
//! goes to the running cell, before anything that this process prints later.

use std::fs::File;
use std::io::Read;
use std::os::fd::BorrowedFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::sync::{Mutex, OnceLock};

use crate::process::output;
use crate::process::output::Stream;
use crate::sync::lock_std;

struct Pipes {
    /// The reading ends of standard output and standard error.
    ends: [File; 2],
    /// Which files descriptors 1 and 2 were at the start, as device and inode.
    ids: [(u64, u64); 2],
    reading: Mutex<()>,
}

static PIPES: OnceLock<Pipes> = OnceLock::new();

/// Opens the reading ends of the pipes that are this process's standard output and error.
pub(crate) fn open() -> std::io::Result<()> {
    let end = |descriptor: u32| {
        let file = std::fs::OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_NONBLOCK)
            .open(format!("/proc/self/fd/{descriptor}"))?;
        let metadata = file.metadata()?;
        Ok::<_, std::io::Error>((file, (metadata.dev(), metadata.ino())))
    };
    let ((out, out_id), (err, err_id)) = (end(1)?, end(2)?);
    let _ = PIPES.set(Pipes {
        ends: [out, err],
        ids: [out_id, err_id],
        reading: Mutex::new(()),
    });
    Ok(())
}

/// Lets what C code prints go out at once: it would stay in C's buffer beyond the end of its cell.
pub(crate) fn unbuffer_c() {
    unsafe extern "C" {
        static stdout: *mut libc::FILE;
    }
    // SAFETY: `stdout` is C's own stream, to which nothing has been written yet.
    unsafe { libc::setvbuf(stdout, std::ptr::null_mut(), libc::_IONBF, 0) };
}

/// The reading ends.
pub(crate) fn pipes() -> Option<&'static [File; 2]> {
    PIPES.get().map(|pipes| &pipes.ends)
}

/// Sends on what child processes have written so far.
pub(crate) fn forward() {
    if crate::process::panics::hook::has_caught() {
        crate::process::panics::hook::release_held();
    }
    let Some(pipes) = PIPES.get() else { return };
    for (end, stream) in pipes.ends.iter().zip([Stream::Stdout, Stream::Stderr]) {
        if rustix::io::ioctl_fionread(end).is_ok_and(|waiting| waiting > 0) {
            forward_from(pipes, end, stream);
        }
    }
}

/// As [`forward`], for the io thread: false once nobody can write into the pipes any more.
pub(crate) fn forward_ready(hung_up: bool) -> bool {
    let Some(pipes) = PIPES.get() else {
        return false;
    };
    for (end, stream) in pipes.ends.iter().zip([Stream::Stdout, Stream::Stderr]) {
        forward_from(pipes, end, stream);
    }
    !hung_up
}

fn forward_from(pipes: &Pipes, mut end: &File, stream: Stream) {
    let _one = lock_std(&pipes.reading);
    let mut piece = vec![0; 1 << 16];
    while let Ok(length @ 1..) = end.read(&mut piece) {
        output::write_for(output::running_cell(), stream, &piece[..length]);
    }
}

/// Whether a write to this descriptor is the cell's output: it is 1 or 2, and still what it was
/// at the start (user code may have redirected it).
#[must_use]
pub fn is_ours(descriptor: i32) -> Option<Stream> {
    let pipes = PIPES.get()?;
    let (stream, id, borrowed) = match descriptor {
        1 => (Stream::Stdout, pipes.ids[0], rustix::stdio::stdout()),
        2 => (Stream::Stderr, pipes.ids[1], rustix::stdio::stderr()),
        _ => return None,
    };
    (identity(borrowed)? == id).then_some(stream)
}

fn identity(descriptor: BorrowedFd<'_>) -> Option<(u64, u64)> {
    let stat = rustix::fs::fstat(descriptor).ok()?;
    #[allow(clippy::unnecessary_cast)] // the fields' widths differ between architectures
    Some((stat.st_dev as u64, stat.st_ino as u64))
}

/// Sends bytes that this process wrote past the macros to the cell of the current thread.
pub fn write_foreign(stream: Stream, bytes: &[u8]) {
    output::write(stream, bytes);
}
