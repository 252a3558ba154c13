//! The threads of this process, listed without the allocator.

use std::ffi::CStr;
use std::io::Write;
use std::mem::MaybeUninit;

use rustix::fs::{Mode, OFlags, RawDir};

/// The current thread's number.
pub(super) fn own() -> i32 {
    rustix::thread::gettid().as_raw_pid()
}

/// Calls `each` with the number of every thread.
pub(super) fn each(mut each: impl FnMut(i32)) -> rustix::io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = rustix::fs::open(c"/proc/self/task", flags, Mode::empty())?;
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut entries = RawDir::new(&folder, &mut buffer);
    while let Some(entry) = entries.next() {
        let name = entry?;
        let digits = name.file_name().to_bytes();
        let number = digits.iter().try_fold(0_i32, |number, digit| {
            let digit = digit.is_ascii_digit().then(|| i32::from(digit - b'0'))?;
            number.checked_mul(10)?.checked_add(digit)
        });
        if let Some(number) = number {
            each(number);
        }
    }
    Ok(())
}

/// The state of a thread that blocks a signal, as far as the system tells: `R` if it runs, `S` if it sleeps, ...
pub(super) fn state_if_it_blocks(tid: i32, signal: i32) -> Option<u8> {
    let mut path = [0_u8; 48];
    let mut rest = &mut path[..];
    let mut text = [0_u8; 4096];
    // The last byte stays 0.
    if write!(rest, "/proc/self/task/{tid}/status").is_err() || rest.is_empty() {
        return None;
    }
    let path = CStr::from_bytes_until_nul(&path).ok()?;
    let file = rustix::fs::open(path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()).ok()?;
    let length = rustix::io::read(&file, &mut text).ok()?;
    let text = &text[..length];
    let mask = std::str::from_utf8(field(text, b"SigBlk:\t")?.get(..16)?).ok()?;
    let mask = u64::from_str_radix(mask, 16).ok()?;
    let blocks = mask >> (signal - 1) & 1 == 1;
    blocks.then(|| field(text, b"State:\t")?.first().copied())?
}

/// What follows the name of a field.
fn field<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let at = text.windows(name.len()).position(|window| window == name)?;
    text.get(at + name.len()..)
}
