//! Our primitives beside those of std, parking_lot and crossbeam: ratios, both sides in one run.
//!
//! `cargo bench -p woozle --bench threading`

use std::hint::black_box;
use std::sync::{Arc, Barrier as StdBarrier, Condvar, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use woozle::concurrent::ThreadPoolExecutor;
use woozle::queue::{Queue, SimpleQueue};
use woozle::threading::{Barrier, Condition, Event, Lock, RLock, Semaphore, Thread};

/// Rounds of each side, in turn; the median counts.
const ROUNDS: usize = 9;

fn main() {
    println!("{:<34} {:>12} {:>12} {:>7}", "", "woozle", "other", "ratio");
    locks();
    wakes();
    queues();
    threads();
}

/// Measures both sides in turn. Each returns the time of one operation.
fn compare(name: &str, mut ours: impl FnMut() -> Duration, mut other: impl FnMut() -> Duration) {
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        a.push(ours());
        b.push(other());
    }
    a.sort();
    b.sort();
    let (a, b) = (a[ROUNDS / 2], b[ROUNDS / 2]);
    let ratio = a.as_secs_f64() / b.as_secs_f64();
    println!("{name:<34} {a:>12.1?} {b:>12.1?} {ratio:>7.2}");
}

/// The time of one of `n` calls, to a tenth of a nanosecond.
fn each(n: u32, mut body: impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..n {
        body();
    }
    start.elapsed() / n
}

/// The time of one of `n` calls made by each of `threads` threads at once.
fn together(threads: u32, n: u32, body: impl Fn() + Sync) -> Duration {
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| (0..n).for_each(|_| body()));
        }
    });
    start.elapsed() / (n * threads)
}

fn locks() {
    let (ours, other) = (Lock::new(), parking_lot::Mutex::new(()));
    compare(
        "Lock x 100 / parking_lot",
        || {
            each(20_000, || {
                (0..100).for_each(|_| drop(black_box(ours.guard())))
            })
        },
        || {
            each(20_000, || {
                (0..100).for_each(|_| drop(black_box(other.lock())))
            })
        },
    );
    for threads in [2, 4] {
        compare(
            &format!("Lock, {threads} threads / parking_lot"),
            || together(threads, 50_000, || drop(black_box(ours.guard()))),
            || together(threads, 50_000, || drop(black_box(other.lock()))),
        );
    }
    let (ours, other) = (RLock::new(), parking_lot::ReentrantMutex::new(()));
    compare(
        "RLock x 100 / parking_lot",
        || {
            each(20_000, || {
                (0..100).for_each(|_| drop(black_box(ours.guard())))
            })
        },
        || {
            each(20_000, || {
                (0..100).for_each(|_| drop(black_box(other.lock())))
            })
        },
    );
    let (ours, other) = (Semaphore::new(1), parking_lot::Mutex::new(()));
    compare(
        "Semaphore x 100 / parking_lot Mutex",
        || {
            each(20_000, || {
                (0..100).for_each(|_| drop(black_box(ours.guard())))
            })
        },
        || {
            each(20_000, || {
                (0..100).for_each(|_| drop(black_box(other.lock())))
            })
        },
    );
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
        let mut set = self
            .1
            .wait_while(self.0.lock().unwrap(), |set| !*set)
            .unwrap();
        *set = false;
    }
}

fn wakes() {
    compare(
        "Event there and back / std Condvar",
        || {
            let (there, back) = (Event::new(), Event::new());
            let (a, b) = (there.clone(), back.clone());
            ping_pong(
                move || {
                    a.wait();
                    a.clear();
                    b.set();
                },
                move || {
                    there.set();
                    back.wait();
                    back.clear();
                },
            )
        },
        || {
            let (there, back) = (Arc::new(Flag::default()), Arc::new(Flag::default()));
            let (a, b) = (there.clone(), back.clone());
            ping_pong(
                move || {
                    a.wait_and_clear();
                    b.set();
                },
                move || {
                    there.set();
                    back.wait_and_clear();
                },
            )
        },
    );
    compare(
        "Condition there and back / std",
        || {
            let cond = Condition::with_lock(&Lock::new());
            let turn = Arc::new(std::sync::atomic::AtomicBool::new(false));
            let (other_cond, other_turn) = (cond.clone(), turn.clone());
            let step = |cond: &Condition, turn: &std::sync::atomic::AtomicBool, mine: bool| {
                let held = cond.guard();
                held.wait_for(|| turn.load(std::sync::atomic::Ordering::Relaxed) == mine);
                turn.store(!mine, std::sync::atomic::Ordering::Relaxed);
                held.notify();
            };
            ping_pong(
                move || step(&other_cond, &other_turn, true),
                move || step(&cond, &turn, false),
            )
        },
        || {
            let shared = Arc::new((Mutex::new(false), Condvar::new()));
            let other = shared.clone();
            let step = |(turn, changed): &(Mutex<bool>, Condvar), mine: bool| {
                let mut turn = changed
                    .wait_while(turn.lock().unwrap(), |turn| *turn != mine)
                    .unwrap();
                *turn = !mine;
                changed.notify_one();
            };
            ping_pong(move || step(&other, true), move || step(&shared, false))
        },
    );
    compare(
        "Barrier of 2 / std",
        || {
            let barrier = Barrier::new(2);
            together(2, 3_000, || drop(barrier.wait()))
        },
        || {
            let barrier = StdBarrier::new(2);
            together(2, 3_000, || {
                barrier.wait();
            })
        },
    );
}

