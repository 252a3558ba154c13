//! Schedules at random.

use super::{Numbers, Strategy};

/// Schedules at random; the same ones each time.
#[derive(Debug)]
pub struct Random {
    left: usize,
    seed: u64,
    numbers: Numbers,
    choices: Vec<u16>,
}

impl Random {
    /// So many runs.
    pub fn new(runs: usize) -> Self {
        Self {
            left: runs,
            seed: 1,
            numbers: Numbers::new(1),
            choices: Vec::new(),
        }
    }

    /// Every third run prefers to stay with a thread, which finds what needs long stretches.
    fn prefers_to_stay(&self) -> bool {
        self.seed.is_multiple_of(3)
    }
}

impl Strategy for Random {
    fn begin(&mut self) -> bool {
        let goes_on = self.left > 0;
        self.left = self.left.saturating_sub(1);
        self.seed += 1;
        self.numbers = Numbers::new(self.seed);
        self.choices.clear();
        goes_on
    }

    fn thread(&mut self, ready: &[u16], current: Option<u16>, yields: bool) -> u16 {
        let current = current.filter(|current| ready.contains(current));
        let others: Vec<u16> = ready
            .iter()
            .copied()
            .filter(|thread| !yields || Some(*thread) != current)
            .collect();
        let thread = match current {
            Some(current) if !yields && self.prefers_to_stay() && self.numbers.below(4) != 0 => {
                current
            }
            _ if others.is_empty() => ready[0],
            _ => others[self.numbers.below(others.len())],
        };
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
