//! A handle of some words in shared memory, which can be sent to other processes.

use std::io;
use std::marker::PhantomData;
use std::ops::Deref;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use rustix::io::Errno;
use rustix::thread::futex;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::multiprocessing::memory::checkpointed_words::CheckpointedWords;
use crate::multiprocessing::memory::segment::Segment;
use crate::multiprocessing::transport::descriptors::Descriptor;
use crate::timeline;
use crate::wait::{Deadline, Wanted};

/// What may lie in shared memory: all its fields are atomics, which are fine when they are zero.
///
/// # Safety
/// It is so, the layout is `repr(C)`, and it begins with `LOCKS` [`RawLock`](super::RawLock)s.
pub(crate) unsafe trait Shareable: 'static {
    /// How many locks it begins with.
    const LOCKS: usize = 0;
}

/// A `T` in a segment of its own. A checkpoint takes it back, but not what lies behind it.
#[derive(Debug)]
pub(crate) struct Words<T> {
    memory: Arc<CheckpointedWords>,
    _words: PhantomData<T>,
}

impl<T: Shareable> Words<T> {
    /// A new one, all zero, with this many bytes behind it.
    pub(crate) fn new(more: usize) -> io::Result<Self> {
        Self::from_segment(Segment::new(Self::SIZE + more)?)
    }

    /// Where the bytes behind it begin.
    pub(crate) const SIZE: usize = size_of::<T>().next_multiple_of(64);

    fn from_segment(segment: Segment) -> io::Result<Self> {
        if segment.len() < Self::SIZE {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(Self {
            memory: Arc::new(CheckpointedWords::new(segment, size_of::<T>(), T::LOCKS)),
            _words: PhantomData,
        })
    }

    /// The bytes behind it: where, and how many.
    pub(crate) fn rest(&self) -> (*mut u8, usize) {
        // SAFETY: the segment is at least as long.
        let at = unsafe { self.memory.segment().as_mut_ptr().add(Self::SIZE) };
        (at, self.memory.segment().len() - Self::SIZE)
    }
}

impl<T: Shareable> Deref for Words<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the segment is long enough, aligned to a page and zero at first, and a `T` is made
        // of atomics.
        unsafe { &*self.memory.segment().as_mut_ptr().cast() }
    }
}

impl<T> Clone for Words<T> {
    fn clone(&self) -> Self {
        Self {
            memory: self.memory.clone(),
            _words: PhantomData,
        }
    }
}

impl<T> Serialize for Words<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let descriptor = self.memory.segment().as_fd().try_clone_to_owned();
        Descriptor::new(descriptor.map_err(S::Error::custom)?).serialize(serializer)
    }
}

impl<'de, T: Shareable> Deserialize<'de> for Words<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let descriptor = Descriptor::deserialize(deserializer)?;
        let segment = descriptor.try_clone().and_then(Segment::from_descriptor);
        segment
            .and_then(Self::from_segment)
            .map_err(D::Error::custom)
    }
}

/// Waits for this kind of thing, while a word has this value; false when the deadline has passed. It may return early.
pub(crate) fn wait_while(word: &AtomicU32, value: u32, wanted: Wanted, deadline: Deadline) -> bool {
    let left = deadline
        .instant()
        .map(|at| at.saturating_duration_since(Instant::now()));
    if left.is_some_and(|left| left.is_zero()) {
        return false;
    }
    let left = left.and_then(|left| left.try_into().ok());
    crate::process::interrupt::check();
    let noted = timeline::waits_for(wanted.name(), std::ptr::from_ref(word).addr());
    let waited = futex::wait(word, futex::Flags::empty(), value, left.as_ref());
    drop(noted);
    crate::process::interrupt::check();
    waited != Err(Errno::TIMEDOUT)
}

/// Counts a waiter in, and out again however it leaves: an interrupt may unwind it.
pub(crate) struct Counted<'a>(&'a AtomicU32);

impl<'a> Counted<'a> {
    pub(crate) fn enter(count: &'a AtomicU32) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Wakes at most this many threads that wait on a word.
pub(crate) fn wake(word: &AtomicU32, count: u32) {
    let count = count.min(i32::MAX.unsigned_abs());
    timeline::wakes(std::ptr::from_ref(word).addr(), || {
        futex::wake(word, futex::Flags::empty(), count).unwrap_or(0)
    });
}
