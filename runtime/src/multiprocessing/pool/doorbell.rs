//! How workers wake the host: two words in shared memory, one for a thread of the user's that waits
//! for a result and collects for all, one for the pool's own thread.

use std::os::fd::OwnedFd;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering, fence};
use std::time::Duration;

use crate::multiprocessing::memory::ring;
use crate::multiprocessing::memory::segment::Segment;
use crate::sync::lock_std;

#[derive(Debug)]
pub(super) struct Doorbell {
    segment: Segment,
    /// What `helper_there` is to be. It lies in this process's own memory, so in a copy of the process that
    /// goes on it is what it was when the copy was made; the words are what has become of them since.
    helper: Mutex<bool>,
}

#[repr(C)]
struct Words {
    /// 1 while there is a helper, who will look before it leaves.
    helper_there: AtomicU32,
    helper_sleeps: AtomicU32,
    handler_sleeps: AtomicU32,
}

/// Who sleeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sleeper {
    /// A thread that waits for a result.
    Helper,
    /// The pool's own thread.
    Handler,
}

impl Doorbell {
    pub(super) fn new() -> std::io::Result<Self> {
        Segment::new(size_of::<Words>()).map(Self::of)
    }

    /// A worker's.
    pub(super) fn from_descriptor(descriptor: OwnedFd) -> std::io::Result<Self> {
        Segment::from_descriptor(descriptor).map(Self::of)
    }

    fn of(segment: Segment) -> Self {
        Self {
            segment,
            helper: Mutex::new(false),
        }
    }

    pub(super) fn segment(&self) -> &Segment {
        &self.segment
    }

    fn words(&self) -> &Words {
        // SAFETY: the segment is larger, aligned to a page, and holds nothing but these atomics.
        unsafe { &*self.segment.as_mut_ptr().cast() }
    }

    /// Wakes whoever is to look.
    pub(super) fn ring(&self) {
        let words = self.words();
        fence(Ordering::SeqCst);
        if words.helper_there.load(Ordering::SeqCst) == 1 {
            ring::wake(&words.helper_sleeps);
        } else {
            ring::wake(&words.handler_sleeps);
        }
    }

    /// Wakes a helper that sleeps: what it waits for may be there, collected by somebody else.
    pub(super) fn wake_helper(&self) {
        ring::wake(&self.words().helper_sleeps);
    }

    /// Says that a helper is there from now on, or no longer. After it has left, it looks once more.
    pub(super) fn set_helper(&self, there: bool) {
        let mut helper = lock_std(&self.helper);
        *helper = there;
        self.words()
            .helper_there
            .store(u32::from(there), Ordering::SeqCst);
        fence(Ordering::SeqCst);
    }

    /// Wakes everybody, whatever the words say, and puts them right.
    pub(super) fn ring_all(&self) {
        let words = self.words();
        {
            let helper = lock_std(&self.helper);
            words
                .helper_there
                .store(u32::from(*helper), Ordering::SeqCst);
        }
        for word in [&words.helper_sleeps, &words.handler_sleeps] {
            word.store(1, Ordering::SeqCst);
            ring::wake(word);
        }
    }

    /// Sleeps unless there is something; it may return early.
    pub(super) fn sleep(
        &self,
        who: Sleeper,
        timeout: Option<Duration>,
        is_something: impl Fn() -> bool,
    ) {
        let word = match who {
            Sleeper::Helper => &self.words().helper_sleeps,
            Sleeper::Handler => &self.words().handler_sleeps,
        };
        word.store(1, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        if !is_something() {
            ring::sleep(word, timeout);
        }
        word.store(0, Ordering::SeqCst);
    }
}
