//! Helpers for the unit tests: threads that are known to wait, without sleeping for it.

use std::sync::{Mutex, MutexGuard, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::process::interrupt;
use crate::sync::lock_std;
use crate::wait::{self, Wanted};

/// Long enough to mean "the test has failed".
pub(crate) const LONG: Duration = Duration::from_secs(30);
/// A timeout that is meant to pass.
pub(crate) const SHORT: Duration = Duration::from_millis(5);

/// Looks again and again until `condition` holds.
#[track_caller]
pub(crate) fn until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < LONG, "did not happen: {what}");
        thread::yield_now();
    }
}

/// Threads that run the same function, and what they returned.
pub(crate) struct Bunch<R> {
    threads: Vec<JoinHandle<R>>,
    native_ids: Vec<i32>,
}

impl<R: Send + 'static> Bunch<R> {
    /// Starts `n` threads; each is given its number.
    pub(crate) fn start(n: usize, body: impl Fn(usize) -> R + Clone + Send + 'static) -> Self {
        let (here, ids) = mpsc::channel();
        let spawn = |i| {
            let (here, body) = (here.clone(), body.clone());
            thread::spawn(move || {
                here.send(rustix::thread::gettid().as_raw_pid()).unwrap();
                body(i)
            })
        };
        let threads = (0..n).map(spawn).collect();
        let native_ids = ids.iter().take(n).collect();
        Self {
            threads,
            native_ids,
        }
    }

    /// Starts `n` threads and returns when all of them wait for this.
    #[track_caller]
    pub(crate) fn blocked(
        n: usize,
        wanted: Wanted,
        body: impl Fn(usize) -> R + Clone + Send + 'static,
    ) -> Self {
        let bunch = Self::start(n, body);
        until("all threads wait", || bunch.waiting(wanted) == n);
        bunch
    }

    /// How many of the threads wait for this at the moment.
    pub(crate) fn waiting(&self, wanted: Wanted) -> usize {
        let waiting = wait::waiting();
        let is_mine = |id: &i32| self.native_ids.contains(id);
        waiting
            .iter()
            .filter(|(id, what)| is_mine(id) && what.wanted == wanted)
            .count()
    }

    pub(crate) fn native_ids(&self) -> &[i32] {
        &self.native_ids
    }

    pub(crate) fn finished(&self) -> usize {
        self.threads
            .iter()
            .filter(|thread| thread.is_finished())
            .count()
    }

    pub(crate) fn join(self) -> Vec<R> {
        self.threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    }
}

/// There is one cell at a time, so tests with one wait for each other.
pub(crate) fn the_only_cell() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    lock_std(&ONE)
}

/// Runs `body` as a cell's statements on a thread of its own, and interrupts it when `begun`.
pub(crate) fn interrupted(
    body: impl FnOnce() + Send + 'static,
    begun: impl Fn() -> bool,
) -> thread::Result<()> {
    let _one = the_only_cell();
    interrupt::prepare();
    interrupt::expect();
    let cell = thread::spawn(|| interrupt::while_running(body));
    until("the cell's statements have begun", begun);
    interrupt::request(wait::wake_interrupted);
    let ended = cell.join();
    interrupt::is_over();
    ended
}
