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

/// Whether a thread blocks a signal, as far as the system tells.
pub(super) fn blocks(tid: i32, signal: i32) -> bool {
    const FIELD: &[u8] = b"SigBlk:\t";
    let mut path = [0_u8; 48];
    let mut rest = &mut path[..];
    let mut text = [0_u8; 4096];
    // The last byte stays 0.
    if write!(rest, "/proc/self/task/{tid}/status").is_err() || rest.is_empty() {
        return false;
    }
    let Ok(path) = CStr::from_bytes_until_nul(&path) else {
        return false;
    };
    let read = rustix::fs::open(path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())
        .and_then(|file| rustix::io::read(&file, &mut text));
    let Ok(length) = read else { return false };
    let text = &text[..length];
    let found = text.windows(FIELD.len()).position(|window| window == FIELD);
    let digits = found.and_then(|at| text.get(at + FIELD.len()..at + FIELD.len() + 16));
    let mask = digits.and_then(|digits| std::str::from_utf8(digits).ok());
    let mask = mask.and_then(|digits| u64::from_str_radix(digits, 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
