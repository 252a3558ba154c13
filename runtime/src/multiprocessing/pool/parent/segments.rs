//! The pool's shared segments for long arguments and results. A segment is used again and again, and
//! a worker gets its descriptor once.

use std::io;
use std::sync::Arc;

use crate::multiprocessing::memory::segment::Segment;

/// A segment, with its number.
#[derive(Clone, Debug)]
pub(in crate::multiprocessing::pool) struct Numbered {
    pub(in crate::multiprocessing::pool) number: u32,
    pub(in crate::multiprocessing::pool) segment: Arc<Segment>,
}

/// The segments that are not in use.
#[derive(Debug, Default)]
pub(in crate::multiprocessing::pool) struct Segments {
    free: Vec<Numbered>,
    made: u32,
    in_use: usize,
}

/// No smaller segment is made.
const SMALLEST: usize = 64 << 10;
/// What is kept when nobody uses it: this many segments, and this many bytes.
const KEEP: usize = 16;
const KEEP_BYTES: usize = 256 << 20;

impl Segments {
    /// A segment of at least this length: the smallest that is free, or a new one.
    pub(in crate::multiprocessing::pool) fn take(&mut self, length: usize) -> io::Result<Numbered> {
        let fitting = (0..self.free.len()).filter(|at| self.free[*at].segment.len() >= length);
        let found = fitting.min_by_key(|at| self.free[*at].segment.len());
        let numbered = match found {
            Some(at) => self.free.swap_remove(at),
            None => {
                let length = length.max(SMALLEST);
                let length = length.checked_next_power_of_two().unwrap_or(length);
                let segment = Arc::new(Segment::new(length)?);
                self.made += 1;
                let number = self.made;
                Numbered { number, segment }
            }
        };
        self.in_use += 1;
        Ok(numbered)
    }

    /// How many are in use.
    pub(in crate::multiprocessing::pool) fn in_use(&self) -> usize {
        self.in_use
    }

    /// Gives a segment back; returns those that are not kept.
    pub(in crate::multiprocessing::pool) fn give_back(&mut self, numbered: Numbered) -> Vec<u32> {
        self.in_use -= 1;
        self.free.push(numbered);
        let mut gone = Vec::new();
        let bytes = |free: &[Numbered]| free.iter().map(|n| n.segment.len()).sum::<usize>();
        while self.free.len() > 1 && (self.free.len() > KEEP || bytes(&self.free) > KEEP_BYTES) {
            gone.push(self.free.remove(0).number);
        }
        gone
    }
}
