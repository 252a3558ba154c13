//! A queue of records in shared memory, from one process to another.
//!
//! One process pushes, the other one pops; each side is used by one thread at a time. A record is a
//! header of eight bytes, its payload, and padding. The header's state lets the pushing side take back
//! a record that the other side has not begun with ([`Writer::recall`]).

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

use rustix::thread::futex;

/// The shared part of a ring, before its bytes.
#[repr(C, align(64))]
#[derive(Debug)]
pub(crate) struct Head {
    /// How many bytes were popped since the beginning.
    popped: AtomicU64,
    /// How many bytes were pushed since the beginning.
    pushed: AtomicU64,
    /// 1 while the popping side sleeps, or is about to.
    reader_sleeps: AtomicU32,
    /// 1 while the pushing side sleeps for room, or is about to.
    writer_sleeps: AtomicU32,
}

/// A record's state.
const READY: u32 = 0;
const TAKEN: u32 = 1;
const RECALLED: u32 = 2;
/// No record: the next one is at the beginning of the memory.
const WRAP: u32 = 3;

const HEADER: u64 = 8;

/// Where a ring is: valid for as long as the segment that it was made from is mapped.
#[derive(Debug)]
struct Memory {
    head: *const Head,
    bytes: *mut u8,
    /// A power of two.
    capacity: u64,
}

// SAFETY: what it points to is shared memory, which is accessed by atomics, or between the two
// counters, which say whose turn it is.
unsafe impl Send for Memory {}

/// The side that pushes.
#[derive(Debug)]
pub(crate) struct Writer(
    Memory,
    /// How many bytes were popped when there was last looked for room.
    u64,
);

/// The side that pops.
#[derive(Debug)]
pub(crate) struct Reader(Memory);

/// A record, to recall it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket(u64);

/// What is found in a ring is not what was ever pushed: the other process has written over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken;

impl Memory {
    /// # Safety
    /// At `memory`, aligned for a [`Head`], are a `Head` and `capacity` bytes of a segment that stays
    /// mapped for as long as the value is used, zero at first; `capacity` is a power of two.
    unsafe fn new(memory: *mut u8, capacity: usize) -> Self {
        debug_assert!(capacity.is_power_of_two());
        Self {
            head: memory.cast(),
            // SAFETY: within what the caller says is there.
            bytes: unsafe { memory.add(size_of::<Head>()) },
            capacity: capacity as u64,
        }
    }

    fn head(&self) -> &Head {
        // SAFETY: by `new`, and a `Head` is made of atomics.
        unsafe { &*self.head }
    }

    /// The states and lengths of records are atomics, at multiples of eight.
    fn word(&self, position: u64, second: bool) -> &AtomicU32 {
        let at = (position & (self.capacity - 1)) as usize + if second { 4 } else { 0 };
        // SAFETY: within the bytes by the mask, since positions are multiples of eight; aligned.
        unsafe { &*self.bytes.add(at).cast() }
    }
}

/// How many bytes of memory a ring takes.
pub(crate) const fn size_of_ring(capacity: usize) -> usize {
    size_of::<Head>() + capacity
}

fn padded(length: usize) -> u64 {
    (length as u64).next_multiple_of(8)
}

