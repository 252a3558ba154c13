//! Messages over a Unix socket that keeps their bounds (SOCK_SEQPACKET): each arrives whole, with
//! its descriptors, whoever else reads or writes. What is too large for the socket's buffer goes in a
//! memfd, whose descriptor is sent in its place.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags,
    SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recvmsg,
    sendmsg, socketpair,
};

use crate::multiprocessing::memory::segment::Segment;

/// Above this a message goes in a memfd.
const INLINE: usize = 64 << 10;
/// How many descriptors a message may have (the system's limit is 253).
pub(crate) const MAX_DESCRIPTORS: usize = 200;

/// The first byte of a message: where its bytes are.
const HERE: u8 = 0;
const IN_SEGMENT: u8 = 1;

/// A message.
#[derive(Debug, Default)]
pub(crate) struct Packet {
    pub(crate) bytes: Vec<u8>,
    pub(crate) descriptors: Vec<OwnedFd>,
}

/// Two sockets that are connected with each other.
pub(crate) fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(socketpair(
        AddressFamily::UNIX,
        SocketType::SEQPACKET,
        SocketFlags::CLOEXEC,
        None,
    )?)
}

/// Sends a message; waits while the buffer is full, unless `flags` say not to.
///
/// # Errors
/// `BrokenPipe` when nobody has the other end; `WouldBlock` with [`SendFlags::DONTWAIT`];
/// `InvalidInput` for too many descriptors; else what the system says.
pub(crate) fn send(
    socket: impl AsFd,
    bytes: &[u8],
    descriptors: &[BorrowedFd<'_>],
    flags: SendFlags,
) -> io::Result<()> {
    if descriptors.len() > MAX_DESCRIPTORS {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!(
                "a message can take {MAX_DESCRIPTORS} descriptors, not {}",
                descriptors.len()
            ),
        ));
    }
    if bytes.len() <= INLINE {
        return send_parts(socket.as_fd(), &[HERE], bytes, descriptors, flags);
    }
    let segment = Segment::new(bytes.len())?;
    // SAFETY: the segment is new, has this length, and nobody else knows it yet.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), segment.as_mut_ptr(), bytes.len()) };
    let mut all = descriptors.to_vec();
    all.push(segment.as_fd());
    let length = (bytes.len() as u64).to_le_bytes();
    send_parts(socket.as_fd(), &[IN_SEGMENT], &length, &all, flags)
}

fn send_parts(
    socket: BorrowedFd<'_>,
    head: &[u8],
    body: &[u8],
    descriptors: &[BorrowedFd<'_>],
    flags: SendFlags,
) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_DESCRIPTORS + 1))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    if !descriptors.is_empty() {
        ancillary.push(SendAncillaryMessage::ScmRights(descriptors));
    }
    let parts = [IoSlice::new(head), IoSlice::new(body)];
    loop {
        match sendmsg(socket, &parts, &mut ancillary, flags | SendFlags::NOSIGNAL) {
            Ok(_) => return Ok(()),
            Err(rustix::io::Errno::INTR) => crate::process::interrupt::check(),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Receives a message; `None` when everybody has closed the other end.
///
/// # Errors
/// `WouldBlock` with [`RecvFlags::DONTWAIT`]; else what the system says.
pub(crate) fn receive(socket: impl AsFd, flags: RecvFlags) -> io::Result<Option<Packet>> {
    let mut bytes = vec![0; INLINE + 1];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_DESCRIPTORS + 1))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let flags = flags | RecvFlags::CMSG_CLOEXEC;
    let message = loop {
        let mut parts = [IoSliceMut::new(&mut bytes)];
        match recvmsg(&socket, &mut parts, &mut ancillary, flags) {
            Ok(message) => break message,
            // The second: the other end was closed while messages for it were on the way. It is said
            // once, before what there still is to receive.
            Err(rustix::io::Errno::CONNRESET) => {}
            Err(rustix::io::Errno::INTR) => crate::process::interrupt::check(),
            Err(error) => return Err(error.into()),
        }
    };
    let mut descriptors = Vec::new();
    for part in ancillary.drain() {
        if let RecvAncillaryMessage::ScmRights(received) = part {
            descriptors.extend(received);
        }
    }
    if message.bytes == 0 {
        return Ok(None);
    }
    if message.flags.contains(ReturnFlags::CTRUNC) {
        return Err(io::Error::other(
            "a message's descriptors could not be received: this process has too many open files",
        ));
    }
    bytes.truncate(message.bytes);
    let head = bytes.remove(0);
    if head == IN_SEGMENT {
        let segment = descriptors.pop().ok_or_else(broken)?;
        let length = u64::from_le_bytes(bytes.as_slice().try_into().map_err(|_| broken())?);
        bytes = read_segment(segment, usize::try_from(length).map_err(io::Error::other)?)?;
    }
    Ok(Some(Packet { bytes, descriptors }))
}

fn read_segment(descriptor: OwnedFd, length: usize) -> io::Result<Vec<u8>> {
    let segment = Segment::from_descriptor(descriptor)?;
    if segment.len() < length {
        return Err(broken());
    }
    let mut bytes = Vec::with_capacity(length);
    // SAFETY: the segment is at least as long, and its sender wrote it before sending it and does
    // not touch it again.
    unsafe {
        std::ptr::copy_nonoverlapping(segment.as_mut_ptr(), bytes.as_mut_ptr(), length);
        bytes.set_len(length);
    }
    Ok(bytes)
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a message is not what was sent")
}
