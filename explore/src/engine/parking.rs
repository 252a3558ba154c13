//! Parking on a word, for the runtime's own primitives: what `parking_lot_core` does, under the schedule.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::Location;

use shuttle_engine::runtime::execution::ExecutionState;
use shuttle_engine::runtime::thread;

use super::clocks::{VectorClock, atomically, learn, switch, tick};
use super::log::{Action, Place, note};
use super::strategies;
use crate::sync::atomic::AtomicU32;

/// How a thread's parking ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was woken, with a token.
    Woken(usize),
    /// It had no reason to park.
    Invalid,
    /// Its time was over.
    TimedOut,
}

/// A thread that parks on a word.
struct Parked {
    word: usize,
    thread: usize,
    is_blocked: bool,
}

/// A wake that is on its way: the token, and what the waker knew.
type Token = (usize, VectorClock);

#[derive(Default)]
struct Parking {
    /// In the order of their arrival.
    queue: Vec<Parked>,
    /// What is to be made, and who waits for it.
    waiting: Vec<(u32, usize)>,
    /// By thread.
    woken: BTreeMap<usize, Token>,
    /// By word: what those know who have had its queue locked.
    clocks: BTreeMap<usize, VectorClock>,
}

thread_local! {
    static PARKING: RefCell<Parking> = RefCell::default();
}

/// A run begins.
pub(super) fn begin() {
    PARKING.take();
}

/// Does something with the queue of a word locked.
fn locked<R>(word: usize, act: impl FnOnce() -> R) -> R {
    atomically(|| {
        let known = PARKING.with_borrow(|parking| parking.clocks.get(&word).cloned());
        known.iter().for_each(learn);
        let result = act();
        let (_, clock) = tick();
        PARKING.with_borrow_mut(|parking| parking.clocks.insert(word, clock));
        result
    })
}

fn address(word: &AtomicU32) -> usize {
    std::ptr::from_ref(word).addr()
}

/// Parks the running thread on a word unless `validate` says no; `wanted` says what for. With a time limit it may go on at any
/// moment, and then `timed_out` is told whether it was the last on the word.
#[track_caller]
pub fn park(
    word: &AtomicU32,
    wanted: Option<&'static str>,
    is_timed: bool,
    validate: &dyn Fn() -> bool,
    timed_out: &dyn Fn(bool),
) -> Ended {
    let (place, key, object) = (Location::caller(), address(word), word.number());
    switch();
    let me = usize::from(ExecutionState::me());
    let parks = locked(key, || {
        let parks = validate();
        if parks {
            let parked = Parked {
                word: key,
                thread: me,
                is_blocked: !is_timed,
            };
            PARKING.with_borrow_mut(|parking| parking.queue.push(parked));
        }
        parks
    });
    if !parks {
        return Ended::Invalid;
    }
    if let Some(wanted) = wanted {
        note(place, Action::Want(wanted, object));
    }
    let ended = wait(key, me, is_timed, timed_out);
    if let Some(wanted) = wanted {
        note_end(place, wanted, object, ended);
    }
    ended
}

fn note_end(place: Place, wanted: &'static str, object: u32, ended: Ended) {
    note(
        place,
        match ended {
            Ended::TimedOut => Action::TimedOut(object),
            Ended::Woken(_) | Ended::Invalid => Action::Got(wanted, object),
        },
    );
}

fn wait(key: usize, me: usize, is_timed: bool, timed_out: &dyn Fn(bool)) -> Ended {
    loop {
        if is_timed {
            shuttle::thread::yield_now();
        } else {
            ExecutionState::with(|state| state.current_mut().block(false));
            thread::switch();
        }
        let token = PARKING.with_borrow_mut(|parking| parking.woken.remove(&me));
        if let Some((token, clock)) = token {
            learn(&clock);
            return Ended::Woken(token);
        }
        if is_timed && strategies::with(|strategy| strategy.choose(2)) == 0 {
            locked(key, || {
                let is_last = PARKING.with_borrow_mut(|parking| {
                    parking.queue.retain(|parked| parked.thread != me);
                    !parking.queue.iter().any(|parked| parked.word == key)
                });
                timed_out(is_last);
            });
            return Ended::TimedOut;
        }
    }
}

/// Wakes those that have parked on a word for longest, so many at most. `token` is told how many there are, and how many stay.
pub fn unpark(word: &AtomicU32, most: usize, token: &dyn Fn(usize, usize) -> usize) {
    let key = address(word);
    switch();
    locked(key, || {
        let chosen: Vec<Parked> = PARKING.with_borrow_mut(|parking| {
            let of_it = |parked: &mut Parked| parked.word == key;
            parking.queue.extract_if(.., of_it).collect()
        });
        let (woken, stay): (Vec<_>, Vec<_>) =
            chosen.into_iter().enumerate().partition(|(n, _)| *n < most);
        let token = token(woken.len(), stay.len());
        let (_, clock) = tick();
        PARKING.with_borrow_mut(|parking| {
            parking
                .queue
                .extend(stay.into_iter().map(|(_, parked)| parked));
            for (_, parked) in &woken {
                parking.woken.insert(parked.thread, (token, clock.clone()));
            }
        });
        for (_, parked) in woken.iter().filter(|(_, parked)| parked.is_blocked) {
            ExecutionState::with(|state| {
                state.get_mut(parked.thread.into()).unblock();
            });
        }
    });
}

/// Blocks the running thread until something is made.
pub(crate) fn wait_for(object: u32) {
    let me = usize::from(ExecutionState::me());
    PARKING.with_borrow_mut(|parking| parking.waiting.push((object, me)));
    ExecutionState::with(|state| state.current_mut().block(false));
    thread::switch();
}

/// It is made: those that wait for it go on.
pub(crate) fn made(object: u32) {
    let waiting = PARKING.with_borrow_mut(|parking| {
        let of_it = |(own, _): &mut (u32, usize)| *own == object;
        parking.waiting.extract_if(.., of_it).collect::<Vec<_>>()
    });
    for (_, thread) in waiting {
        ExecutionState::with(|state| state.get_mut(thread.into()).unblock());
    }
}

/// One of two, as the schedule chooses; mostly the first.
#[must_use]
pub fn drawn() -> bool {
    strategies::with(|strategy| strategy.choose(2)) > 0
}

/// A lock of the runtime's, by what is asked of it.
pub struct Watched(super::log::Object);

impl Watched {
    /// One that nobody has asked for yet.
    #[track_caller]
    #[must_use]
    pub const fn new() -> Self {
        Self(super::log::Object::new("lock"))
    }

    /// The running thread is about to wait for it.
    #[track_caller]
    pub fn note_wanted(&self) {
        note(Location::caller(), Action::Want("take", self.0.number()));
    }

    /// The running thread has it.
    #[track_caller]
    pub fn note_taken(&self) {
        note(Location::caller(), Action::Got("take", self.0.number()));
    }

    /// The running thread waits no longer.
    #[track_caller]
    pub fn note_left(&self) {
        note(Location::caller(), Action::TimedOut(self.0.number()));
    }
}

impl Default for Watched {
    fn default() -> Self {
        Self::new()
    }
}
