//! Parking on a word, for the model checker: the same promises as `parking.rs`, by plain means.
//!
//! A model has no clock: whether a deadline passes, and whether a thread has waited for long, is
//! drawn, as the schedule is.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use shuttle::rand::Rng;
use shuttle::sync::{Condvar, Mutex, MutexGuard};

use super::{Deadline, Waiting, Wake, Waker};
use crate::sync::atomic::{AtomicU32, AtomicU64};
use crate::sync::lock;

/// Spinning, of which a model would learn nothing.
pub(crate) struct SpinWait;

impl SpinWait {
    pub(crate) fn new() -> Self {
        Self
    }

    pub(crate) fn spin(&mut self) -> bool {
        false
    }

    pub(crate) fn reset(&mut self) {}
}

pub(crate) type LongSpin = SpinWait;

/// A parked thread: its word, and the token once it is woken.
struct Parked {
    word: usize,
    token: Mutex<Option<usize>>,
    woken: Condvar,
}

shuttle::lazy_static! {
    static ref QUEUE: Mutex<VecDeque<Arc<Parked>>> = Mutex::new(VecDeque::new());
}

pub(crate) fn park(
    word: &AtomicU32,
    _waiting: Waiting,
    _owner: Option<&AtomicU64>,
    deadline: Deadline,
    validate: &dyn Fn() -> bool,
    timed_out: &dyn Fn(bool),
) -> Wake {
    let mut queue = lock(&QUEUE);
    if !validate() {
        return Wake::Unneeded;
    }
    let me = Arc::new(Parked {
        word: key(word),
        token: Mutex::new(None),
        woken: Condvar::new(),
    });
    queue.push_back(me.clone());
    drop(queue);
    if deadline.instant().is_some() {
        while lock(&me.token).is_none() && drawn() {
            shuttle::thread::yield_now();
        }
        let mut queue = lock(&QUEUE);
        let before = queue.len();
        queue.retain(|parked| !Arc::ptr_eq(parked, &me));
        if queue.len() < before {
            timed_out(!queue.iter().any(|parked| parked.word == me.word));
            return Wake::TimedOut;
        }
    }
    let mut token = lock(&me.token);
    loop {
        if let Some(token) = *token {
            return Wake::Woken(token);
        }
        token = me
            .woken
            .wait(token)
            .unwrap_or_else(std::sync::PoisonError::into_inner);
    }
}

pub(crate) fn wake_one_with(word: &AtomicU32, decide: &dyn Fn(Waker) -> usize) {
    let mut queue = lock(&QUEUE);
    let chosen = take(&mut queue, word, 1);
    let waited = if drawn() {
        Duration::MAX
    } else {
        Duration::ZERO
    };
    let have_more = queue.iter().any(|parked| parked.word == key(word));
    let waker = Waker {
        found: !chosen.is_empty(),
        have_more,
        waited,
    };
    let token = decide(waker);
    wake(&chosen, token);
}

pub(crate) fn wake_some(word: &AtomicU32, count: usize) {
    let chosen = take(&mut lock(&QUEUE), word, count);
    wake(&chosen, 0);
}

pub(crate) fn wake_all(word: &AtomicU32) {
    wake_some(word, usize::MAX);
}

fn take(
    queue: &mut MutexGuard<'_, VecDeque<Arc<Parked>>>,
    word: &AtomicU32,
    count: usize,
) -> Vec<Arc<Parked>> {
    let mut chosen = Vec::new();
    queue.retain(|parked| {
        let choose = parked.word == key(word) && chosen.len() < count;
        if choose {
            chosen.push(parked.clone());
        }
        !choose
    });
    chosen
}

fn wake(chosen: &[Arc<Parked>], token: usize) {
    for parked in chosen {
        *lock(&parked.token) = Some(token);
        parked.woken.notify_one();
    }
}

fn key(word: &AtomicU32) -> usize {
    std::ptr::from_ref(word).addr()
}

fn drawn() -> bool {
    shuttle::rand::thread_rng().r#gen()
}

/// A model has no cell that could be interrupted.
pub(crate) fn wake_interrupted() {}
