//! Schedules by priorities (PCT: Burckhardt and others, "A randomized scheduler with probabilistic guarantees of finding bugs").

use std::collections::BTreeMap;

use super::{Numbers, Strategy};

/// How often a running thread falls to the lowest priority.
const CHANGES: usize = 3;

/// The thread with the highest priority runs; at a few points it gets the lowest one.
#[derive(Debug)]
pub struct Priorities {
    left: usize,
    seed: u64,
    numbers: Numbers,
    of_threads: BTreeMap<u16, i64>,
    changes: Vec<usize>,
    lowest: i64,
    step: usize,
    longest: usize,
    choices: Vec<u16>,
}

impl Priorities {
    /// So many runs.
    pub fn new(runs: usize) -> Self {
        Self {
            left: runs,
            seed: 7,
            numbers: Numbers::new(7),
            of_threads: BTreeMap::new(),
            changes: Vec::new(),
            lowest: 0,
            step: 0,
            longest: 10,
            choices: Vec::new(),
        }
    }
}

impl Strategy for Priorities {
    fn begin(&mut self) -> bool {
        let goes_on = self.left > 0;
        self.left = self.left.saturating_sub(1);
        self.longest = self.longest.max(self.step);
        self.seed += 1;
        self.numbers = Numbers::new(self.seed);
        self.changes = (0..CHANGES)
            .map(|_| self.numbers.below(self.longest))
            .collect();
        self.of_threads.clear();
        self.lowest = 0;
        self.step = 0;
        self.choices.clear();
        goes_on
    }

    fn thread(&mut self, ready: &[u16], current: Option<u16>, yields: bool) -> u16 {
        for thread in ready {
            let numbers = &mut self.numbers;
            let priority = || 1 + numbers.below(1 << 20) as i64;
            self.of_threads.entry(*thread).or_insert_with(priority);
        }
        if let Some(current) = current
            && (yields || self.changes.contains(&self.step))
        {
            self.lowest -= 1;
            self.of_threads.insert(current, self.lowest);
        }
        self.step += 1;
        let highest = ready.iter().max_by_key(|thread| self.of_threads[thread]);
        let thread = *highest.expect("shuttle asks while a thread can run");
        self.choices.push(thread);
        thread
    }

    fn choose(&mut self, alternatives: usize) -> usize {
        let taken = self.numbers.alternative(alternatives);
        self.choices.push(taken as u16);
        taken
    }

    fn choices(&self) -> Vec<u16> {
        self.choices.clone()
    }
}
