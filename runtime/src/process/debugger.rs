//! What this process does for a debugger that is attached to it, or may be.
//!
//! A debugger stops where it has written an instruction of its own into the code. In a copy of the process, which it does not know, that
//! would be a crash: so the copy's code is put back to what its files say. The debugger is not told of copies either (`process::fork`): one
//! that asks for a stop while it learns of another process waits in vain.

use std::ffi::CString;
use std::fs;
use std::ops::Range;

/// Lets the kernel's debugger attach, where the system lets a process be traced by its ancestors alone.
pub(crate) fn allow() {
    // SAFETY: both take integers. Where the system has no such rule, it says so, and nothing is needed.
    unsafe { libc::prctl(libc::PR_SET_PTRACER, libc::getppid(), 0, 0, 0) };
}

/// Where this process has code from files, if a debugger is attached that may have changed it.
pub(crate) fn changed_code() -> Vec<Range<usize>> {
    let is_traced = fs::read_to_string("/proc/self/status").is_ok_and(|status| {
        let tracer = status.lines().find_map(|line| line.strip_prefix("TracerPid:"));
        tracer.is_some_and(|tracer| tracer.trim() != "0")
    });
    if !is_traced {
        return Vec::new();
    }
    let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
    maps.lines().filter_map(code).collect()
}

/// The addresses of a mapping, if it is code of a file.
fn code(line: &str) -> Option<Range<usize>> {
    let mut fields = line.split_ascii_whitespace();
    let (addresses, rights) = (fields.next()?, fields.next()?);
    let inode = fields.nth(2)?;
    let (start, end) = addresses.split_once('-')?;
    let address = |text| usize::from_str_radix(text, 16).ok();
    let is_code = rights == "r-xp" && inode != "0";
    is_code.then_some(address(start)?..address(end)?)
}

/// Puts code back to what its files say; by system calls alone.
///
/// # Safety
/// These are what [`changed_code`] has found in the process of which this one is a copy.
pub(crate) unsafe fn put_back(code: &[Range<usize>]) {
    for range in code {
        // SAFETY: the pages are private, read-only and of a file, by which the system fills them again; only a debugger has
        // written there.
        unsafe { libc::madvise(range.start as *mut _, range.len(), libc::MADV_DONTNEED) };
    }
}

/// Each panic comes by here once it has been noted: a debugger that is to stop at panics does so here, and reads the text.
pub(crate) fn note_panic(message: &str) {
    let text = message.replace('\0', " ");
    if let Ok(text) = CString::new(text) {
        woozle_debugger_panic(text.as_ptr());
    }
}

/// Does nothing; see [`note_panic`].
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn woozle_debugger_panic(message: *const std::ffi::c_char) {
    std::hint::black_box(message);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_what_is_executable_and_of_a_file() {
        for (line, is_code) in [
            ("7f00-7f10 r-xp 00001000 08:01 42 /usr/lib/libc.so.6", true),
            ("7f00-7f10 r--p 00000000 08:01 42 /usr/lib/libc.so.6", false),
            ("7f00-7f10 r-xp 00000000 00:00 0 [vdso]", false),
            ("7f00-7f10 rwxp 00000000 00:00 0", false),
            ("", false),
        ] {
            assert_eq!(code(line), is_code.then_some(0x7f00..0x7f10), "{line}");
        }
    }

    #[test]
    fn code_that_was_put_back_runs() {
        let maps = fs::read_to_string("/proc/self/maps").expect("maps");
        let all: Vec<_> = maps.lines().filter_map(code).collect();
        assert!(!all.is_empty());
        // SAFETY: they are this process's own, in which nothing has been changed.
        unsafe { put_back(&all) };
        assert_eq!("1,2".split(',').count(), 2);
    }
}
