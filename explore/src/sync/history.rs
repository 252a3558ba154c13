//! An atomic's value, with the stores that a thread may still see.
//!
//! As in Miri: a load may see any store, but for those that are hidden from its thread, because it knows of a later one by
//! what happened before, or has seen a later one. A change of the value (`fetch_add`, say) sees the newest always.

use std::cell::{Cell, UnsafeCell};
use std::panic::Location;
use std::sync::atomic::Ordering;

use crate::engine::clocks::{self, VectorClock, acquires, releases, time_of};
use crate::engine::log::{Action, Object, Place, note};
use crate::engine::strategies;

/// A store.
struct Store {
    bits: u64,
    thread: usize,
    /// Its thread's own time.
    time: u32,
    /// What who acquires it learns.
    published: VectorClock,
    is_total: bool,
    place: Place,
}

/// The stores so far, and which one each thread has seen last.
struct History {
    stores: Vec<Store>,
    seen: Vec<usize>,
    /// The last load that did not see the newest store: by which thread, where, and which it saw.
    stale: Option<(usize, Place, usize)>,
}

impl History {
    fn see(&mut self, thread: usize, store: usize) {
        if self.seen.len() <= thread {
            self.seen.resize(thread + 1, 0);
        }
        self.seen[thread] = self.seen[thread].max(store);
    }

    fn newest(&self) -> usize {
        self.stores.len() - 1
    }

    /// The oldest store that a thread may see, at a place: who has seen an old one there a moment ago and asks again is a loop that
    /// waits for another one. A store becomes visible in the end, and what comes before changes nothing.
    fn oldest(&self, thread: usize, clock: &VectorClock, order: Ordering, place: Place) -> usize {
        let mut least = self.seen.get(thread).copied().unwrap_or(0);
        if let Some((other, there, store)) = self.stale
            && (other, there, store) == (thread, place, least)
        {
            least += 1;
        }
        let is_known = |store: &Store| {
            let happened_before = store.time <= time_of(clock, store.thread);
            happened_before || order == Ordering::SeqCst && store.is_total
        };
        let known = (least..=self.newest()).rev();
        known
            .into_iter()
            .find(|n| is_known(&self.stores[*n]))
            .unwrap_or(least)
    }
}

/// An atomic of up to 64 bits.
pub struct Atomic {
    object: Object,
    bits: Cell<u64>,
    history: UnsafeCell<Option<Box<History>>>,
}

// SAFETY: all threads of a run are coroutines of one thread of the system's.
unsafe impl Sync for Atomic {}
// SAFETY: as above.
unsafe impl Send for Atomic {}

impl Atomic {
    #[track_caller]
    pub const fn new(kind: &'static str, bits: u64) -> Self {
        Self {
            object: Object::new(kind),
            bits: Cell::new(bits),
            history: UnsafeCell::new(None),
        }
    }

    pub fn number(&self) -> u32 {
        self.object.number()
    }

    /// The newest value, for who has it alone.
    pub fn newest(&self) -> u64 {
        self.bits.get()
    }

    /// Where the newest value is.
    pub fn as_ptr(&self) -> *mut u64 {
        self.bits.as_ptr()
    }

    fn with_history<R>(&self, look: impl FnOnce(&mut History) -> R) -> R {
        // SAFETY: `look` calls nothing that comes back here, and no other thread runs meanwhile.
        let history = unsafe { &mut *self.history.get() };
        let first = || Store {
            bits: self.bits.get(),
            thread: 0,
            time: 0,
            published: VectorClock::new(),
            is_total: false,
            place: self.object.place(),
        };
        look(history.get_or_insert_with(|| {
            Box::new(History {
                stores: vec![first()],
                seen: Vec::new(),
                stale: None,
            })
        }))
    }

