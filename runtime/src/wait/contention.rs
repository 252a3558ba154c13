//! How long threads have waited for each lock, for reports.
//!
//! Nothing is counted of a lock for which nobody has waited yet, so that one costs what it cost before.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Instant;

use super::Wanted;
use crate::process::frames;
use crate::protocol::{Frame, LockReport};
use crate::sync::lock_std;

/// Of one lock.
#[derive(Debug, Default)]
pub(crate) struct Contention(OnceLock<Arc<Figures>>);

#[derive(Debug)]
struct Figures {
    wanted: Wanted,
    /// Where it was waited for first.
    frames: Vec<Frame>,
    /// How often it was taken since.
    taken: AtomicU64,
    waits: AtomicU64,
    /// In nanoseconds.
    total: AtomicU64,
    longest: AtomicU64,
}

static ALL: Mutex<Vec<Weak<Figures>>> = Mutex::new(Vec::new());

/// The locks that threads have waited for, and that are there still.
pub(crate) fn all() -> Vec<LockReport> {
    let all = lock_std(&ALL);
    let figures = all.iter().filter_map(Weak::upgrade);
    figures.map(|figures| figures.report()).collect()
}

impl Contention {
    pub(crate) const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// The current thread has taken the lock.
    #[inline]
    pub(crate) fn note_taken(&self) {
        if let Some(figures) = self.0.get() {
            figures.taken.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The current thread is about to wait, until the result is dropped.
    pub(crate) fn begin(&self, wanted: Wanted) -> Wait {
        let figures = self.0.get().unwrap_or_else(|| {
            // Made by each thread that comes first: none of them waits for another one here.
            let new = Figures::new(wanted);
            self.0.get_or_init(|| new)
        });
        Wait {
            figures: Arc::clone(figures),
            began: Instant::now(),
        }
    }
}

impl Figures {
    fn new(wanted: Wanted) -> Arc<Self> {
        let figures = Arc::new(Self {
            wanted,
            frames: frames::of_cells(),
            taken: AtomicU64::new(0),
            waits: AtomicU64::new(0),
            total: AtomicU64::new(0),
            longest: AtomicU64::new(0),
        });
        let mut all = lock_std(&ALL);
        all.retain(|other| other.strong_count() > 0);
        all.push(Arc::downgrade(&figures));
        figures
    }

    fn report(&self) -> LockReport {
        LockReport {
            kind: self.wanted.name().to_owned(),
            frames: self.frames.clone(),
            taken: self.taken.load(Ordering::Relaxed),
            waits: self.waits.load(Ordering::Relaxed),
            total: self.total.load(Ordering::Relaxed),
            longest: self.longest.load(Ordering::Relaxed),
        }
    }
}

/// A thread that waits for a lock.
#[derive(Debug)]
pub(crate) struct Wait {
    figures: Arc<Figures>,
    began: Instant,
}

impl Drop for Wait {
    fn drop(&mut self) {
        let time = u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let figures = &self.figures;
        figures.waits.fetch_add(1, Ordering::Relaxed);
        figures.total.fetch_add(time, Ordering::Relaxed);
        figures.longest.fetch_max(time, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_counted_from_the_first_wait_on_for_as_long_as_it_is_there() {
        let lock = Contention::new();
        lock.note_taken();
        let mine = |lock: &Contention| {
            let figures = lock.0.get().expect("it has been waited for");
            figures.report()
        };
        drop(lock.begin(Wanted::RLock));
        lock.note_taken();
        drop(lock.begin(Wanted::RLock));
        let report = mine(&lock);
        assert_eq!((report.taken, report.waits), (1, 2));
        assert_eq!(report.kind, "an RLock");
        assert!(report.longest <= report.total);
        assert!(all().contains(&report));
        drop(lock);
        assert!(!all().contains(&report));
    }
}
