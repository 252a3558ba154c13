//! What shuttle asks: which thread goes on.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Instant;

use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

use super::statics::Statics;
use super::{clocks, hash_keys, log, panics, parking, strategies, time};

/// Who has run for so many steps without a pause spins: it lets others run, and then after each [`AGAIN`] steps.
const SPINS: usize = 50;
const AGAIN: usize = 25;

/// How much was done.
#[derive(Debug, Default)]
pub struct Counts {
    pub runs: Cell<usize>,
    pub steps: Cell<usize>,
}

/// Passes shuttle's questions on to the strategy.
pub struct Bridge {
    pub statics: Rc<Statics>,
    pub counts: Rc<Counts>,
    pub until: Instant,
    /// For how many steps the same thread has run.
    pub same: usize,
}

fn number(task: TaskId) -> u16 {
    usize::from(task) as u16
}

impl Scheduler for Bridge {
    fn new_execution(&mut self) -> Option<Schedule> {
        if self.until < Instant::now() || !strategies::with(|strategy| strategy.begin()) {
            return None;
        }
        self.counts.runs.set(self.counts.runs.get() + 1);
        // SAFETY: the run before has ended, with all of its threads.
        unsafe { self.statics.reset() };
        log::begin();
        clocks::begin();
        panics::begin();
        parking::begin();
        time::begin();
        hash_keys::reset();
        self.same = 0;
        Some(Schedule::new(0))
    }

    fn next_task(
        &mut self,
        ready: &[&Task],
        current: Option<TaskId>,
        yields: bool,
    ) -> Option<TaskId> {
        let same = ready.iter().find(|task| Some(task.id()) == current);
        if let (true, Some(task)) = (clocks::is_atomic(), same) {
            return Some(task.id()); // no choice of the schedule's
        }
        let spins = self.same > SPINS && self.same.is_multiple_of(AGAIN);
        let numbers: Vec<u16> = ready.iter().map(|task| number(task.id())).collect();
        let before = current.map(number);
        let thread =
            strategies::with(|strategy| strategy.thread(&numbers, before, yields || spins));
        self.same = if before == Some(thread) {
            self.same + 1
        } else {
            0
        };
        log::switch_to(thread);
        self.counts.steps.set(self.counts.steps.get() + 1);
        let task = ready.iter().find(|task| number(task.id()) == thread);
        task.map(|task| task.id())
    }

    fn next_u64(&mut self) -> u64 {
        match strategies::with(|strategy| strategy.choose(2)) {
            0 => 0,
            _ => u64::MAX,
        }
    }
}