    /// Adds a store; `inherited` is what the store that it takes the place of has published.
    fn push(&self, bits: u64, order: Ordering, place: Place, inherited: Option<VectorClock>) {
        if !clocks::is_weak() {
            self.bits.set(bits);
            return;
        }
        let (thread, clock) = clocks::tick();
        let mut published = match releases(order) {
            true => clock.clone(),
            false => clocks::published_by_fence(thread),
        };
        if let Some(inherited) = inherited {
            published.update(&inherited);
        }
        self.with_history(|history| {
            history.stores.push(Store {
                bits,
                thread,
                time: time_of(&clock, thread),
                published,
                is_total: order == Ordering::SeqCst,
                place,
            });
            history.see(thread, history.newest());
        });
        self.bits.set(bits);
    }

    #[track_caller]
    pub fn load(&self, order: Ordering) -> u64 {
        let place = Location::caller();
        assert!(
            !matches!(order, Ordering::Release | Ordering::AcqRel),
            "there is no such thing as a {order:?} load"
        );
        clocks::switch();
        let (value, newest) = match clocks::is_weak() {
            true => self.load_any(order, place),
            false => (self.bits.get(), None),
        };
        let object = self.object.number();
        note(
            place,
            Action::Load {
                object,
                order,
                value,
                newest,
            },
        );
        value
    }

    /// Loads one of the values that may be seen; and what is newer, if it is not the newest.
    fn load_any(&self, order: Ordering, place: Place) -> (u64, Option<(u64, Place)>) {
        let (thread, clock) = clocks::tick();
        let (oldest, newest) = self.with_history(|history| {
            (
                history.oldest(thread, &clock, order, place),
                history.newest(),
            )
        });
        let seen = match newest - oldest {
            0 => newest,
            older => newest - strategies::with(|strategy| strategy.choose(older + 1)),
        };
        let (bits, published, newer) = self.with_history(|history| {
            history.see(thread, seen);
            history.stale = (seen < newest).then_some((thread, place, seen));
            let store = &history.stores[seen];
            let last = &history.stores[newest];
            let newer = (seen < newest).then_some((last.bits, last.place));
            (store.bits, store.published.clone(), newer)
        });
        self.learn(thread, order, &published);
        (bits, newer)
    }

    fn learn(&self, thread: usize, order: Ordering, published: &VectorClock) {
        if acquires(order) {
            clocks::learn(published);
        } else {
            clocks::learn_by_fence(thread, published);
        }
    }

    #[track_caller]
    pub fn store(&self, value: u64, order: Ordering) {
        let place = Location::caller();
        assert!(
            !matches!(order, Ordering::Acquire | Ordering::AcqRel),
            "there is no such thing as a {order:?} store"
        );
        clocks::switch();
        self.push(value, order, place, None);
        let object = self.object.number();
        note(
            place,
            Action::Store {
                method: "store",
                object,
                order,
                old: None,
                value,
            },
        );
    }

    /// Changes the newest value, unless `change` gives none; gives what it was.
    #[track_caller]
    pub fn update(
        &self,
        method: &'static str,
        (order, unchanged): (Ordering, Ordering),
        change: impl FnOnce(u64) -> Option<u64>,
    ) -> Result<u64, u64> {
        let place = Location::caller();
        clocks::switch();
        let (old, object) = (self.bits.get(), self.object.number());
        let changed = change(old);
        let mut inherited = None;
        if clocks::is_weak() {
            let (thread, _) = clocks::tick();
            let published = self.with_history(|history| {
                history.see(thread, history.newest());
                history.stores[history.newest()].published.clone()
            });
            let order = changed.map_or(unchanged, |_| order);
            self.learn(thread, order, &published);
            inherited = Some(published);
        }
        let Some(value) = changed else {
            note(
                place,
                Action::Unchanged {
                    method,
                    object,
                    value: old,
                },
            );
            return Err(old);
        };
        self.push(value, order, place, inherited);
        note(
            place,
            Action::Store {
                method,
                object,
                order,
                old: Some(old),
                value,
            },
        );
        Ok(old)
    }
}

#[track_caller]
pub fn fence(order: Ordering) {
    let place = Location::caller();
    assert!(
        order != Ordering::Relaxed,
        "there is no such thing as a relaxed fence"
    );
    clocks::switch();
    if clocks::is_weak() {
        clocks::fence(order);
    }
    note(place, Action::Fence(order));
}
