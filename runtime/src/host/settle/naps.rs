//! Threads that look at something again and again: `while !STOP.load(..) { sleep(..) }`.
//!
//! The host's own `clock_nanosleep` comes by here. Two sleeps in a row are *alike* if they are called from the same place
//! for the same time, registers and stack are the same, and the thread has in between neither read the clock nor
//! printed nor started a thread. Then nothing of the thread's own decides when it goes on: no counter, no deadline.
//! What does is in memory that others can write to, and `memory` looks whether anybody does.

use std::cell::Cell;
use std::mem::MaybeUninit;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use crate::process::side_effects;

/// How many sleeps in a row have to be alike.
const ALIKE: u64 = 3;
/// The longest sleep of a thread of an earlier cell that is waited for.
const OFTEN: Duration = Duration::from_millis(250);
/// A stack that is deeper is not looked at.
const DEEPEST: usize = 256 << 10;
/// How much of the stack lies before the frame that sleeps, in the calls that the thread makes otherwise.
const BEFORE: usize = 32 << 10;
/// What libc has behind a thread's stack, at most: its thread-locals, and what it knows of the thread.
const BEHIND: usize = 16 << 10;

/// Whether sleeps are compared: from the first headless cell on.
static COMPARING: AtomicBool = AtomicBool::new(false);

/// Compares all sleeps from now on.
pub(in crate::host) fn compare() {
    COMPARING.store(true, Ordering::Relaxed);
}

/// The sleeps of a thread; its own, and thread-local, so that no other memory changes when it sleeps.
#[derive(Debug)]
pub(in crate::host) struct SleepHistory {
    count: AtomicU64,
    /// How many in a row are alike, up to the last one.
    alike: AtomicU64,
    /// How long the last one is to take, in nanoseconds.
    length: AtomicU64,
    /// Where the thread's stack begins.
    base: AtomicUsize,
    /// Where it ends, in the last one.
    end: AtomicUsize,
    digest: Cell<u64>,
    side_effects: Cell<u64>,
}

thread_local! {
    static NAPS: SleepHistory = const {
        SleepHistory {
            count: AtomicU64::new(0),
            alike: AtomicU64::new(0),
            length: AtomicU64::new(0),
            base: AtomicUsize::new(0),
            end: AtomicUsize::new(0),
            digest: Cell::new(0),
            side_effects: Cell::new(0),
        }
    };
}

/// The current thread is about to sleep for this time. `registers` are those that a function has to keep for its caller;
/// they lie on the stack, and the caller's frame behind them.
pub fn note_nap(registers: &[usize], nanoseconds: u64) {
    if COMPARING.load(Ordering::Relaxed) {
        let _ = NAPS.try_with(|naps| naps.note(registers, nanoseconds));
    }
}

impl SleepHistory {
    /// Those of the current thread, whose stack begins at this address. They are there until it ends.
    pub(in crate::host) fn own(base: usize) -> *const Self {
        NAPS.try_with(|naps| {
            naps.base.store(base, Ordering::Relaxed);
            std::ptr::from_ref(naps)
        })
        .unwrap_or(std::ptr::null())
    }

    fn note(&self, registers: &[usize], nanoseconds: u64) {
        let from = registers.as_ptr();
        let base = self.base.load(Ordering::Relaxed);
        let length = base.saturating_sub(from.addr());
        let digest = (1..=DEEPEST).contains(&length).then(|| {
            let mut digest = Digest::default();
            digest.add(nanoseconds);
            for n in 0..length / size_of::<usize>() {
                // SAFETY: from the registers to its beginning the stack is mapped, and no other thread writes there.
                // Parts of it may not be initialised as far as the compiler knows, which is why it is not told: the
                // read is volatile, and any value will do.
                let word: MaybeUninit<usize> =
                    unsafe { from.cast::<MaybeUninit<usize>>().add(n).read_volatile() };
                // SAFETY: as above: an integer of any value is valid.
                digest.add(unsafe { word.assume_init() } as u64);
            }
            digest.0
        });
        let side_effects = side_effects::count();
        let same = digest == Some(self.digest.get()) && side_effects == self.side_effects.get();
        self.digest.set(digest.unwrap_or_default());
        self.side_effects.set(side_effects);
        let alike = if same {
            self.alike.load(Ordering::Relaxed) + 1
        } else {
            0
        };
        self.alike.store(alike, Ordering::Relaxed);
        self.length.store(nanoseconds, Ordering::Relaxed);
        self.end.store(from.addr(), Ordering::Relaxed);
        self.count.fetch_add(1, Ordering::Release);
    }

    /// What there is to say of them now.
    pub(in crate::host) fn look(&self) -> SleepSnapshot {
        let base = self.base.load(Ordering::Relaxed);
        let end = self.end.load(Ordering::Relaxed);
        SleepSnapshot {
            count: self.count.load(Ordering::Acquire),
            are_alike: self.alike.load(Ordering::Relaxed) >= ALIKE,
            nanoseconds: self.length.load(Ordering::Relaxed),
            own: end.saturating_sub(BEFORE)..base + BEHIND,
        }
    }
}

/// The sleeps of another thread, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::host) struct SleepSnapshot {
    pub(super) count: u64,
    pub(super) are_alike: bool,
    pub(super) nanoseconds: u64,
    /// Memory of the thread's own: its stack, with what is compared at each sleep, and its thread-locals.
    pub(super) own: Range<usize>,
}

impl SleepSnapshot {
    /// Whether the thread looks at something so often that a cell can be held up until it has done so.
    pub(super) fn is_often(&self) -> bool {
        self.are_alike && Duration::from_nanos(self.nanoseconds) <= OFTEN
    }
}

/// A number that differs, as good as always, where words differ.
#[derive(Debug, Default)]
pub(super) struct Digest(pub(super) u64);

impl Digest {
    #[inline]
    pub(super) fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
