//! What the same costs with std, parking_lot and crossbeam.

use std::hint::black_box;
use std::sync::{Arc, Barrier, Condvar, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use super::several::{hand_over, hundred, ping_pong, together};
use crate::measure::each;

pub(super) fn lock() -> Duration {
    let lock = parking_lot::Mutex::new(());
    hundred(20_000, || drop(black_box(lock.lock())))
}

pub(super) fn lock_of_two() -> Duration {
    let lock = parking_lot::Mutex::new(());
    together(2, 50_000, || drop(black_box(lock.lock())))
}

pub(super) fn lock_of_four() -> Duration {
    let lock = parking_lot::Mutex::new(());
    together(4, 50_000, || drop(black_box(lock.lock())))
}

pub(super) fn rlock() -> Duration {
    let lock = parking_lot::ReentrantMutex::new(());
    hundred(20_000, || drop(black_box(lock.lock())))
}

/// A flag as one writes it with std.
#[derive(Default)]
struct Flag(Mutex<bool>, Condvar);

impl Flag {
    fn set(&self) {
        *self.0.lock().unwrap() = true;
        self.1.notify_all();
    }

    fn wait_and_clear(&self) {
        let set = self.0.lock().unwrap();
        *self.1.wait_while(set, |set| !*set).unwrap() = false;
    }
}

pub(super) fn event() -> Duration {
    let (there, back) = (Arc::new(Flag::default()), Arc::new(Flag::default()));
    let (a, b) = (there.clone(), back.clone());
    let answer = move || {
        a.wait_and_clear();
        b.set();
    };
    let ask = move || {
        there.set();
        back.wait_and_clear();
    };
    ping_pong(answer, ask)
}

pub(super) fn condition() -> Duration {
    let shared = Arc::new((Mutex::new(false), Condvar::new()));
    let other = shared.clone();
    let step = |(turn, changed): &(Mutex<bool>, Condvar), mine: bool| {
        let held = turn.lock().unwrap();
        *changed.wait_while(held, |turn| *turn != mine).unwrap() = !mine;
        changed.notify_one();
    };
    ping_pong(move || step(&other, true), move || step(&shared, false))
}

pub(super) fn barrier() -> Duration {
    let barrier = Barrier::new(2);
    together(2, 3_000, || {
        barrier.wait();
    })
}

pub(super) fn queue() -> Duration {
    let (sender, receiver) = crossbeam_channel::unbounded();
    hand_over(
        move |n| sender.send(n).unwrap(),
        || {
            black_box(receiver.recv()).unwrap();
        },
    )
}

pub(super) fn bounded_queue() -> Duration {
    let (sender, receiver) = crossbeam_channel::bounded(100);
    hand_over(
        move |n| sender.send(n).unwrap(),
        || {
            black_box(receiver.recv()).unwrap();
        },
    )
}

pub(super) fn simple_queue() -> Duration {
    let (sender, receiver) = mpsc::channel();
    hand_over(
        move |n| sender.send(n).unwrap(),
        || {
            black_box(receiver.recv()).unwrap();
        },
    )
}

pub(super) fn queue_of_one_thread() -> Duration {
    let (sender, receiver) = crossbeam_channel::unbounded();
    hundred(5_000, || {
        sender.send(1).unwrap();
        black_box(receiver.recv()).unwrap();
    })
}

pub(super) fn thread() -> Duration {
    each(500, || thread::spawn(|| ()).join().unwrap())
}

/// One thread that answers by channels.
pub(super) fn executor() -> Duration {
    let (tasks, inbox) = crossbeam_channel::unbounded::<mpsc::Sender<u32>>();
    let worker = thread::spawn(move || {
        for reply in inbox {
            let _ = reply.send(1);
        }
    });
    let time = each(3_000, || {
        let (reply, result) = mpsc::channel();
        tasks.send(reply).unwrap();
        black_box(result.recv()).unwrap();
    });
    drop(tasks);
    worker.join().unwrap();
    time
}

/// A thread for each task.
pub(super) fn executor_map() -> Duration {
    each(5, || {
        (0..1000).for_each(|_| thread::spawn(|| ()).join().unwrap());
    })
}
