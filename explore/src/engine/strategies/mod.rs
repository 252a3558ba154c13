//! What chooses a schedule.

mod depth_first;
mod priorities;
mod random;
mod replay;

use std::cell::RefCell;

pub use depth_first::DepthFirst;
pub use priorities::Priorities;
pub use random::Random;
pub use replay::Replay;

/// Chooses which thread goes on, and which value a load sees; all that a run depends on.
pub trait Strategy {
    /// Another run begins, unless there is none left.
    fn begin(&mut self) -> bool;

    /// The thread that goes on, of those that can; `current` is the one that has run until now, and `yields` says that it lets
    /// others run.
    fn thread(&mut self, ready: &[u16], current: Option<u16>, yields: bool) -> u16;

    /// One of so many alternatives; the first is the usual one.
    fn choose(&mut self, alternatives: usize) -> usize;

    /// Whether there are no other schedules than those that were tried.
    fn has_tried_all(&self) -> bool {
        false
    }

    /// The choices of the last run.
    fn choices(&self) -> Vec<u16>;
}

thread_local! {
    static STRATEGY: RefCell<Option<Box<dyn Strategy>>> = const { RefCell::new(None) };
}

/// From now on this one chooses.
pub fn install(strategy: Box<dyn Strategy>) {
    STRATEGY.set(Some(strategy));
}

/// Asks the one that chooses.
pub fn with<R>(ask: impl FnOnce(&mut dyn Strategy) -> R) -> R {
    STRATEGY.with_borrow_mut(|strategy| {
        let strategy = strategy.as_mut().expect("one is installed before any run");
        ask(&mut **strategy)
    })
}

/// Numbers that look random, and are the same each time.
#[derive(Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// Those of a seed.
    pub fn new(seed: u64) -> Self {
        let mut numbers = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..4 {
            numbers.below(2); // the first ones of small seeds are alike
        }
        numbers
    }

    /// One below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    /// The usual alternative half of the time, else any.
    pub fn alternative(&mut self, alternatives: usize) -> usize {
        match self.below(2) {
            0 => 0,
            _ => self.below(alternatives),
        }
    }
}