impl Writer {
    /// # Safety
    /// As [`Memory::new`], and no other writer is used at the same time.
    pub(crate) unsafe fn new(memory: *mut u8, capacity: usize) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { Memory::new(memory, capacity) }, 0)
    }

    /// How long a record may be at most.
    pub(crate) fn longest(&self) -> usize {
        (self.0.capacity / 4) as usize
    }

    /// Pushes a record made of these parts; none if there is no room, or it is too long.
    pub(crate) fn push(&mut self, parts: &[&[u8]]) -> Option<Ticket> {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        if length > self.longest() {
            return None;
        }
        let (head, capacity) = (self.0.head(), self.0.capacity);
        let mut position = head.pushed.load(Ordering::Relaxed);
        self.1 = head.popped.load(Ordering::Acquire);
        let room = capacity.checked_sub(position.wrapping_sub(self.1))?;
        let size = HEADER + padded(length);
        let to_end = capacity - (position & (capacity - 1));
        let skipped = if size > to_end { to_end } else { 0 };
        if skipped + size > room {
            return None;
        }
        if skipped > 0 {
            self.0.word(position, false).store(WRAP, Ordering::Relaxed);
            position += skipped;
        }
        self.0.word(position, false).store(READY, Ordering::Relaxed);
        let words = u32::try_from(length).unwrap_or(u32::MAX);
        self.0.word(position, true).store(words, Ordering::Relaxed);
        let mut at = (position & (capacity - 1)) as usize + HEADER as usize;
        for part in parts {
            // SAFETY: there is room up to the end of the memory, checked above, which the reader
            // does not touch before `pushed` says so.
            unsafe {
                std::ptr::copy_nonoverlapping(part.as_ptr(), self.0.bytes.add(at), part.len());
            }
            at += part.len();
        }
        head.pushed.store(position + size, Ordering::Release);
        Some(Ticket(position))
    }

    /// Takes a record back; false if the other side has begun with it.
    pub(crate) fn recall(&self, ticket: Ticket) -> bool {
        // Where a record was that has been popped, there may be another one.
        if self.0.head().popped.load(Ordering::Acquire) > ticket.0 {
            return false;
        }
        let state = self.0.word(ticket.0, false);
        state
            .compare_exchange(READY, RECALLED, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    /// Whether the other side has begun with a record that was not taken back.
    pub(crate) fn has_begun(&self, ticket: Ticket) -> bool {
        // As in `recall`.
        self.0.head().popped.load(Ordering::Acquire) > ticket.0
            || self.0.word(ticket.0, false).load(Ordering::Acquire) == TAKEN
    }

    /// Wakes the reader if it sleeps.
    pub(crate) fn wake_reader(&self) {
        wake(&self.0.head().reader_sleeps);
    }

    /// Sleeps until the reader has popped something since [`Writer::push`] found no room; it may return early.
    pub(crate) fn wait_for_room(&self) {
        let head = self.0.head();
        head.writer_sleeps.store(1, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        // The reader may have popped all between that look and now, and sleep.
        if head.popped.load(Ordering::SeqCst) == self.1 {
            sleep(&head.writer_sleeps, None);
        }
        head.writer_sleeps.store(0, Ordering::SeqCst);
    }
}

impl Reader {
    /// # Safety
    /// As [`Memory::new`], and no other reader is used at the same time.
    pub(crate) unsafe fn new(memory: *mut u8, capacity: usize) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { Memory::new(memory, capacity) })
    }

    /// Whether there is a record.
    pub(crate) fn has_some(&self) -> bool {
        let head = self.0.head();
        head.popped.load(Ordering::Relaxed) != head.pushed.load(Ordering::Acquire)
    }

    /// Pops a record that was not recalled, into `record`; false if there is none.
    pub(crate) fn pop(&mut self, record: &mut Vec<u8>) -> Result<bool, Broken> {
        let (head, capacity) = (self.0.head(), self.0.capacity);
        loop {
            let position = head.popped.load(Ordering::Relaxed);
            let there = head.pushed.load(Ordering::Acquire).wrapping_sub(position);
            if there == 0 {
                return Ok(false);
            }
            if there > capacity || position % 8 != 0 || there < HEADER {
                return Err(Broken);
            }
            let to_end = capacity - (position & (capacity - 1));
            let state = self.0.word(position, false);
            let taken = state.compare_exchange(READY, TAKEN, Ordering::AcqRel, Ordering::Acquire);
            if taken == Err(WRAP) {
                head.popped.store(position + to_end, Ordering::Release);
                continue;
            }
            let length = self.0.word(position, true).load(Ordering::Relaxed) as usize;
            let size = HEADER + padded(length);
            if size > there || size > to_end {
                return Err(Broken);
            }
            if taken.is_ok() {
                let at = (position & (capacity - 1)) as usize + HEADER as usize;
                record.clear();
                record.reserve(length);
                // SAFETY: within the memory, checked above; the other side does not write there
                // before `popped` says so. (If it has gone mad, the bytes are wrong, and they are
                // bytes.)
                unsafe {
                    std::ptr::copy_nonoverlapping(
                        self.0.bytes.add(at),
                        record.as_mut_ptr(),
                        length,
                    );
                    record.set_len(length);
                }
            }
            // A taken record stays where it is until here, so that a dead reader's last one is
            // known by its state.
            head.popped.store(position + size, Ordering::Release);
            match taken {
                Ok(_) => return Ok(true),
                Err(RECALLED) => {}
                Err(_) => return Err(Broken),
            }
        }
    }

    /// Wakes the writer if it sleeps for room.
    pub(crate) fn wake_writer(&self) {
        wake(&self.0.head().writer_sleeps);
    }

    /// Sleeps until there may be a record.
    pub(crate) fn wait(&self) {
        let head = self.0.head();
        head.reader_sleeps.store(1, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        if !self.has_some() {
            sleep(&head.reader_sleeps, None);
        }
        head.reader_sleeps.store(0, Ordering::SeqCst);
    }
}

/// Wakes who sleeps on a word, after what it sleeps for has been written.
pub(crate) fn wake(word: &AtomicU32) -> bool {
    fence(Ordering::SeqCst);
    let sleeps = word.load(Ordering::Relaxed) == 1 && word.swap(0, Ordering::SeqCst) == 1;
    if sleeps {
        let _ = futex::wake(word, futex::Flags::empty(), 1);
    }
    sleeps
}

/// Sleeps while a word, which processes share, is 1; it may return early.
pub(crate) fn sleep(word: &AtomicU32, timeout: Option<std::time::Duration>) {
    let timeout = timeout.and_then(|timeout| timeout.try_into().ok());
    let _ = futex::wait(word, futex::Flags::empty(), 1, timeout.as_ref());
}

#[cfg(test)]
mod tests;
