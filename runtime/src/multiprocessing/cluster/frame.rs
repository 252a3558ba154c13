//! Frames to and from Python: the lengths of a head and of bytes, the head as JSON, the bytes.
//!
//! Many bytes are not in the stream, but in memory whose descriptor comes with the head; the highest bit of the first length says so.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::ops::Deref;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;

use memmap2::Mmap;
use miniserde::{Deserialize, Serialize, json};
use rustix::fs::{MemfdFlags, memfd_create};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};

/// Bytes from this number on are in memory of their own.
const LONG: usize = 1 << 20;
const SHARED: u32 = 1 << 31;
/// A head above this size is a sign of a broken stream.
const LONGEST_HEAD: u32 = 1 << 28;
/// How many bytes are read at once.
const PIECE: usize = 1 << 16;

/// The bytes of a frame.
#[derive(Debug)]
pub(super) enum Bytes {
    /// From the stream.
    Own(Vec<u8>),
    /// From memory that the other side has written and does not touch any more.
    Shared(Mmap),
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Own(bytes) => bytes,
            Self::Shared(memory) => memory,
        }
    }
}

/// Writes a frame.
///
/// # Errors
/// When the other side is gone, or the system gives no memory.
pub(super) fn write(
    socket: &mut UnixStream,
    head: &impl Serialize,
    bytes: &[u8],
) -> io::Result<()> {
    write_raw(socket, json::to_string(head).as_bytes(), &[bytes])
}

/// Writes a frame with a head that is JSON already, or is empty, and bytes in parts.
///
/// # Errors
/// When the other side is gone, or the system gives no memory.
pub(super) fn write_raw(mut socket: &UnixStream, head: &[u8], parts: &[&[u8]]) -> io::Result<()> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let is_long = length >= LONG;
    let flag = if is_long { SHARED } else { 0 };
    let mut start = Vec::with_capacity(12 + head.len() + if is_long { 0 } else { length });
    let head_length = u32::try_from(head.len()).map_err(io::Error::other)?;
    start.extend_from_slice(&(head_length | flag).to_le_bytes());
    start.extend_from_slice(&(length as u64).to_le_bytes());
    start.extend_from_slice(head);
    if !is_long {
        parts.iter().for_each(|part| start.extend_from_slice(part));
        return socket.write_all(&start);
    }
    let mut memory = File::from(memfd_create("woozle-bytes", MemfdFlags::CLOEXEC)?);
    parts.iter().try_for_each(|part| memory.write_all(part))?;
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    let descriptors = [memory.as_fd()];
    ancillary.push(SendAncillaryMessage::ScmRights(&descriptors));
    let first = IoSlice::new(&start);
    let sent = sendmsg(socket, &[first], &mut ancillary, SendFlags::NOSIGNAL)?;
    socket.write_all(&start[sent..])
}

/// Reads frames.
#[derive(Debug)]
pub(super) struct Frames {
    socket: UnixStream,
    buffer: Vec<u8>,
    at: usize,
    descriptors: VecDeque<OwnedFd>,
}

impl Frames {
    pub(super) fn new(socket: UnixStream) -> Self {
        Self {
            socket,
            buffer: Vec::new(),
            at: 0,
            descriptors: VecDeque::new(),
        }
    }

