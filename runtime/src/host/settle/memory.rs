//! Whether the memory of this process is the same at two moments, so that threads whose stacks are the same as well will
//! do what they have done, again and again.
//!
//! Between the two moments nothing here takes memory from the allocator, and what is read is read by the system: a thread may
//! give memory back meanwhile.

use std::array;
use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use rustix::fd::OwnedFd;
use rustix::fs::{Mode, OFlags};
use rustix::io::{pread, read};

use super::super::threads;
use super::naps::{Digest, SleepSnapshot};
use crate::checkpoint::thread_pointer;
use crate::timeline;

/// How many threads may sleep again and again.
const THREADS: usize = 64;
/// How long to wait for their next sleeps.
const PATIENCE: Duration = Duration::from_secs(5);
/// Of a process with more memory it takes too long to tell.
const MOST: u64 = 2 << 30;
const PAGE_MAP: usize = 512;
const DATA: usize = 64 << 10;

/// Whether these threads, whose sleeps are alike, change nothing in memory that the others could see, so that they will go on
/// as they do for as long as the others wait.
pub(super) fn repeats(sleepers: &BTreeSet<i32>) -> bool {
    let mut looks: [SleepSnapshot; THREADS] = array::from_fn(|_| SleepSnapshot::default());
    let look = |looks: &mut [SleepSnapshot]| {
        let count = threads::look_at_naps(sleepers, looks)?;
        let alike = looks[..count].iter().all(|look| look.are_alike);
        alike.then_some(count)
    };
    let Some(count) = look(&mut looks) else {
        return false;
    };
    let but: [Range<usize>; THREADS + 2] = array::from_fn(|n| match n {
        0 => own_thread_locals(),
        1 => timeline::memory(),
        n => looks[n - 2].own.clone(),
    });
    let but = &but[..count + 2];
    let Some(before) = digest(but) else {
        return false;
    };
    let mut now: [SleepSnapshot; THREADS] = array::from_fn(|_| SleepSnapshot::default());
    if look(&mut looks) != Some(count) {
        return false;
    }
    let pause = rustix::time::Timespec {
        tv_sec: 0,
        tv_nsec: 1_000_000,
    };
    for _ in 0..PATIENCE.as_millis() {
        if look(&mut now) != Some(count) || crate::process::interrupt::is_pending() {
            return false;
        }
        // From one sleep to the next one, after the first look at the memory and before the second one.
        let mut both = looks[..count].iter().zip(&now);
        if both.all(|(before, now)| now.count >= before.count + 2) {
            return digest(but) == Some(before) && look(&mut now) == Some(count);
        }
        let _ = rustix::thread::nanosleep(&pause);
    }
    false
}

/// The thread-locals of this thread, and what the system writes beside them.
fn own_thread_locals() -> Range<usize> {
    let pointer = thread_pointer();
    pointer.saturating_sub(64 << 10)..pointer + (16 << 10)
}

/// A digest of all that threads of this process may write to, but for these ranges, and for the stack of its main thread.
/// None if it cannot be read, or is too much.
fn digest(but: &[Range<usize>]) -> Option<u64> {
    let page = rustix::param::page_size();
    let open = |path| {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        rustix::fs::open(path, flags, Mode::empty()).ok()
    };
    let mut reading = Reading {
        page,
        memory: open(c"/proc/self/mem")?,
        pages: open(c"/proc/self/pagemap")?,
        but,
        digest: Digest::default(),
        bytes: 0,
        data: [0; DATA],
    };
    each_line(&open(c"/proc/self/maps")?, |line| match writable(line) {
        Some(range) => reading.add(range),
        None => Some(()),
    })?;
    Some(reading.digest.0)
}

struct Reading<'a> {
    page: usize,
    memory: OwnedFd,
    pages: OwnedFd,
    but: &'a [Range<usize>],
    digest: Digest,
    bytes: u64,
    data: [u8; DATA],
}

