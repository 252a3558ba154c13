//! What is checked: a lost wake or a missing handshake is found as a deadlock or a failed assertion.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use woozle::concurrent::{Future, ReturnWhen, as_completed, wait};
use woozle::queue::{PriorityQueue, Queue, SimpleQueue};
use woozle::threading::{Barrier, Condition, Event, Lock, RLock, Semaphore};

/// Each with its name.
pub(crate) const ALL: [(&str, fn()); 19] = [
    ("lock", lock),
    ("rlock", rlock),
    ("semaphore", semaphore),
    (
        "waiters_that_give_up_leave_the_lock_to_others",
        waiters_that_give_up_leave_the_lock_to_others,
    ),
    (
        "a_notification_is_not_lost_on_a_waiter_that_gives_up",
        a_notification_is_not_lost_on_a_waiter_that_gives_up,
    ),
    ("a_release_by_another_thread", a_release_by_another_thread),
    ("event", event),
    ("condition", condition),
    ("barrier", barrier),
    (
        "an_aborted_barrier_lets_nobody_wait",
        an_aborted_barrier_lets_nobody_wait,
    ),
    ("queue", queue),
    ("a_queue_of_one_end", a_queue_of_one_end),
    (
        "two_at_each_end_of_a_queue_keep_the_order",
        two_at_each_end_of_a_queue_keep_the_order,
    ),
    (
        "those_that_give_up_at_a_queue_leave_it_to_others",
        those_that_give_up_at_a_queue_leave_it_to_others,
    ),
    (
        "a_shutdown_ends_all_waiting_at_a_queue",
        a_shutdown_ends_all_waiting_at_a_queue,
    ),
    (
        "semaphores_count_under_waiters_that_give_up",
        semaphores_count_under_waiters_that_give_up,
    ),
    ("simple_queue", simple_queue),
    (
        "a_future_is_finished_or_cancelled_once",
        a_future_is_finished_or_cancelled_once,
    ),
    (
        "all_futures_are_seen_to_be_done",
        all_futures_are_seen_to_be_done,
    ),
];

/// Runs `n` threads and waits for them.
fn threads(n: usize, body: impl Fn(usize) + Clone + Send + 'static) {
    let spawn = |i| {
        let body = body.clone();
        thread::spawn(move || body(i))
    };
    let threads: Vec<_> = (0..n).map(spawn).collect();
    threads
        .into_iter()
        .for_each(|thread| thread.join().unwrap());
}