    /// Reads what is there, with its descriptors; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let filled = self.buffer.len();
        self.buffer.resize(filled + PIECE, 0);
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(16))];
        let mut ancillary = RecvAncillaryBuffer::new(&mut space);
        let received = loop {
            let parts = &mut [IoSliceMut::new(&mut self.buffer[filled..])];
            match recvmsg(&self.socket, parts, &mut ancillary, RecvFlags::CMSG_CLOEXEC) {
                Err(rustix::io::Errno::INTR) => {}
                other => break other?,
            }
        };
        self.buffer.truncate(filled + received.bytes);
        for message in ancillary.drain() {
            if let RecvAncillaryMessage::ScmRights(descriptors) = message {
                self.descriptors.extend(descriptors);
            }
        }
        Ok(received.bytes > 0)
    }

    /// Takes so many bytes; none at the end of the stream.
    fn take(&mut self, length: usize) -> io::Result<Option<Vec<u8>>> {
        if length > PIECE {
            return self.take_many(length);
        }
        while self.buffer.len() - self.at < length {
            if !self.fill()? {
                return Ok(None);
            }
        }
        let taken = self.buffer[self.at..self.at + length].to_vec();
        self.at += length;
        Ok(Some(taken))
    }

    /// The same of more than is read at once: the rest goes straight where it is wanted. No descriptor is among it.
    fn take_many(&mut self, length: usize) -> io::Result<Option<Vec<u8>>> {
        let there = length.min(self.buffer.len() - self.at);
        let mut taken = self.buffer[self.at..self.at + there].to_vec();
        self.at += there;
        let rest = (length - there) as u64;
        let read = (&self.socket).take(rest).read_to_end(&mut taken)?;
        Ok((read as u64 == rest).then_some(taken))
    }

    /// The next frame; none at the end of the stream.
    ///
    /// # Errors
    /// When the stream breaks off within a frame, or the head is not what is expected.
    pub(super) fn read<T: Deserialize>(&mut self) -> io::Result<Option<(T, Bytes)>> {
        let broken = || io::Error::from(io::ErrorKind::InvalidData);
        let end = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let Some(lengths) = self.take(12)? else {
            return match self.buffer.len() - self.at {
                0 => Ok(None),
                _ => Err(end()),
            };
        };
        let (head, length) = lengths.split_at(4);
        let head = u32::from_le_bytes(head.try_into().map_err(|_| broken())?);
        let length = u64::from_le_bytes(length.try_into().map_err(|_| broken())?);
        let length = usize::try_from(length).map_err(|_| broken())?;
        let (is_shared, head) = (head & SHARED != 0, head & !SHARED);
        if head > LONGEST_HEAD || !is_shared && length > LONG {
            return Err(broken());
        }
        let text = self.take(head as usize)?.ok_or_else(end)?;
        let text = std::str::from_utf8(&text).map_err(|_| broken())?;
        let head = json::from_str(text).map_err(|_| broken())?;
        let bytes = match is_shared {
            false => Bytes::Own(self.take(length)?.ok_or_else(end)?),
            true => {
                let memory = self.descriptors.pop_front().ok_or_else(broken)?;
                // SAFETY: the other side does not write there any more, and nobody else has it.
                let memory = unsafe { memmap2::MmapOptions::new().populate().map(&memory)? };
                match memory.len() == length {
                    true => Bytes::Shared(memory),
                    false => return Err(broken()),
                }
            }
        };
        Ok(Some((head, bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Head {
        op: String,
    }

    #[test]
    fn frames_come_back_as_they_were() {
        let (mut ours, theirs) = UnixStream::pair().unwrap();
        let head = Head { op: "task".into() };
        let long: Vec<u8> = (0..3 * LONG).map(|n| n as u8).collect();
        let parts = [&b"honey"[..], b"", &long, &long[..LONG - 1], &long];
        let writer = std::thread::spawn({
            let (head, parts) = (Head { op: "task".into() }, parts.map(<[u8]>::to_vec));
            move || {
                for part in &parts {
                    write(&mut ours, &head, part).unwrap();
                }
            }
        });
        let mut frames = Frames::new(theirs);
        for part in parts {
            let (read, bytes) = frames.read::<Head>().unwrap().unwrap();
            assert_eq!(read, head);
            assert!(*bytes == *part);
        }
        assert!(frames.read::<Head>().unwrap().is_none());
        writer.join().unwrap();
    }

    #[test]
    fn broken_frames_are_errors() {
        let read = |bytes: &[u8]| {
            let (mut ours, theirs) = UnixStream::pair().unwrap();
            ours.write_all(bytes).unwrap();
            drop(ours);
            Frames::new(theirs).read::<Head>()
        };
        let mut whole = vec![13, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0];
        whole.extend_from_slice(br#"{"op":"task"}ab"#);
        assert_eq!(&*read(&whole).unwrap().unwrap().1, b"ab");
        for length in 1..whole.len() {
            assert!(read(&whole[..length]).is_err(), "{length}");
        }
        assert!(read(&[255; 40]).is_err());
        whole[3] = 128; // memory that does not come
        assert!(read(&whole).is_err());
    }
}
