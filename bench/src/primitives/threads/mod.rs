//! Woozle's primitives beside those of std, parking_lot and crossbeam, and beside CPython's.

mod others;
mod ours;
mod several;

use super::cpython;
use super::rows::{self, Row, Side, rounds};
use crate::context::Context;
use crate::report::document::Section;

/// In Rust: name, both sides, and the ratio's limit.
const RUST: [(&str, Side, Side, Option<f64>); 15] = [
    (
        "Lock x 100 / parking_lot",
        ours::lock,
        others::lock,
        Some(1.5),
    ),
    (
        "Lock, 2 threads / parking_lot",
        ours::lock_of_two,
        others::lock_of_two,
        Some(1.5),
    ),
    (
        "Lock, 4 threads / parking_lot",
        ours::lock_of_four,
        others::lock_of_four,
        Some(1.5),
    ),
    (
        "RLock x 100 / parking_lot",
        ours::rlock,
        others::rlock,
        Some(1.5),
    ),
    (
        "Semaphore x 100 / parking_lot Mutex",
        ours::semaphore,
        others::lock,
        Some(1.5),
    ),
    (
        "Event there and back / std Condvar",
        ours::event,
        others::event,
        Some(1.5),
    ),
    (
        "Condition there and back / std",
        ours::condition,
        others::condition,
        Some(1.5),
    ),
    (
        "Barrier of 2 / std",
        ours::barrier,
        others::barrier,
        Some(1.5),
    ),
    (
        "Queue 1 to 1 / crossbeam unbounded",
        ours::queue,
        others::queue,
        Some(1.5),
    ),
    (
        "Queue(100) 1 to 1 / crossbeam bounded",
        ours::bounded_queue,
        others::bounded_queue,
        Some(1.5),
    ),
    (
        "SimpleQueue 1 to 1 / std mpsc",
        ours::simple_queue,
        others::simple_queue,
        Some(1.5),
    ),
    (
        "Queue put + get x 100 / crossbeam",
        ours::queue_of_one_thread,
        others::queue_of_one_thread,
        Some(1.5),
    ),
    (
        "Thread start + join / std",
        ours::thread,
        others::thread,
        Some(1.5),
    ),
    (
        "submit + result / a thread by channels",
        ours::executor,
        others::executor,
        Some(1.5),
    ),
    (
        "map of 1000 tasks / 1000 threads",
        ours::executor_map,
        others::executor_map,
        Some(1.5),
    ),
];

/// What the script measures.
const CPYTHON: [(&str, &str, Side, Option<f64>); 9] = [
    ("lock", "Lock x 100", ours::lock, None),
    ("rlock", "RLock x 100", ours::rlock, None),
    ("semaphore", "Semaphore x 100", ours::semaphore, None),
    ("event", "Event there and back", ours::event, None),
    (
        "condition",
        "Condition there and back",
        ours::condition,
        None,
    ),
    ("barrier", "Barrier of 2", ours::barrier, None),
    ("queue", "Queue 1 to 1", ours::queue, None),
    ("thread", "Thread start + join", ours::thread, None),
    ("executor", "submit + result", ours::executor, None),
];

pub(crate) fn measure(context: &Context) -> anyhow::Result<Section> {
    eprintln!("threads");
    let mut section = Section::new("Threads");
    section.text("`woozle::threading`, `queue` and `concurrent` beside other crates and std; the name says which.");
    let compared = RUST.map(|(name, ours, other, limit)| compare(name, ours, other, limit));
    rows::add(&mut section, "std, parking_lot, crossbeam", &compared);
    let script = include_str!("cpython.py");
    match cpython::compare(&context.python, None, script, &CPYTHON)? {
        Ok(compared) => {
            section.text("Beside CPython's `threading`, `queue` and `concurrent.futures`:");
            rows::add(&mut section, "CPython", &compared);
        }
        Err(missing) => section.text(missing),
    }
    Ok(section)
}

fn compare(name: &'static str, ours: Side, other: Side, limit: Option<f64>) -> Row {
    let mut row = Row {
        name,
        ours: Vec::new(),
        other: Vec::new(),
        limit,
    };
    for _ in 0..rounds() {
        row.ours.push(ours());
        row.other.push(other());
    }
    row
}
