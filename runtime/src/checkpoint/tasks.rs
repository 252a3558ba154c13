//! The threads of this process, listed without the allocator.

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
