//! Waiting until a descriptor has something to read, for any time or none.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use crate::timeline;
use crate::wait::Deadline;

/// Waits until one of the descriptors is readable, or the other end is closed; gives which are, by
/// their places. None when the deadline has passed.
pub(in crate::multiprocessing) fn wait_readable(
    descriptors: &[BorrowedFd<'_>],
    deadline: Deadline,
) -> io::Result<Vec<usize>> {
    let mut fds: Vec<_> = descriptors
        .iter()
        .map(|fd| PollFd::from_borrowed_fd(*fd, PollFlags::IN))
        .collect();
    let _noted = timeline::waits_for("a message", 0);
    loop {
        let timeout = remaining(deadline).and_then(|left| Timespec::try_from(left).ok());
        match poll(&mut fds, timeout.as_ref()) {
            Ok(_) => break,
            Err(Errno::INTR) => crate::process::interrupt::check(),
            Err(error) => return Err(error.into()),
        }
    }
    let ready = fds.iter().enumerate();
    Ok(ready
        .filter_map(|(place, fd)| (!fd.revents().is_empty()).then_some(place))
        .collect())
}

/// As [`wait_readable`], for one.
pub(in crate::multiprocessing) fn is_readable(
    descriptor: impl AsFd,
    deadline: Deadline,
) -> io::Result<bool> {
    wait_readable(&[descriptor.as_fd()], deadline).map(|ready| !ready.is_empty())
}

/// How long there is until the deadline; `None` if it never passes.
pub(in crate::multiprocessing) fn remaining(deadline: Deadline) -> Option<Duration> {
    let instant = deadline.instant()?;
    Some(instant.saturating_duration_since(Instant::now()))
}
