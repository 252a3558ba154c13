//! A child's end of its link to the parent.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::OnceLock;

use rustix::net::{RecvFlags, SendFlags};

use crate::multiprocessing::transport::packet::{self, Packet};

/// The first byte of what a child sends.
pub(super) const EVENT: u8 = 0;
pub(super) const MESSAGE: u8 = 1;

/// In a child: its end of the link.
pub(super) static LINK: OnceLock<OwnedFd> = OnceLock::new();

/// Takes the socket that was passed as standard input, and puts `/dev/null` in its place.
pub(in crate::multiprocessing) fn take_stdin() -> io::Result<OwnedFd> {
    let stdin = rustix::stdio::stdin();
    let socket = rustix::io::fcntl_dupfd_cloexec(stdin, 3)?;
    let null = std::fs::File::open("/dev/null")?;
    rustix::stdio::dup2_stdin(&null)?;
    Ok(socket)
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

pub(super) fn send_tagged(tag: u8, bytes: &[u8], descriptors: &[BorrowedFd<'_>]) -> io::Result<()> {
    let mut message = Vec::with_capacity(bytes.len() + 1);
    message.push(tag);
    message.extend_from_slice(bytes);
    packet::send(link()?, &message, descriptors, SendFlags::empty())
}
