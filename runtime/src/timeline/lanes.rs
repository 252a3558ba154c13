//! The memory for what is noted: a part for each thread, which it alone writes to.
//!
//! It is one mapping, so that what compares memory can leave it out (`host::settle`). Pages that nothing was written to take
//! no memory.

use std::cell::Cell;
use std::ops::Range;
use std::ptr::{self, NonNull};
use std::sync::atomic::{
    AtomicBool, AtomicI32, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering,
};

use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap_anonymous, munmap};

/// So many threads are recorded at most.
const THREADS: usize = 128;
/// How many words there are for a thread.
const WORDS: usize = (512 << 10) / 8 - 8;

/// Whether anything is recorded.
static ON: AtomicBool = AtomicBool::new(false);
/// How often something was recorded so far: a thread's part is its own for one time.
static ROUND: AtomicU32 = AtomicU32::new(0);
/// How many threads have asked for a part.
static CLAIMED: AtomicUsize = AtomicUsize::new(0);
static MEMORY: AtomicPtr<Lane> = AtomicPtr::new(ptr::null_mut());

/// What is known of one thread.
#[repr(C)]
pub(super) struct Lane {
    /// Whether its thread is writing to it.
    is_writing: AtomicBool,
    pub(super) tid: AtomicI32,
    pub(super) handle: AtomicU64,
    /// How many words are written.
    length: AtomicUsize,
    /// How many events there was no room for.
    lost: AtomicU64,
    words: [Cell<u64>; WORDS],
}

thread_local! {
    /// The current thread's part, and the round for which it is that.
    static OWN: Cell<(u32, Option<NonNull<Lane>>)> = const { Cell::new((0, None)) };
}

/// Whether anything is recorded.
#[inline]
pub(crate) fn is_on() -> bool {
    ON.load(Ordering::Relaxed)
}

/// The memory that notes are written to.
pub(crate) fn memory() -> Range<usize> {
    let start = MEMORY.load(Ordering::Acquire).addr();
    match start {
        0 => 0..0,
        start => start..start + THREADS * size_of::<Lane>(),
    }
}

/// Begins to record; false if there is no memory for it.
pub(super) fn open() -> bool {
    if MEMORY.load(Ordering::Acquire).is_null() {
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        let protection = ProtFlags::READ | ProtFlags::WRITE;
        let length = THREADS * size_of::<Lane>();
        // SAFETY: the system chooses a place where nothing is.
        let Ok(memory) = (unsafe { mmap_anonymous(ptr::null_mut(), length, protection, flags) })
        else {
            return false;
        };
        let others = MEMORY.compare_exchange(
            ptr::null_mut(),
            memory.cast(),
            Ordering::AcqRel,
            Ordering::Acquire,
        );
        if others.is_err() {
            // SAFETY: it was mapped above, and nobody else knows of it.
            let _ = unsafe { munmap(memory, length) };
        }
    }
    ROUND.fetch_add(1, Ordering::SeqCst);
    CLAIMED.store(0, Ordering::SeqCst);
    ON.store(true, Ordering::SeqCst);
    true
}

/// Ends recording, gives `each` what was noted of each thread, and says how many threads there was no room for.
pub(super) fn close(each: &mut dyn FnMut(&Lane, &[u64])) -> u64 {
    ON.store(false, Ordering::SeqCst);
    let memory = MEMORY.load(Ordering::Acquire);
    let claimed = CLAIMED.load(Ordering::SeqCst);
    for n in 0..claimed.min(THREADS) {
        // SAFETY: the mapping has room for so many, stays, and any bytes are valid in it.
        let lane = unsafe { &*memory.add(n) };
        // A note that has begun before is written to its end; none begins any more.
        while lane.is_writing.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        let length = lane.length.load(Ordering::SeqCst);
        // SAFETY: so many words are written, and nobody writes now: `is_writing` was seen to be false after `ON` was, and
        // a thread looks at `ON` once it has set the former.
        let words = unsafe { std::slice::from_raw_parts(lane.words.as_ptr().cast(), length) };
        if length > 0 {
            each(lane, words);
        }
    }
    // SAFETY: the mapping is ours, and zeroes are valid in it; a thread that still has a part in mind looks at `ON` before
    // it writes there.
    let _ = unsafe {
        madvise(
            memory.cast(),
            THREADS * size_of::<Lane>(),
            Advice::LinuxDontNeed,
        )
    };
    claimed.saturating_sub(THREADS) as u64
}

/// Adds an event of these words to the current thread's part. Within a note of the same thread, which a signal may have
/// interrupted, nothing is noted.
pub(super) fn write(parts: &[&[u64]]) {
    let round = ROUND.load(Ordering::SeqCst);
    let Ok((own_round, own)) = OWN.try_with(Cell::get) else {
        return; // the thread is being taken down
    };
    let own = match own_round == round {
        true => own,
        false => claim(round),
    };
    let Some(lane) = own else { return };
    // SAFETY: the mapping is never undone; all fields but the words are atomics.
    let lane = unsafe { lane.as_ref() };
    if lane.is_writing.load(Ordering::Relaxed) {
        return;
    }
    lane.is_writing.store(true, Ordering::SeqCst);
    if ON.load(Ordering::SeqCst) && ROUND.load(Ordering::SeqCst) == round {
        lane.add(parts);
    }
    lane.is_writing.store(false, Ordering::SeqCst);
}

/// A part for the current thread; none if all are taken.
#[cold]
fn claim(round: u32) -> Option<NonNull<Lane>> {
    let n = CLAIMED.fetch_add(1, Ordering::SeqCst);
    let memory = NonNull::new(MEMORY.load(Ordering::Acquire))?;
    let own = (n < THREADS).then(|| {
        // SAFETY: the mapping has room for so many.
        unsafe { memory.add(n) }
    });
    OWN.set((round, own));
    if let Some(own) = own {
        // SAFETY: as above; these are atomics.
        let lane = unsafe { own.as_ref() };
        let tid = rustix::thread::gettid().as_raw_nonzero().get();
        lane.tid.store(tid, Ordering::Relaxed);
        let handle = crate::checkpoint::own_handle() as u64;
        lane.handle.store(handle, Ordering::Relaxed);
    }
    own
}

impl Lane {
    fn add(&self, parts: &[&[u64]]) {
        let length = self.length.load(Ordering::Relaxed);
        let more: usize = parts.iter().map(|part| part.len()).sum();
        let Some(room) = self.words.get(length..length + more) else {
            self.lost.fetch_add(1, Ordering::Relaxed);
            return;
        };
        let words = parts.iter().flat_map(|part| part.iter());
        for (place, word) in room.iter().zip(words) {
            place.set(*word);
        }
        self.length.store(length + more, Ordering::SeqCst);
    }

    pub(super) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}
