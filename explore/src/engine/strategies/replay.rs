//! A schedule again.

use super::Strategy;

/// A schedule that was found before.
#[derive(Debug)]
pub struct Replay {
    choices: Vec<u16>,
    next: usize,
    has_begun: bool,
}

impl Replay {
    /// The one with these choices.
    pub fn new(choices: Vec<u16>) -> Self {
        Self {
            choices,
            next: 0,
            has_begun: false,
        }
    }

    fn next(&mut self) -> Option<u16> {
        let choice = self.choices.get(self.next).copied();
        self.next += 1;
        choice
    }
}

impl Strategy for Replay {
    fn begin(&mut self) -> bool {
        self.next = 0;
        !std::mem::replace(&mut self.has_begun, true)
    }

    fn thread(&mut self, ready: &[u16], current: Option<u16>, _: bool) -> u16 {
        let can_run = |thread: &u16| ready.contains(thread);
        let planned = self.next().filter(can_run);
        planned.or(current.filter(can_run)).unwrap_or(ready[0])
    }

    fn choose(&mut self, alternatives: usize) -> usize {
        let planned = self.next().unwrap_or_default();
        usize::from(planned).min(alternatives - 1)
    }

    fn choices(&self) -> Vec<u16> {
        self.choices.clone()
    }
}
