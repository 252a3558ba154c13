//! Reading files whose names come from outside: regular files alone, and no more than there can be in one.
//!
//! A pipe may never end or never begin, a device may be without end, and to open one may do something.

use std::fs::{FileType, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

/// More than any file has that people write, in bytes.
pub const SMALL: u64 = 1 << 20;

/// Reads a regular file of at most so many bytes.
///
/// # Errors
/// When it is none, is larger, or cannot be read.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    regular(&path.metadata()?)?;
    // What has taken its place meanwhile must not make this wait, either.
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)?;
    regular(&file.metadata()?)?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        let why = format!("it is larger than {} MB", limit >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    Ok(bytes)
}

fn regular(about: &Metadata) -> io::Result<()> {
    if about.is_file() {
        return Ok(());
    }
    let why = format!("it is {}, not a file", kind(about.file_type()));
    Err(io::Error::new(io::ErrorKind::InvalidInput, why))
}

/// What to call something that is no regular file.
pub fn kind(kind: FileType) -> &'static str {
    if kind.is_dir() {
        "a folder"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_char_device() || kind.is_block_device() {
        "a device"
    } else {
        "something of an unknown kind"
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn what_is_no_file_is_refused_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let made = std::process::Command::new("mkfifo")
            .arg(at("pipe"))
            .status();
        assert!(made.is_ok_and(|status| status.success()));
        symlink("pipe", at("link")).expect("linked");
        let _socket = UnixListener::bind(at("socket")).expect("bound");
        for (path, kind) in [
            (at(""), "a folder"),
            (at("pipe"), "a pipe"),
            (at("link"), "a pipe"),
            (at("socket"), "a socket"),
            ("/dev/zero".into(), "a device"),
        ] {
            let error = read(&path, SMALL).expect_err(kind);
            assert_eq!(error.to_string(), format!("it is {kind}, not a file"));
        }
    }

    #[test]
    fn a_file_is_read_up_to_a_limit() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        std::fs::write(&file, "honey").expect("written");
        symlink("file", &link).expect("linked");
        assert_eq!(read(&link, 5).expect("read"), b"honey");
        let error = read(&link, 4).expect_err("it has five");
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        // Without its blocks, it takes no room on the disk.
        let large = std::fs::File::create(&file).expect("created");
        large.set_len(1 << 40).expect("made large");
        assert!(read(&link, SMALL).is_err());
    }
}