/// One at a time is inside, and all get their turn.
fn excludes(enter: impl Fn(&mut dyn FnMut()) + Clone + Send + 'static) {
    let inside = Arc::new(AtomicUsize::new(0));
    threads(3, move |_| {
        for _ in 0..2 {
            enter(&mut || {
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                thread::yield_now();
                inside.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
}

fn lock() {
    let lock = Lock::new();
    excludes(move |body| lock.with(body));
}

fn rlock() {
    let lock = RLock::new();
    excludes(move |body| lock.with(|| lock.with(&mut *body)));
}

fn semaphore() {
    let semaphore = Semaphore::new(1);
    excludes(move |body| semaphore.with(body));
}

fn waiters_that_give_up_leave_the_lock_to_others() {
    let (lock, timeout) = (Lock::new(), Duration::from_secs(1));
    threads(4, move |i| {
        if i < 2 {
            lock.with(thread::yield_now);
        } else if lock.acquire_timeout(timeout) {
            lock.release().unwrap();
        }
    });
}

fn a_notification_is_not_lost_on_a_waiter_that_gives_up() {
    let (cond, made) = (Condition::new(), Arc::new(AtomicUsize::new(0)));
    threads(3, move |i| {
        let held = cond.guard();
        let wanted = made.load(Ordering::SeqCst) == 0;
        match i {
            0 => {
                made.store(1, Ordering::SeqCst);
                held.notify();
            }
            1 if wanted && held.wait_timeout(Duration::from_secs(1)) => held.notify(),
            2 if wanted => held.wait(),
            _ => {}
        }
    });
}

fn a_release_by_another_thread() {
    let lock = Lock::new();
    lock.acquire();
    let other = lock.clone();
    let releaser = thread::spawn(move || other.release().unwrap());
    lock.acquire();
    releaser.join().unwrap();
    assert!(lock.locked());
}

fn event() {
    let event = Event::new();
    threads(3, move |i| if i == 0 { event.set() } else { event.wait() });
    let event = Event::new();
    let (waits, other) = (Lock::new(), event.clone());
    waits.acquire();
    let begun = waits.clone();
    let waiter = thread::spawn(move || {
        begun.release().unwrap();
        other.wait();
    });
    waits.acquire();
    event.set();
    waiter.join().unwrap();
}

fn condition() {
    let (cond, made) = (Condition::new(), Arc::new(AtomicUsize::new(0)));
    threads(4, move |i| {
        let held = cond.guard();
        if i < 2 {
            held.wait_for(|| made.load(Ordering::SeqCst) > 0);
            made.fetch_sub(1, Ordering::SeqCst);
        } else {
            made.fetch_add(1, Ordering::SeqCst);
            held.notify();
        }
    });
}

fn barrier() {
    let (barrier, passed) = (Barrier::new(2), Arc::new(AtomicUsize::new(0)));
    threads(2, move |_| {
        for round in 1..=3 {
            passed.fetch_add(1, Ordering::SeqCst);
            barrier.wait().unwrap();
            assert!(passed.load(Ordering::SeqCst) >= 2 * round);
        }
    });
}

fn an_aborted_barrier_lets_nobody_wait() {
    let barrier = Barrier::new(3);
    threads(3, move |i| match i {
        0 => barrier.abort(),
        _ => assert!(barrier.wait().is_err()),
    });
}

fn queue() {
    let queue = Queue::with_maxsize(1);
    let (source, sink) = (queue.clone(), queue.clone());
    let consumer = thread::spawn(move || {
        let mut got = Vec::new();
        while let Ok(item) = sink.get() {
            got.push(item);
            sink.task_done().unwrap();
        }
        got
    });
    threads(2, move |i| {
        (0..2).for_each(|n| source.put(2 * i + n).unwrap())
    });
    queue.join();
    queue.shutdown();
    let mut got = consumer.join().unwrap();
    got.sort_unstable();
    assert_eq!(got, [0, 1, 2, 3]);
}

fn a_queue_of_one_end() {
    let queue = PriorityQueue::with_maxsize(1);
    threads(4, move |i| match i {
        0 | 1 => (0..2).for_each(|_| queue.put(i).unwrap()),
        _ => (0..2).for_each(|_| assert!(queue.get().unwrap() < 2)),
    });
}

fn two_at_each_end_of_a_queue_keep_the_order() {
    let queue = Queue::with_maxsize(2);
    let counted = queue.clone();
    threads(4, move |i| {
        if i < 2 {
            (0..3).for_each(|n| queue.put((i, n)).unwrap());
        } else {
            let got: Vec<_> = (0..3).map(|_| queue.get().unwrap()).collect();
            assert!(queue.qsize() <= 2);
            for from in 0..2 {
                assert!(got.iter().filter(|item| item.0 == from).is_sorted());
            }
        }
    });
    assert!(counted.empty());
}

fn those_that_give_up_at_a_queue_leave_it_to_others() {
    let (queue, timeout) = (Queue::with_maxsize(1), Duration::from_secs(1));
    let (put, got) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (all_put, all_got) = (put.clone(), got.clone());
    let left = queue.clone();
    threads(4, move |i| {
        let came = match i {
            0 => queue.put(i).is_ok(),
            1 => queue.put_timeout(i, timeout).is_ok(),
            2 => queue.get().is_ok(),
            _ => queue.get_timeout(timeout).is_ok(),
        };
        let count = if i < 2 { &put } else { &got };
        count.fetch_add(usize::from(came), Ordering::SeqCst);
        // What the one that gave up has left undone is done for it, so that nobody waits in vain.
        match (i, came) {
            (1, false) => queue.shutdown(),
            (3, false) => drop(
                queue
                    .get_nowait()
                    .map(|_| got.fetch_add(1, Ordering::SeqCst)),
            ),
            _ => {}
        }
    });
    let (put, got) = (
        all_put.load(Ordering::SeqCst),
        all_got.load(Ordering::SeqCst),
    );
    assert_eq!(put - got, left.qsize());
}

fn a_shutdown_ends_all_waiting_at_a_queue() {
    let (full, empty) = (Queue::with_maxsize(1), Queue::<usize>::new());
    full.put(0).unwrap();
    threads(4, move |i| match i {
        0 => {
            full.shutdown();
            empty.shutdown_now();
        }
        1 => assert!(full.put(1).is_err()),
        _ => assert!(empty.get().is_err()),
    });
}

fn semaphores_count_under_waiters_that_give_up() {
    let places = Semaphore::new(0);
    threads(4, move |i| match i {
        0 => places.release_many(2).unwrap(),
        1 => {
            if !places.acquire_timeout(Duration::from_secs(1)) {
                places.acquire();
            }
            places.release();
        }
        2 => places.acquire(),
        _ => places.with(thread::yield_now),
    });
}

fn simple_queue() {
    let queue = SimpleQueue::new();
    threads(4, move |i| match i {
        0 | 1 => queue.put(i),
        _ => assert!(queue.get() < 2),
    });
}

fn a_future_is_finished_or_cancelled_once() {
    let (future, called) = (Future::new(), Arc::new(AtomicUsize::new(0)));
    let (other, count) = (future.clone(), called.clone());
    threads(4, move |i| match i {
        0 => drop(other.set_result(42)),
        1 => drop(other.cancel()),
        2 => {
            let count = count.clone();
            other.add_done_callback(move |_| {
                count.fetch_add(1, Ordering::SeqCst);
            });
        }
        _ => assert_eq!(other.result().ok(), (!other.cancelled()).then_some(42)),
    });
    assert_eq!(called.load(Ordering::SeqCst), 1);
}

fn all_futures_are_seen_to_be_done() {
    let futures: Vec<_> = (0..3).map(|_| Future::new()).collect();
    let shared = futures.clone();
    let setters = thread::spawn(move || {
        for (n, future) in shared.iter().enumerate() {
            future.set_result(n).unwrap();
        }
    });
    assert!(!wait(&futures, ReturnWhen::FirstCompleted).done.is_empty());
    let sum: usize = as_completed(&futures).map(|f| f.result().unwrap()).sum();
    assert_eq!(sum, 3);
    setters.join().unwrap();
}