impl Reading<'_> {
    /// Adds the pages of a mapping that are there: others hold what they did from the beginning.
    fn add(&mut self, range: Range<usize>) -> Option<()> {
        let mut at = range.start;
        while at < range.end {
            let mut entries = [0_u8; PAGE_MAP * 8];
            let wanted = ((range.end - at) / self.page).min(PAGE_MAP) * 8;
            let got = pread(
                &self.pages,
                &mut entries[..wanted],
                (at / self.page * 8) as u64,
            )
            .ok()?;
            if got < 8 {
                return None;
            }
            let entries = entries[..got].chunks_exact(8);
            let is_there = entries.map(|entry| {
                let entry = entry.try_into().map_or(0, u64::from_ne_bytes);
                const THERE: u64 = 0b11 << 62; // in memory, or swapped
                entry & THERE != 0
            });
            for (n, there) in is_there.enumerate() {
                let page = at + n * self.page;
                if there && !self.but.iter().any(|but| but.contains(&page)) {
                    self.add_page(page)?;
                }
            }
            at += got / 8 * self.page;
        }
        Some(())
    }

    fn add_page(&mut self, address: usize) -> Option<()> {
        self.bytes += self.page as u64;
        if self.bytes > MOST || self.page > DATA {
            return None;
        }
        let data = &mut self.data[..self.page];
        // It may have gone, or be a device's.
        if pread(&self.memory, &mut *data, address as u64) != Ok(self.page) {
            return None;
        }
        self.digest.add(address as u64);
        for word in data.chunks_exact(8) {
            self.digest
                .add(word.try_into().map_or(0, u64::from_ne_bytes));
        }
        Some(())
    }
}

/// The addresses of a line of `/proc/self/maps` if threads may write there and nobody else does.
fn writable(line: &[u8]) -> Option<Range<usize>> {
    let mut words = line
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty());
    let mut addresses = words.next()?.split(|byte| *byte == b'-');
    let mut address = || {
        let digits = std::str::from_utf8(addresses.next()?).ok()?;
        usize::from_str_radix(digits, 16).ok()
    };
    let range = address()?..address()?;
    let rights = words.next()?;
    let name = words.nth(3).unwrap_or_default();
    let is_private = rights.get(3) == Some(&b'p') && !name.starts_with(b"[stack");
    let counts = is_private || name.starts_with(b"/memfd:");
    (rights.get(1) == Some(&b'w') && counts).then_some(range)
}

/// Calls it with each line of a file.
fn each_line(file: &OwnedFd, mut each: impl FnMut(&[u8]) -> Option<()>) -> Option<()> {
    let mut buffer = [0_u8; 8192];
    let mut filled = 0;
    loop {
        let got = read(file, &mut buffer[filled..]).ok()?;
        filled += got;
        let mut begin = 0;
        while let Some(length) = buffer[begin..filled].iter().position(|byte| *byte == b'\n') {
            each(&buffer[begin..begin + length])?;
            begin += length + 1;
        }
        if got == 0 {
            return Some(());
        }
        if begin == 0 && filled == buffer.len() {
            return None; // a line that is longer than any can be
        }
        buffer.copy_within(begin..filled, 0);
        filled -= begin;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_written_to_is_known() {
        for (line, range) in [
            ("7f10-7f20 rw-p 00000000 00:00 0 ", Some(0x7f10..0x7f20)),
            (
                "7f10-7f20 rw-p 00000000 00:00 0       [heap]",
                Some(0x7f10..0x7f20),
            ),
            (
                "7f10-7f20 rw-p 00003000 fe:00 77      /lib/libc.so.6",
                Some(0x7f10..0x7f20),
            ),
            (
                "7f10-7f20 rw-s 00000000 00:01 77      /memfd:woozle (deleted)",
                Some(0x7f10..0x7f20),
            ),
            ("7f10-7f20 rw-s 00000000 00:01 77      /dev/dri/card0", None),
            ("7f10-7f20 rw-p 00000000 00:00 0       [stack]", None),
            ("7f10-7f20 r--p 00000000 00:00 0 ", None),
            ("nonsense", None),
            ("", None),
        ] {
            assert_eq!(writable(line.as_bytes()), range, "{line}");
        }
    }
}
