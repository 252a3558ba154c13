//! Woozle's side.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use woozle::concurrent::ThreadPoolExecutor;
use woozle::queue::{Queue, SimpleQueue};
use woozle::threading::{Barrier, Condition, Event, Lock, RLock, Semaphore, Thread};

use super::several::{hand_over, hundred, ping_pong, together};
use crate::measure::each;

pub(super) fn lock() -> Duration {
    let lock = Lock::new();
    hundred(20_000, || drop(black_box(lock.guard())))
}

pub(super) fn lock_of_two() -> Duration {
    let lock = Lock::new();
    together(2, 50_000, || drop(black_box(lock.guard())))
}

pub(super) fn lock_of_four() -> Duration {
    let lock = Lock::new();
    together(4, 50_000, || drop(black_box(lock.guard())))
}

pub(super) fn rlock() -> Duration {
    let lock = RLock::new();
    hundred(20_000, || drop(black_box(lock.guard())))
}

pub(super) fn semaphore() -> Duration {
    let semaphore = Semaphore::new(1);
    hundred(20_000, || drop(black_box(semaphore.guard())))
}

pub(super) fn event() -> Duration {
    let (there, back) = (Event::new(), Event::new());
    let (a, b) = (there.clone(), back.clone());
    let answer = move || {
        a.wait();
        a.clear();
        b.set();
    };
    let ask = move || {
        there.set();
        back.wait();
        back.clear();
    };
    ping_pong(answer, ask)
}

pub(super) fn condition() -> Duration {
    let cond = Condition::with_lock(&Lock::new());
    let turn = Arc::new(AtomicBool::new(false));
    let (other_cond, other_turn) = (cond.clone(), turn.clone());
    let step = |cond: &Condition, turn: &AtomicBool, mine: bool| {
        let held = cond.guard();
        held.wait_for(|| turn.load(Ordering::Relaxed) == mine);
        turn.store(!mine, Ordering::Relaxed);
        held.notify();
    };
    ping_pong(
        move || step(&other_cond, &other_turn, true),
        move || step(&cond, &turn, false),
    )
}

pub(super) fn barrier() -> Duration {
    let barrier = Barrier::new(2);
    together(2, 3_000, || drop(barrier.wait()))
}

pub(super) fn queue() -> Duration {
    let queue = Queue::new();
    let source = queue.clone();
    hand_over(
        move |n| source.put(n).unwrap(),
        || {
            black_box(queue.get()).unwrap();
        },
    )
}

pub(super) fn bounded_queue() -> Duration {
    let queue = Queue::with_maxsize(100);
    let source = queue.clone();
    hand_over(
        move |n| source.put(n).unwrap(),
        || {
            black_box(queue.get()).unwrap();
        },
    )
}

pub(super) fn simple_queue() -> Duration {
    let queue = SimpleQueue::new();
    let source = queue.clone();
    hand_over(
        move |n| source.put(n),
        || {
            black_box(queue.get());
        },
    )
}

pub(super) fn queue_of_one_thread() -> Duration {
    let queue = Queue::new();
    hundred(5_000, || {
        queue.put(1).unwrap();
        black_box(queue.get()).unwrap();
    })
}

pub(super) fn thread() -> Duration {
    each(500, || Thread::spawn(|| ()).join().unwrap())
}

pub(super) fn executor() -> Duration {
    let pool = ThreadPoolExecutor::new(2);
    each(3_000, || drop(black_box(pool.submit(|| 1).result())))
}

pub(super) fn executor_map() -> Duration {
    let pool = ThreadPoolExecutor::new(2);
    each(5, || {
        black_box(pool.map(|n| n, 0..1000).count());
    })
}
