//! Words in shared memory that a checkpoint takes back with everything else.
//!
//! A copy of the process sees the same shared memory as the process itself, so locks, events and
//! counts would be in a state that the copy's threads know nothing of: a barrier would count a thread
//! twice that came to it before the crash, and a lock would belong to a thread that is dead. So each of
//! them is registered here. A copy notes their values while all threads wait, and when it wakes up
//! it writes them back before a thread goes on. All who shared them with the dead process have ended with it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard};

use crate::multiprocessing::memory::segment::Segment;
use crate::sync::lock_std;

/// By address.
static PLACES: Mutex<BTreeMap<usize, Place>> = Mutex::new(BTreeMap::new());

/// Some words, and what they were when they were noted.
#[derive(Debug)]
struct Place {
    noted: Box<[AtomicU32]>,
    /// How many of them, from the first one on, are locks.
    locks: usize,
}

/// The beginning of a segment is taken back for as long as this lives.
#[derive(Debug)]
pub(in crate::multiprocessing) struct CheckpointedWords {
    segment: Segment,
}

impl CheckpointedWords {
    /// Of these many bytes, which must be there, the first ones being locks.
    pub(in crate::multiprocessing) fn new(segment: Segment, bytes: usize, locks: usize) -> Self {
        debug_assert!(bytes <= segment.len() && locks * 4 <= bytes);
        let noted = (0..bytes / 4).map(|_| AtomicU32::new(0)).collect();
        let address = segment.as_mut_ptr().expose_provenance();
        lock_std(&PLACES).insert(address, Place { noted, locks });
        Self { segment }
    }

    pub(in crate::multiprocessing) fn segment(&self) -> &Segment {
        &self.segment
    }
}

impl Drop for CheckpointedWords {
    fn drop(&mut self) {
        lock_std(&PLACES).remove(&self.segment.as_mut_ptr().addr());
    }
}

/// The word of a lock whose owner has another number now. Who waited asks the kernel anew.
fn with_new_owner(word: u32, new_tid: impl Fn(i32) -> Option<i32>) -> u32 {
    const OWNER: u32 = libc::FUTEX_TID_MASK;
    match new_tid((word & OWNER).cast_signed()) {
        Some(new) => word & !OWNER | new.unsigned_abs(),
        None => word,
    }
}

/// All that is registered. Nothing is added or removed while this lives.
#[derive(Debug)]
pub(crate) struct Words(MutexGuard<'static, BTreeMap<usize, Place>>);

impl Words {
    pub(crate) fn hold() -> Self {
        Self(lock_std(&PLACES))
    }

    /// Notes what they are. Touches no lock and no allocator, as all threads wait meanwhile.
    pub(crate) fn note(&self) {
        self.each(|word, noted, _| {
            // SAFETY: see `each`.
            noted.store(unsafe { word.read_volatile() }, Ordering::Relaxed);
        });
    }

    /// Makes them what they were; `new_tid` says what a thread is called now. Touches no lock and no allocator.
    pub(crate) fn restore(&self, new_tid: impl Fn(i32) -> Option<i32>) {
        self.each(|word, noted, is_lock| {
            let mut value = noted.load(Ordering::Relaxed);
            if is_lock {
                value = with_new_owner(value, &new_tid);
            }
            // SAFETY: see `each`.
            unsafe { word.write_volatile(value) };
        });
    }

    /// The words are valid to read and write: the segment is mapped for as long as its `CheckpointedWords` lives, which
    /// cannot end while `PLACES` is locked, and is as long.
    fn each(&self, mut with: impl FnMut(*mut u32, &AtomicU32, bool)) {
        for (address, place) in &*self.0 {
            let first = std::ptr::with_exposed_provenance_mut::<u32>(*address);
            for (n, noted) in place.noted.iter().enumerate() {
                with(first.wrapping_add(n), noted, n < place.locks);
            }
        }
    }
}
