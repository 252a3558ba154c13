//! Frames to and from Python: the lengths of a head and of bytes, the head as JSON, the bytes.

use std::io::{self, IoSlice, Read, Write};

use miniserde::{Deserialize, Serialize, json};

/// A head above this size is a sign of a broken stream.
const LONGEST_HEAD: u32 = 1 << 24;
/// Bytes are made room for as they come, in pieces of this size: a length may be wrong.
const PIECE: u64 = 1 << 26;

/// Writes a frame.
///
/// # Errors
/// When the other side is gone.
pub(super) fn write(
    writer: &mut impl Write,
    head: &impl Serialize,
    bytes: &[u8],
) -> io::Result<()> {
    write_raw(writer, json::to_string(head).as_bytes(), bytes)
}

/// Writes a frame with a head that is JSON already, or is empty.
///
/// # Errors
/// When the other side is gone.
pub(super) fn write_raw(writer: &mut impl Write, head: &[u8], bytes: &[u8]) -> io::Result<()> {
    let mut start = Vec::with_capacity(12 + head.len());
    start.extend_from_slice(&u32::try_from(head.len()).unwrap_or(u32::MAX).to_le_bytes());
    start.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    start.extend_from_slice(head);
    let mut parts = &mut [IoSlice::new(&start), IoSlice::new(bytes)][..];
    while parts.iter().any(|part| !part.is_empty()) {
        match writer.write_vectored(parts) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut parts, written),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Reads a frame; none at the end of the stream.
///
/// # Errors
/// When the stream breaks off within a frame, or the head is not what is expected.
pub(super) fn read<T: Deserialize>(reader: &mut impl Read) -> io::Result<Option<(T, Vec<u8>)>> {
    let broken = || io::Error::from(io::ErrorKind::InvalidData);
    let mut start = Vec::with_capacity(12);
    reader.by_ref().take(12).read_to_end(&mut start)?;
    let Some((lengths, [])) = start.split_first_chunk::<12>() else {
        return match start.is_empty() {
            true => Ok(None),
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        };
    };
    let (head, bytes) = lengths.split_at(4);
    let head = u32::from_le_bytes(head.try_into().map_err(|_| broken())?);
    let mut left = u64::from_le_bytes(bytes.try_into().map_err(|_| broken())?);
    if head > LONGEST_HEAD {
        return Err(broken());
    }
    let mut text = vec![0; head as usize];
    reader.read_exact(&mut text)?;
    let text = std::str::from_utf8(&text).map_err(|_| broken())?;
    let head = json::from_str(text).map_err(|_| broken())?;
    let mut bytes = Vec::new();
    while left > 0 {
        let piece = left.min(PIECE);
        bytes.reserve(usize::try_from(piece).map_err(|_| broken())?);
        if reader.by_ref().take(piece).read_to_end(&mut bytes)? as u64 != piece {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        left -= piece;
    }
    Ok(Some((head, bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Head {
        op: String,
    }

    #[test]
    fn frames_come_back_as_they_were_and_broken_ones_are_errors() {
        let mut stream = Vec::new();
        let head = Head { op: "task".into() };
        write(&mut stream, &head, b"honey").unwrap();
        write(&mut stream, &head, b"").unwrap();
        let mut reader = stream.as_slice();
        let (first, bytes) = read::<Head>(&mut reader).unwrap().unwrap();
        assert_eq!((&first, bytes.as_slice()), (&head, &b"honey"[..]));
        assert_eq!(read::<Head>(&mut reader).unwrap().unwrap().1, b"");
        assert!(read::<Head>(&mut reader).unwrap().is_none());
        for length in 1..stream.len() / 2 {
            assert!(read::<Head>(&mut &stream[..length]).is_err(), "{length}");
        }
        assert!(read::<Head>(&mut &[255; 40][..]).is_err());
    }
}
