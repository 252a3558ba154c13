//! What the processes that share a queue count together, in shared memory.

use std::io;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::io::Errno;
use rustix::thread::futex;

use super::super::sync::Counted;
use crate::multiprocessing::memory::segment::Segment;
use crate::multiprocessing::transport::descriptors::Descriptor;
use crate::multiprocessing::transport::poll::remaining;
use crate::timeline;
use crate::wait::{Deadline, Wanted};

/// A view of the counts. All are plain numbers that one atomic step changes, so a process that is
/// killed leaves none of them half changed, and holds nothing.
#[derive(Debug)]
pub(super) struct Counters {
    segment: Segment,
    descriptor: Descriptor,
}

/// The counts as they lie in memory; a fresh segment is all zero.
#[repr(C)]
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Items that are put and not yet got.
    size: Count,
    /// Items that are put and not yet `task_done`.
    unfinished: Count,
}

/// A number that others can wait for.
#[repr(C)]
#[derive(Debug, Default)]
pub(super) struct Count {
    number: AtomicU32,
    /// How many wait, or were killed as they did.
    waiters: AtomicU32,
}

impl Counters {
    pub(super) fn new() -> io::Result<Self> {
        let segment = Segment::new(size_of::<Counts>())?;
        let descriptor = Descriptor::new(segment.as_fd().try_clone_to_owned()?);
        Ok(Self {
            segment,
            descriptor,
        })
    }

    pub(super) fn from_descriptor(descriptor: Descriptor) -> io::Result<Self> {
        let segment = Segment::from_descriptor(descriptor.try_clone()?)?;
        if segment.len() < size_of::<Counts>() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(Self {
            segment,
            descriptor,
        })
    }

    pub(super) fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    pub(super) fn size(&self) -> &Count {
        &self.counts().size
    }

    pub(super) fn unfinished(&self) -> &Count {
        &self.counts().unfinished
    }

    fn counts(&self) -> &Counts {
        // SAFETY: the segment is large enough (checked when it was made), aligned to a page, mapped
        // for as long as `self`, and consists of atomics, for which any bytes are a value.
        unsafe { &*self.segment.as_mut_ptr().cast::<Counts>() }
    }
}

impl Count {
    pub(super) fn get(&self) -> u32 {
        self.number.load(Ordering::SeqCst)
    }

    /// Adds one, once the number is below `limit`; false if the deadline passed before.
    pub(super) fn add_below(&self, limit: u32, deadline: Option<Deadline>) -> bool {
        let add = |number| (number < limit).then(|| number + 1);
        self.change(deadline, add)
    }

    pub(super) fn add(&self) {
        self.number.fetch_add(1, Ordering::SeqCst);
    }

    /// Takes one away and wakes those that wait; false if there is none.
    pub(super) fn take(&self) -> bool {
        let taken = self.change(None, |number| number.checked_sub(1));
        if taken && self.waiters.load(Ordering::SeqCst) != 0 {
            // All of them: one that is woken alone may be killed before it does anything.
            let _ = futex::wake(&self.number, futex::Flags::empty(), i32::MAX as u32);
        }
        taken
    }

    /// Waits until the number is 0; false if the deadline passed before.
    pub(super) fn wait_zero(&self, deadline: Deadline) -> bool {
        self.change(Some(deadline), |number| (number == 0).then_some(0))
    }

    /// Changes the number as soon as `next` says to what; without a deadline, now or never.
    fn change(&self, deadline: Option<Deadline>, next: impl Fn(u32) -> Option<u32>) -> bool {
        let (order, look) = (Ordering::SeqCst, Ordering::SeqCst);
        if self.number.fetch_update(order, look, &next).is_ok() {
            return true;
        }
        let Some(deadline) = deadline else {
            return false;
        };
        let _waiter = Counted::enter(&self.waiters);
        loop {
            match self.number.fetch_update(order, look, &next) {
                Ok(_) => break true,
                Err(number) => {
                    let left = remaining(deadline).and_then(|left| left.try_into().ok());
                    let shared = futex::Flags::empty();
                    crate::process::interrupt::check();
                    let word = std::ptr::from_ref(&self.number).addr();
                    let noted = timeline::waits_for(Wanted::Queue.name(), word);
                    let waited = futex::wait(&self.number, shared, number, left.as_ref());
                    drop(noted);
                    crate::process::interrupt::check();
                    if waited == Err(Errno::TIMEDOUT) {
                        break self.number.fetch_update(order, look, &next).is_ok();
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::time::Duration;

    #[test]
    fn a_count_keeps_within_its_limits() {
        let count = Count::default();
        assert!(!count.take());
        assert!(count.add_below(2, None) && count.add_below(2, None));
        assert!(!count.add_below(2, None));
        let soon = Deadline::after(Duration::from_millis(2));
        assert!(!count.add_below(2, Some(soon)));
        assert!(!count.wait_zero(soon));
        assert!(count.take() && count.take() && !count.take());
        assert!(count.wait_zero(soon));
    }

    #[test]
    fn views_of_one_segment_wake_each_other() {
        let ours = Arc::new(Counters::new().unwrap());
        let theirs = Counters::from_descriptor(ours.descriptor().clone()).unwrap();
        const N: u32 = 10_000;
        let adder = std::thread::spawn({
            let ours = ours.clone();
            move || (0..N).for_each(|_| assert!(ours.size().add_below(1, Some(Deadline::NEVER))))
        });
        let mut taken = 0;
        while taken < N {
            taken += u32::from(theirs.size().take());
        }
        adder.join().unwrap();
        assert_eq!(ours.size().get(), 0);
    }
}
