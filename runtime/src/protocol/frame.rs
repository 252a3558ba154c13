//! A frame: its length (four bytes, little endian) and that many bytes of postcard.
//!
//! This file is also compiled into the analyzer, which is a package of its own.

use std::io::{self, Read, Write};

use serde::{Serialize, de::DeserializeOwned};

/// A frame above this size is a sign of a broken stream, not of a large value.
pub(super) const MAX_FRAME: usize = 1 << 30;

/// Writes one frame.
///
/// # Errors
/// When the other side is gone.
pub fn write_frame<T: Serialize>(writer: &mut impl Write, message: &T) -> io::Result<()> {
    let mut frame = vec![0; 4];
    postcard::to_io(message, &mut frame).map_err(io::Error::other)?;
    let length = u32::try_from(frame.len() - 4).map_err(io::Error::other)?;
    frame[..4].copy_from_slice(&length.to_le_bytes());
    writer.write_all(&frame)
}

/// Reads one frame; `None` when the other side has closed the socket between two frames.
///
/// # Errors
/// When the stream breaks off within a frame, or a frame is not a `T`.
pub fn read_frame<T: DeserializeOwned>(reader: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = Vec::with_capacity(4);
    reader.by_ref().take(4).read_to_end(&mut length)?;
    let length = match <[u8; 4]>::try_from(length.as_slice()) {
        Ok(length) => u32::from_le_bytes(length) as usize,
        Err(_) if length.is_empty() => return Ok(None),
        Err(_) => return Err(io::ErrorKind::UnexpectedEof.into()),
    };
    if length > MAX_FRAME {
        return Err(io::Error::other("a frame of impossible length"));
    }
    let mut frame = vec![0; length];
    reader.read_exact(&mut frame)?;
    postcard::from_bytes(&frame)
        .map(Some)
        .map_err(io::Error::other)
}
