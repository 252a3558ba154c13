//! The page that the kernel reads when the process has died.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicI32, AtomicPtr, AtomicU64, Ordering};

use rustix::fs::{Mode, OFlags};
use rustix::mm::{MapFlags, ProtFlags, mmap};

use super::stack;
use crate::protocol::crash::{
    ADDRESS, CELL, CODE, DEPTH, EXIT, FRAMES, KIND, MOST_FRAMES, NAME, NUMBER, ON_MAIN, OUTER,
    PAGE, PANIC, SENDER, SIGNAL, STACK_POINTER, STATE, STORED, THREAD,
};

type Words = [AtomicU64; PAGE / 8];

static WORDS: AtomicPtr<Words> = AtomicPtr::new(std::ptr::null_mut());
static FILE: AtomicI32 = AtomicI32::new(-1);

/// The page, for the one thread that writes.
pub(super) struct Page(&'static Words);

/// Maps the page for the life of the process.
pub(super) fn map(file: &OwnedFd) -> io::Result<()> {
    let protection = ProtFlags::READ | ProtFlags::WRITE;
    // SAFETY: a new mapping, which replaces none; it is never unmapped.
    let address = unsafe {
        mmap(
            std::ptr::null_mut(),
            PAGE,
            protection,
            MapFlags::SHARED,
            file,
            0,
        )?
    };
    FILE.store(file.as_raw_fd(), Ordering::SeqCst);
    WORDS.store(address.cast(), Ordering::SeqCst);
    Ok(())
}

/// The process's own name, which a thread has that was given none.
static PROCESS_NAME: [AtomicU64; 2] = [AtomicU64::new(0), AtomicU64::new(0)];

/// Notes the process's name; called on its first thread.
pub(super) fn note_process_name() {
    for (place, half) in PROCESS_NAME.iter().zip(own_name()) {
        place.store(half, Ordering::Relaxed);
    }
}

/// The current thread's name, in two words.
fn own_name() -> [u64; 2] {
    let mut name = [[0_u8; 8]; 2];
    // SAFETY: the name has room for the 16 bytes that this call writes.
    unsafe { libc::prctl(libc::PR_GET_NAME, name.as_mut_ptr()) };
    name.map(u64::from_le_bytes)
}

/// Gives the page to the first who asks. System calls and atomics alone, here and below.
pub(super) fn begin() -> Option<Page> {
    let words = WORDS.load(Ordering::SeqCst);
    // SAFETY: `map` stored a mapping of this size, which stays; all zeroes are valid atomics.
    let words = unsafe { words.as_ref() }?;
    let first = words[STATE].compare_exchange(0, 1, Ordering::SeqCst, Ordering::SeqCst);
    first.ok().map(|_| Page(words))
}

/// Writes what the last panic said.
pub(super) fn put_panic(text: &[u8]) {
    // SAFETY: as in `begin`.
    let Some(words) = (unsafe { WORDS.load(Ordering::SeqCst).as_ref() }) else {
        return;
    };
    let room = &words[PANIC + 1..];
    let text = &text[..text.len().min(8 * room.len())];
    for (word, bytes) in room.iter().zip(text.chunks(8)) {
        let mut whole = [0; 8];
        whole[..bytes.len()].copy_from_slice(bytes);
        word.store(u64::from_le_bytes(whole), Ordering::Relaxed);
    }
    words[PANIC].store(text.len() as u64, Ordering::Relaxed);
}

impl Page {
    fn put(&self, word: usize, value: u64) {
        self.0[word].store(value, Ordering::Relaxed);
    }

    fn put_int(&self, word: usize, value: i32) {
        self.put(word, u64::from(value.cast_unsigned()));
    }

    pub(super) fn put_exit(&self, code: i32) {
        self.put(KIND, EXIT);
        self.put_int(NUMBER, code);
    }

    pub(super) fn put_signal(
        &self,
        number: i32,
        code: i32,
        address: u64,
        stack_pointer: u64,
        sender: i32,
    ) {
        self.put(KIND, SIGNAL);
        self.put_int(NUMBER, number);
        self.put_int(CODE, code);
        self.put(ADDRESS, address);
        self.put(STACK_POINTER, stack_pointer);
        self.put_int(SENDER, sender);
    }

    pub(super) fn put_thread(&self) {
        let name = own_name();
        let process = [0, 1].map(|n| PROCESS_NAME[n].load(Ordering::Relaxed));
        if name != process {
            self.put(NAME, name[0]);
            self.put(NAME + 1, name[1]);
        }
        self.put(THREAD, crate::checkpoint::thread_pointer() as u64);
        let tid = rustix::thread::gettid();
        self.put(ON_MAIN, u64::from(tid == rustix::process::getpid()));
    }

    /// Gives the page to whoever asks next.
    pub(super) fn withdraw(&self) {
        self.put(STATE, 0);
    }

    /// The last of all: a thread-local may have to be made, which takes locks.
    pub(super) fn put_origin_cell(&self) {
        self.put(CELL, u64::from(crate::process::output::origin_cell()));
    }

    /// Walks the stack, from the frame at this address on, or from here if it is 0.
    pub(super) fn put_frames(&self, from: usize) {
        const INNER: usize = MOST_FRAMES - OUTER;
        let mut depth = 0;
        stack::walk(from, &mut |call| {
            let at = if depth < INNER {
                depth
            } else {
                INNER + (depth - INNER) % OUTER
            };
            self.put(FRAMES + at, call.address as u64);
            depth += 1;
            self.put(DEPTH, depth as u64);
            self.put(STORED, depth.min(MOST_FRAMES) as u64);
            true
        });
        if depth > MOST_FRAMES {
            // The outer ones were written round and round.
            let outer = &self.0[FRAMES + INNER..FRAMES + MOST_FRAMES];
            let mut sorted = [0; OUTER];
            for (n, word) in sorted.iter_mut().enumerate() {
                *word = outer[(depth - INNER + n) % OUTER].load(Ordering::Relaxed);
            }
            for (word, value) in outer.iter().zip(sorted) {
                word.store(value, Ordering::Relaxed);
            }
        }
    }

    /// Appends the process's map of memory.
    pub(super) fn put_maps(&self) {
        crate::process::reserved_fds::let_go();
        let file = FILE.load(Ordering::SeqCst);
        let mut buffer = [0_u8; 4096];
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        let Ok(maps) = rustix::fs::open(c"/proc/self/maps", flags, Mode::empty()) else {
            return;
        };
        // SAFETY: the page's file stays open; if there is none, writing to it is an error.
        let file = unsafe { BorrowedFd::borrow_raw(file) };
        let mut at = PAGE as u64;
        while let Ok(length @ 1..) = rustix::io::read(&maps, &mut buffer) {
            if !matches!(rustix::io::pwrite(file, &buffer[..length], at), Ok(1..)) {
                break;
            }
            at += length as u64;
        }
    }
}
