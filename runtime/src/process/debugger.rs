//! What this process does for a debugger that is attached to it, or may be.
//!
//! A debugger stops where it has written an instruction of its own into the code. In a copy of the process, which it does not know, that
//! would be a crash: so the copy's code is put back to what its files say. The debugger is not told of copies either (`process::fork`): one
//! that asks for a stop while it learns of another process waits in vain.

use std::ffi::CString;
use std::fs;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use super::thread_ids::Renumbered;

/// Lets the kernel's debugger attach, where the system lets a process be traced by its ancestors alone.
pub(crate) fn allow() {
    // SAFETY: both take integers. Where the system has no such rule, it says so, and nothing is needed.
    unsafe { libc::prctl(libc::PR_SET_PTRACER, libc::getppid(), 0, 0, 0) };
}

/// Where this process has code from files, if a debugger is attached that may have changed it.
pub(crate) fn changed_code() -> Vec<Range<usize>> {
    let is_traced = fs::read_to_string("/proc/self/status").is_ok_and(|status| {
        let tracer = status
            .lines()
            .find_map(|line| line.strip_prefix("TracerPid:"));
        tracer.is_some_and(|tracer| tracer.trim() != "0")
    });
    if is_traced { code() } else { Vec::new() }
}

/// Where this process has code from files.
pub(crate) fn code() -> Vec<Range<usize>> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
    maps.lines().filter_map(code_of_mapping).collect()
}

/// The addresses of a mapping, if it is code of a file.
fn code_of_mapping(line: &str) -> Option<Range<usize>> {
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
/// These are what [`code`] has found in this process, or in the one of which it is a copy.
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

/// How many threads the tables have room for; with more, some are not known to a debugger.
const THREADS: usize = 1024;

/// A table in which a debugger looks up a thread by a number of it, at the place that its last bits give: that number in the upper half, what
/// belongs to it in the lower.
type Table = [AtomicU64; THREADS];

/// The cell's crate that has started a thread, by the thread's number for the system.
#[unsafe(no_mangle)]
static WOOZLE_DEBUGGER_CELLS: Table = [const { AtomicU64::new(0) }; THREADS];

/// That number, by the thread's ident.
#[unsafe(no_mangle)]
static WOOZLE_DEBUGGER_IDENTS: Table = [const { AtomicU64::new(0) }; THREADS];

/// A thread runs that this cell has started.
pub(crate) fn note_thread(tid: i32, cell: u32) {
    note(&WOOZLE_DEBUGGER_CELLS, tid.unsigned_abs(), cell);
}

/// The calling thread has got this ident.
pub(crate) fn note_ident(ident: u64, tid: u32) {
    if let Ok(ident) = u32::try_from(ident) {
        note(&WOOZLE_DEBUGGER_IDENTS, ident, tid);
    }
}

fn note(table: &Table, number: u32, what: u32) {
    let entry = u64::from(number) << 32 | u64::from(what);
    table[number as usize % THREADS].store(entry, Ordering::Relaxed);
}

/// The threads have other numbers now.
pub(crate) fn renumber(renumbered: &Renumbered) {
    let new = |old: u64| renumbered.new_tid(i32::try_from(old).ok()?);
    let cells: Vec<u64> = WOOZLE_DEBUGGER_CELLS
        .iter()
        .map(|entry| entry.swap(0, Ordering::Relaxed))
        .collect();
    for entry in cells {
        if let Some(tid) = new(entry >> 32) {
            note_thread(tid, entry as u32);
        }
    }
    for entry in &WOOZLE_DEBUGGER_IDENTS {
        let old = entry.load(Ordering::Relaxed);
        if let Some(tid) = new(old & u64::from(u32::MAX)) {
            note_ident(old >> 32, tid.unsigned_abs());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_thread_at_the_place_of_its_number() {
        let table: Table = [const { AtomicU64::new(0) }; THREADS];
        note(&table, 5000, 7);
        assert_eq!(
            table[5000 % THREADS].load(Ordering::Relaxed),
            5000 << 32 | 7
        );
    }

    #[test]
    fn code_is_what_is_executable_and_of_a_file() {
        for (line, is_code) in [
            ("7f00-7f10 r-xp 00001000 08:01 42 /usr/lib/libc.so.6", true),
            ("7f00-7f10 r--p 00000000 08:01 42 /usr/lib/libc.so.6", false),
            ("7f00-7f10 r-xp 00000000 00:00 0 [vdso]", false),
            ("7f00-7f10 rwxp 00000000 00:00 0", false),
            ("", false),
        ] {
            assert_eq!(
                code_of_mapping(line),
                is_code.then_some(0x7f00..0x7f10),
                "{line}"
            );
        }
    }

    #[test]
    fn code_that_was_put_back_runs() {
        let all = code();
        assert!(!all.is_empty());
        // SAFETY: they are this process's own, in which nothing has been changed.
        unsafe { put_back(&all) };
        assert_eq!("1,2".split(',').count(), 2);
    }
}
