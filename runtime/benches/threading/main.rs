//! Our primitives beside those of std, parking_lot and crossbeam, and beside CPython's: ratios,
//! both sides in one run.
//!
//! `cargo bench -p woozle --bench threading`; with `-- --quick` it only shows that it runs.

#[path = "../shared/cpython.rs"]
mod cpython;
#[path = "../shared/measure.rs"]
mod measure;
mod others;
mod ours;
mod threads;

use std::process::ExitCode;

use threads::compare;

fn main() -> ExitCode {
    if let Err(code) = measure::arguments() {
        return code;
    }
    measure::heading("other");
    compare("Lock x 100 / parking_lot", ours::lock, others::lock);
    compare(
        "Lock, 2 threads / parking_lot",
        ours::lock_of_two,
        others::lock_of_two,
    );
    compare(
        "Lock, 4 threads / parking_lot",
        ours::lock_of_four,
        others::lock_of_four,
    );
    compare("RLock x 100 / parking_lot", ours::rlock, others::rlock);
    compare(
        "Semaphore x 100 / parking_lot Mutex",
        ours::semaphore,
        others::lock,
    );
    compare(
        "Event there and back / std Condvar",
        ours::event,
        others::event,
    );
    compare(
        "Condition there and back / std",
        ours::condition,
        others::condition,
    );
    compare("Barrier of 2 / std", ours::barrier, others::barrier);
    compare(
        "Queue 1 to 1 / crossbeam unbounded",
        ours::queue,
        others::queue,
    );
    compare(
        "Queue(100) 1 to 1 / crossbeam bounded",
        ours::bounded_queue,
        others::bounded_queue,
    );
    compare(
        "SimpleQueue 1 to 1 / std mpsc",
        ours::simple_queue,
        others::simple_queue,
    );
    compare(
        "Queue put + get x 100 / crossbeam",
        ours::queue_of_one_thread,
        others::queue_of_one_thread,
    );
    compare("Thread start + join / std", ours::thread, others::thread);
    compare(
        "submit + result / a thread by channels",
        ours::executor,
        others::executor,
    );
    compare(
        "map of 1000 tasks / 1000 threads",
        ours::executor_map,
        others::executor_map,
    );
    println!();
    cpython::compare(None, include_str!("cpython.py"), &CPYTHON)
}

/// What the script measures.
const CPYTHON: [(&str, &str, cpython::Side); 9] = [
    ("lock", "Lock x 100", ours::lock),
    ("rlock", "RLock x 100", ours::rlock),
    ("semaphore", "Semaphore x 100", ours::semaphore),
    ("event", "Event there and back", ours::event),
    ("condition", "Condition there and back", ours::condition),
    ("barrier", "Barrier of 2", ours::barrier),
    ("queue", "Queue 1 to 1", ours::queue),
    ("thread", "Thread start + join", ours::thread),
    ("executor", "submit + result", ours::executor),
];
