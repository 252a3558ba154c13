//! Who waits for what: one small record per thread that has ever had to wait.

use std::cell::OnceCell;
use std::sync::atomic::{AtomicI32, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::checkpoint::Renumbered;

/// The kind of thing that a thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Wanted {
    Lock = 1,
    RLock,
    Condition,
    Semaphore,
    Event,
    Barrier,
    Thread,
    Queue,
    Future,
    Process,
}

impl Wanted {
    const ALL: [Self; 10] = [
        Self::Lock,
        Self::RLock,
        Self::Condition,
        Self::Semaphore,
        Self::Event,
        Self::Barrier,
        Self::Thread,
        Self::Queue,
        Self::Future,
        Self::Process,
    ];
}

/// What a thread waits for: the kind, and the object by its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) wanted: Wanted,
    pub(crate) object: usize,
}

/// What all threads wait for at this moment, with their system's thread ids.
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "for the host's report of a deadlock")
)]
pub(crate) fn waiting() -> Vec<(i32, Waiting)> {
    lock_all()
        .iter()
        .filter_map(|record| Some((record.native_id.load(Ordering::Relaxed), record.read()?)))
        .collect()
}

static ALL: Mutex<Vec<Arc<Record>>> = Mutex::new(Vec::new());

/// The threads have other numbers now.
pub(crate) fn renumber(renumbered: &Renumbered) {
    for record in lock_all().iter() {
        let old = record.native_id.load(Ordering::Relaxed);
        if let Some(new) = renumbered.new_tid(old) {
            record.native_id.store(new, Ordering::Relaxed);
        }
    }
}

fn lock_all() -> std::sync::MutexGuard<'static, Vec<Arc<Record>>> {
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
}

thread_local! {
    static MINE: OnceCell<Mine> = const { OnceCell::new() };
}

/// A thread's record. `wanted` is 0 while the thread does not wait.
#[derive(Debug)]
pub(super) struct Record {
    native_id: AtomicI32,
    wanted: AtomicU8,
    object: AtomicUsize,
}

impl Record {
    /// Notes what the thread waits for, until the result is dropped. A thread that is being taken
    /// down no longer has a record.
    pub(super) fn enter(waiting: Waiting) -> Entered {
        let record = MINE
            .try_with(|mine| mine.get_or_init(Mine::new).0.clone())
            .ok();
        if let Some(record) = &record {
            record.object.store(waiting.object, Ordering::Relaxed);
            record.wanted.store(waiting.wanted as u8, Ordering::Release);
        }
        Entered(record)
    }

    fn read(&self) -> Option<Waiting> {
        let wanted = self.wanted.load(Ordering::Acquire);
        let wanted = *Wanted::ALL.get(usize::from(wanted).checked_sub(1)?)?;
        Some(Waiting {
            wanted,
            object: self.object.load(Ordering::Relaxed),
        })
    }
}

/// Clears the record again.
pub(super) struct Entered(Option<Arc<Record>>);

impl Drop for Entered {
    fn drop(&mut self) {
        if let Some(record) = &self.0 {
            record.wanted.store(0, Ordering::Release);
        }
    }
}

/// A thread's hold on its record: in the list for as long as the thread lives.
struct Mine(Arc<Record>);

impl Mine {
    fn new() -> Self {
        let record = Arc::new(Record {
            native_id: AtomicI32::new(rustix::thread::gettid().as_raw_pid()),
            wanted: AtomicU8::new(0),
            object: AtomicUsize::new(0),
        });
        lock_all().push(record.clone());
        Self(record)
    }
}

impl Drop for Mine {
    fn drop(&mut self) {
        lock_all().retain(|record| !Arc::ptr_eq(record, &self.0));
    }
}
