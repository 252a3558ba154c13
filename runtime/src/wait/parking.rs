//! Parking on a word: the thin layer over `parking_lot_core`.

use std::cell::Cell;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parking_lot_core::{
    DEFAULT_UNPARK_TOKEN, FilterOp, ParkResult, ParkToken, UnparkResult, UnparkToken,
};

pub(crate) use parking_lot_core::SpinWait;

use super::record::Record;
use super::{Deadline, Waiting, Wake, Waker};
use crate::sync::atomic::AtomicU32;
use crate::timeline;

/// Spinning for longer than it takes to wake a thread. A thread that takes what another one brings may be the faster of
/// the two: if it parked at once, each thing would cost a wake, which keeps the other one the slower.
pub(crate) struct LongSpin {
    first: SpinWait,
    until: Option<Instant>,
}

impl LongSpin {
    const LONGEST: Duration = Duration::from_micros(20);

    pub(crate) fn new() -> Self {
        Self {
            first: SpinWait::new(),
            until: None,
        }
    }

    /// Spins a little; false if it is time to park.
    pub(crate) fn spin(&mut self) -> bool {
        if self.first.spin() {
            return true;
        }
        let now = Instant::now();
        let until = *self.until.get_or_insert(now + Self::LONGEST);
        std::thread::yield_now();
        now < until
    }
}

/// Parks the thread on `word` until it is woken or the deadline passes, unless `validate` says no.
/// It counts as waiting as soon as it has its place in the queue.
///
/// `owner` has the ident of the thread that holds what this one waits for.
///
/// `validate` and `timed_out` run while the queue of the word is locked: they may do no more than
/// read and write atomics. `timed_out` is told whether this was the last thread on the word.
pub(crate) fn park(
    word: &AtomicU32,
    waiting: Waiting,
    owner: Option<&AtomicU64>,
    deadline: Deadline,
    validate: &dyn Fn() -> bool,
    timed_out: &dyn Fn(bool),
) -> Wake {
    crate::process::interrupt::check();
    let mut record = None;
    let mut noted = None;
    let target = Target::enter(word);
    // SAFETY: the key is the address of an atomic of the primitive that waits, so no other user
    // of the queues has it; the callbacks touch atomics alone, as their contract above says.
    let result = unsafe {
        parking_lot_core::park(
            key(word),
            validate,
            || {
                record = Some(Record::enter(waiting, owner));
                noted = timeline::waits_for(waiting.wanted.name(), key(word));
            },
            |_, last| timed_out(last),
            ParkToken(now() << 1 | usize::from(target.0)),
            deadline.instant(),
        )
    };
    drop((noted, target, record));
    match result {
        ParkResult::Unparked(INTERRUPTED) => {
            crate::process::interrupt::check();
            Wake::Unneeded
        }
        ParkResult::Unparked(token) => Wake::Woken(token.0),
        ParkResult::Invalid => Wake::Unneeded,
        ParkResult::TimedOut => Wake::TimedOut,
    }
}

/// The token for a thread that is woken because of an interrupt.
const INTERRUPTED: UnparkToken = UnparkToken(usize::MAX);

/// Where the thread that can be interrupted is parked; 0 while it is not.
static TARGET: AtomicUsize = AtomicUsize::new(0);

/// Whether this thread can be interrupted; its place is known until this is dropped.
struct Target(bool);

impl Target {
    fn enter(word: &AtomicU32) -> Self {
        let is_target = crate::process::interrupt::is_target();
        if is_target {
            TARGET.store(key(word), Ordering::SeqCst);
        }
        Self(is_target)
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if self.0 {
            TARGET.store(0, Ordering::SeqCst);
        }
    }
}

/// Wakes the thread that is to be interrupted, if it is parked.
pub(crate) fn wake_interrupted() {
    let filter = |token: ParkToken| {
        if token.0 & 1 == 1 {
            FilterOp::Unpark
        } else {
            FilterOp::Skip
        }
    };
    match TARGET.load(Ordering::SeqCst) {
        0 => {}
        // SAFETY: the key came from `park`; whatever lies there now, it is only a number.
        key => unsafe {
            parking_lot_core::unpark_filter(key, filter, |_| INTERRUPTED);
        },
    }
}

/// Wakes the thread that has been parked on `word` for longest. `decide` runs while the queue is
/// locked, under the rules of [`park`]'s callbacks, and returns the token for the woken thread.
pub(crate) fn wake_one_with(word: &AtomicU32, decide: &dyn Fn(Waker) -> usize) {
    let parked_at = Cell::new(None);
    let first = |token: ParkToken| {
        if parked_at.get().is_some() {
            return FilterOp::Stop;
        }
        parked_at.set(Some(token.0 >> 1));
        FilterOp::Unpark
    };
    let callback = |result: UnparkResult| {
        let waited = parked_at.get().map(|at| now().saturating_sub(at));
        UnparkToken(decide(Waker {
            found: waited.is_some(),
            have_more: result.have_more_threads,
            waited: Duration::from_micros(waited.unwrap_or(0) as u64),
        }))
    };
    timeline::wakes(key(word), || {
        // SAFETY: as in `park`.
        let result = unsafe { parking_lot_core::unpark_filter(key(word), first, callback) };
        result.unparked_threads
    });
}

/// Wakes at most `count` threads, those first that have been parked for longest.
pub(crate) fn wake_some(word: &AtomicU32, count: usize) {
    let left = Cell::new(count);
    let filter = |_| match left.get() {
        0 => FilterOp::Stop,
        n => {
            left.set(n - 1);
            FilterOp::Unpark
        }
    };
    timeline::wakes(key(word), || {
        let token = |_| DEFAULT_UNPARK_TOKEN;
        // SAFETY: as in `park`.
        let result = unsafe { parking_lot_core::unpark_filter(key(word), filter, token) };
        result.unparked_threads
    });
}

/// Wakes all threads parked on `word`.
pub(crate) fn wake_all(word: &AtomicU32) {
    timeline::wakes(key(word), || {
        // SAFETY: as in `park`.
        unsafe { parking_lot_core::unpark_all(key(word), DEFAULT_UNPARK_TOKEN) }
    });
}

fn key(word: &AtomicU32) -> usize {
    std::ptr::from_ref(word).addr()
}

/// Microseconds on a clock of our own.
fn now() -> usize {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_micros() as usize
}
