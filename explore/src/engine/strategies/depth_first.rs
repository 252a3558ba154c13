//! All schedules in order, those with few preemptions first: a failure that needs few reads best.

use super::Strategy;

/// All schedules with at most so many preemptions.
#[derive(Debug)]
pub struct DepthFirst {
    most_preemptions: usize,
    left: usize,
    /// For each choice of the run: the alternatives, and which one is taken.
    path: Vec<(Vec<u16>, usize)>,
    depth: usize,
    preemptions: usize,
    has_begun: bool,
    has_left_out: bool,
    is_done: bool,
}

impl DepthFirst {
    /// So many runs at most.
    pub fn new(most_preemptions: usize, runs: usize) -> Self {
        Self {
            most_preemptions,
            left: runs,
            path: Vec::new(),
            depth: 0,
            preemptions: 0,
            has_begun: false,
            has_left_out: false,
            is_done: false,
        }
    }

    fn take(&mut self, alternatives: Vec<u16>) -> u16 {
        if self.depth == self.path.len() {
            self.path.push((alternatives, 0));
        } else if self.path[self.depth].0 != alternatives {
            // Something else than the schedule decides what the cell does: what was planned from here on is void.
            self.has_left_out = true;
            self.path.truncate(self.depth);
            self.path.push((alternatives, 0));
        }
        let (alternatives, taken) = &self.path[self.depth];
        self.depth += 1;
        alternatives[*taken]
    }

    /// Goes on to the next path, if there is one.
    fn advance(&mut self) -> bool {
        while let Some((alternatives, taken)) = self.path.last_mut() {
            if *taken + 1 < alternatives.len() {
                *taken += 1;
                return true;
            }
            self.path.pop();
        }
        false
    }
}

impl Strategy for DepthFirst {
    fn begin(&mut self) -> bool {
        self.path.truncate(self.depth);
        if self.has_begun && !self.advance() {
            self.is_done = true;
            return false;
        }
        if self.left == 0 {
            return false;
        }
        self.has_begun = true;
        self.left -= 1;
        self.depth = 0;
        self.preemptions = 0;
        true
    }

    fn thread(&mut self, ready: &[u16], current: Option<u16>, yields: bool) -> u16 {
        let current = current.filter(|current| ready.contains(current));
        let others = || {
            ready
                .iter()
                .copied()
                .filter(|thread| Some(*thread) != current)
        };
        let mut alternatives: Vec<u16> = Vec::new();
        if yields {
            alternatives.extend(others());
        }
        if let (Some(current), false) = (current, yields && !alternatives.is_empty()) {
            alternatives.push(current);
        }
        let may_preempt = current.is_none() || self.preemptions < self.most_preemptions;
        if !yields && may_preempt {
            alternatives.extend(others());
        } else if !yields && ready.len() > 1 {
            self.has_left_out = true;
        }
        let taken = self.take(alternatives);
        if !yields && current.is_some_and(|current| current != taken) {
            self.preemptions += 1;
        }
        taken
    }

    fn choose(&mut self, alternatives: usize) -> usize {
        self.take((0..alternatives as u16).collect()).into()
    }

    fn has_tried_all(&self) -> bool {
        self.is_done && !self.has_left_out
    }

    fn choices(&self) -> Vec<u16> {
        let path = &self.path[..self.depth];
        path.iter()
            .map(|(alternatives, taken)| alternatives[*taken])
            .collect()
    }
}