/// The time of one round trip between two threads.
fn ping_pong(
    mut answer: impl FnMut() + Send + 'static,
    mut ask: impl FnMut() + Send + 'static,
) -> Duration {
    const N: u32 = 3_000;
    let other = thread::spawn(move || (0..N).for_each(|_| answer()));
    let time = each(N, &mut ask);
    other.join().unwrap();
    time
}

fn queues() {
    const N: u32 = 200_000;
    let run = |put: &(dyn Fn(u32) + Sync), get: &mut dyn FnMut()| {
        let start = Instant::now();
        thread::scope(|scope| {
            scope.spawn(|| (0..N).for_each(put));
            (0..N).for_each(|_| get());
        });
        start.elapsed() / N
    };
    compare(
        "Queue 1 to 1 / crossbeam unbounded",
        || {
            let queue = Queue::new();
            run(&|n| queue.put(n).unwrap(), &mut || {
                let _ = black_box(queue.get());
            })
        },
        || {
            let (sender, receiver) = crossbeam_channel::unbounded();
            run(&|n| sender.send(n).unwrap(), &mut || {
                let _ = black_box(receiver.recv());
            })
        },
    );
    compare(
        "Queue(100) 1 to 1 / crossbeam bounded",
        || {
            let queue = Queue::with_maxsize(100);
            run(&|n| queue.put(n).unwrap(), &mut || {
                let _ = black_box(queue.get());
            })
        },
        || {
            let (sender, receiver) = crossbeam_channel::bounded(100);
            run(&|n| sender.send(n).unwrap(), &mut || {
                let _ = black_box(receiver.recv());
            })
        },
    );
    compare(
        "SimpleQueue 1 to 1 / std mpsc",
        || {
            let queue = SimpleQueue::new();
            run(&|n| queue.put(n), &mut || {
                black_box(queue.get());
            })
        },
        || {
            let (sender, receiver) = mpsc::channel();
            run(&|n| sender.send(n).unwrap(), &mut || {
                let _ = black_box(receiver.recv());
            })
        },
    );
    let queue = Queue::new();
    let (sender, receiver) = crossbeam_channel::unbounded();
    compare(
        "Queue put + get x 100 / crossbeam",
        || {
            each(5_000, || {
                (0..100).for_each(|n| {
                    queue.put(n).unwrap();
                    black_box(queue.get()).unwrap();
                });
            })
        },
        || {
            each(5_000, || {
                (0..100).for_each(|n| {
                    sender.send(n).unwrap();
                    black_box(receiver.recv()).unwrap();
                });
            })
        },
    );
}

fn threads() {
    compare(
        "Thread start + join / std",
        || each(500, || Thread::spawn(|| ()).join().unwrap()),
        || each(500, || thread::spawn(|| ()).join().unwrap()),
    );
    let pool = ThreadPoolExecutor::new(2);
    let (tasks, inbox) = crossbeam_channel::unbounded::<mpsc::Sender<u32>>();
    let worker = thread::spawn(move || {
        for reply in inbox {
            let _ = reply.send(1);
        }
    });
    compare(
        "submit + result / a thread by channels",
        || each(3_000, || drop(black_box(pool.submit(|| 1).result()))),
        || {
            each(3_000, || {
                let (reply, result) = mpsc::channel();
                tasks.send(reply).unwrap();
                black_box(result.recv()).unwrap();
            })
        },
    );
    drop(tasks);
    worker.join().unwrap();
    compare(
        "1000 tasks / rate of 1000 threads",
        || {
            each(5, || {
                black_box(pool.map(|n| n, 0..1000).count());
            })
        },
        || {
            each(5, || {
                (0..1000).for_each(|_| thread::spawn(|| ()).join().unwrap())
            })
        },
    );
}
