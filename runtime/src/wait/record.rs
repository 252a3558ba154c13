//! Who waits for what: one small record per thread that has ever had to wait.

use std::cell::OnceCell;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicI32, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use super::wanted::{Waiting, Wanted};
use crate::process::thread_ids::Renumbered;
use crate::sync::lock_std;

/// What all threads wait for at this moment, with their system's thread ids.
pub(crate) fn waiting() -> Vec<(i32, Waiting)> {
    lock_all()
        .iter()
        .filter_map(|record| Some((record.native_id.load(Ordering::Relaxed), record.read()?)))
        .collect()
}

/// Who holds what a thread waits for, both by their system's thread ids. A holder that has never waited itself is not known.
pub(crate) fn holders() -> Vec<(i32, i32)> {
    let all = lock_all();
    let holders = all.iter().filter_map(|record| {
        let owner = record.owner();
        let holder = all
            .iter()
            .find(|other| owner != 0 && other.ident == owner)?;
        let [thread, holder] =
            [record, holder].map(|record| record.native_id.load(Ordering::Relaxed));
        Some((thread, holder))
    });
    holders.collect()
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

fn lock_all() -> MutexGuard<'static, Vec<Arc<Record>>> {
    lock_std(&ALL)
}

thread_local! {
    static MINE: OnceCell<Mine> = const { OnceCell::new() };
}

/// A thread's record. `wanted` is 0 while the thread does not wait, else one more than the kind's number.
#[derive(Debug)]
pub(super) struct Record {
    native_id: AtomicI32,
    wanted: AtomicU8,
    object: AtomicUsize,
    ident: u64,
    /// The address of the owner of what the thread waits for; 0 if it has none. Locked while the owner is read,
    /// and to clear it.
    owner: Mutex<usize>,
}

impl Record {
    /// Notes what the thread waits for, until the result is dropped. A thread that is being taken
    /// down no longer has a record.
    pub(super) fn enter<'a>(waiting: Waiting, owner: Option<&'a AtomicU64>) -> Entered<'a> {
        let record = MINE
            .try_with(|mine| mine.get_or_init(Mine::new).0.clone())
            .ok();
        if let Some(record) = &record {
            record.object.store(waiting.object, Ordering::Relaxed);
            record
                .wanted
                .store(waiting.wanted as u8 + 1, Ordering::Release);
            *record.lock_owner() =
                owner.map_or(0, |owner| std::ptr::from_ref(owner).expose_provenance());
        }
        Entered(record, PhantomData)
    }

    fn lock_owner(&self) -> MutexGuard<'_, usize> {
        lock_std(&self.owner)
    }

    /// The owner of what the thread waits for; 0 if nobody owns it.
    fn owner(&self) -> u64 {
        let address = self.lock_owner();
        let owner = std::ptr::with_exposed_provenance::<AtomicU64>(*address);
        // SAFETY: null, or what `enter` was given, which lives as long as `Entered`; that one cannot be
        // dropped while the lock is held.
        unsafe { owner.as_ref() }.map_or(0, |owner| owner.load(Ordering::Relaxed))
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
pub(super) struct Entered<'a>(Option<Arc<Record>>, PhantomData<&'a AtomicU64>);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        if let Some(record) = &self.0 {
            *record.lock_owner() = 0;
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
            ident: crate::threading::thread::ident::get().get(),
            owner: Mutex::new(0),
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
