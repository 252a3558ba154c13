//! The algorithm of the queues: stores under mutexes, and three sets of waiters.

use std::{hint, mem};

use super::error::{GetError, PutError, TaskDoneError};
use super::store::Store;
use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::sync::{Mutex, MutexGuard, lock};
use crate::wait::{Deadline, WaitSet, Wanted};

/// What those that put reach, and what is known about the items.
#[derive(Debug)]
struct Back<S> {
    store: S,
    /// At least so many more items may be put, of a queue with two ends and a bound. Its front may have got shorter since
    /// this was counted.
    room: usize,
    /// Items that were put and are not `task_done` yet.
    unfinished: usize,
    shut_down: bool,
}

/// What can be seen of a queue at one moment.
pub(super) struct Seen {
    pub(super) qsize: usize,
    pub(super) unfinished: usize,
    pub(super) shut_down: bool,
}

/// A queue. If its store keeps the order ([`Store::IN_ORDER`]) it has two ends, so that those that put and those that
/// get are seldom in each other's way: what is put goes into the store at the back, and what is got comes from
/// the one at the front, which takes over all that the back has when it is empty. Otherwise the back has
/// everything.
///
/// Who needs both mutexes locks the front's first. Waiters and those who wake them meet under one of them:
/// [`WaitSet::wake_ordered`] needs no more.
#[derive(Debug)]
pub(super) struct RawQueue<S> {
    front: End<S>,
    back: End<Back<S>>,
    maxsize: usize,
    not_empty: WaitSet,
    not_full: WaitSet,
    all_done: WaitSet,
}

impl<S: Store> RawQueue<S> {
    /// A bound of 0 is none.
    pub(super) fn new(maxsize: usize) -> Self {
        let back = Back {
            store: S::default(),
            room: maxsize,
            unfinished: 0,
            shut_down: false,
        };
        Self {
            front: End::new(S::default()),
            back: End::new(back),
            maxsize,
            not_empty: WaitSet::new(),
            not_full: WaitSet::new(),
            all_done: WaitSet::new(),
        }
    }

    pub(super) fn look(&self) -> Seen {
        let (front, back) = self.both();
        Seen {
            qsize: front.len() + back.store.len(),
            unfinished: back.unfinished,
            shut_down: back.shut_down,
        }
    }

    pub(super) fn is_full(&self, len: usize) -> bool {
        self.maxsize != 0 && len >= self.maxsize
    }

    /// How many items there are, nearly.
    fn noted_len(&self) -> usize {
        self.front.len() + self.back.len()
    }

    fn both(&self) -> (MutexGuard<'_, S>, MutexGuard<'_, Back<S>>) {
        let front = self.front.lock();
        (front, self.back.lock())
    }

    /// Without a deadline it does not wait.
    pub(super) fn put(
        &self,
        item: S::Item,
        deadline: Option<Deadline>,
    ) -> Result<(), PutError<S::Item>> {
        let mut offer = Offer {
            item: Some(item),
            not_empty: &self.not_empty,
        };
        let (mut ended, mut shut_down) = self.try_put(&mut offer.item);
        if !ended && let Some(deadline) = deadline {
            let room = || self.maxsize.saturating_sub(self.noted_len());
            let mut put = || {
                // Those that get change the front alone: under its mutex they are sure to see who waits.
                let _front = S::IN_ORDER.then(|| self.front.lock());
                (ended, shut_down) = self.try_put(&mut offer.item);
                ended
            };
            self.not_full
                .wait_spinning(Wanted::Queue, deadline, &|| any_soon(room), &mut put);
        }
        match offer.item.take() {
            None => Ok(()),
            Some(item) if shut_down => Err(PutError::ShutDown(item)),
            Some(item) => Err(PutError::Full(item)),
        }
    }

    /// Whether that is the end of it, and whether because the queue is shut down.
    fn try_put(&self, item: &mut Option<S::Item>) -> (bool, bool) {
        let mut back = self.back.lock();
        if !back.shut_down
            && self.has_room(&mut back)
            && let Some(item) = item.take()
        {
            // Counted first: should the item's order panic, it is in the store all the same.
            back.unfinished += 1;
            back.room = back.room.saturating_sub(1);
            back.store.push(item);
            self.back.note(back.store.len());
            return (true, false);
        }
        (back.shut_down, back.shut_down)
    }

    fn has_room(&self, back: &mut Back<S>) -> bool {
        if self.maxsize == 0 {
            return true;
        }
        if !S::IN_ORDER || back.room == 0 {
            // Without the back's mutex, which is held, the front gets only shorter.
            let len = self.front.len() + back.store.len();
            back.room = self.maxsize.saturating_sub(len);
        }
        back.room > 0
    }

    /// Without a deadline it does not wait.
    pub(super) fn get(&self, deadline: Option<Deadline>) -> Result<S::Item, GetError> {
        let (mut item, mut shut_down) = self.try_get(deadline.is_none());
        if item.is_none()
            && !shut_down
            && let Some(deadline) = deadline
        {
            let items = || self.noted_len();
            let mut get = || {
                (item, shut_down) = self.try_get(true);
                item.is_some() || shut_down
            };
            self.not_empty
                .wait_spinning(Wanted::Queue, deadline, &|| any_soon(items), &mut get);
        }
        match item {
            Some(item) => {
                if self.maxsize != 0 {
                    self.not_full.wake_ordered(1);
                }
                Ok(item)
            }
            None if shut_down => Err(GetError::ShutDown),
            None => Err(GetError::Empty),
        }
    }

    /// The next item; whether the queue is shut down, if there is none. Unless `thorough`, nothing is asked of the back
    /// if that seems to be empty.
    fn try_get(&self, thorough: bool) -> (Option<S::Item>, bool) {
        if !S::IN_ORDER {
            let mut back = self.back.lock();
            let item = back.store.pop();
            self.back.note(back.store.len());
            return (item, back.shut_down);
        }
        let mut front = self.front.lock();
        let mut item = front.pop();
        let mut shut_down = false;
        if item.is_none() && (thorough || self.back.len() > 0) {
            let mut back = self.back.lock();
            mem::swap(&mut *front, &mut back.store);
            self.back.note(0);
            shut_down = back.shut_down;
            item = front.pop();
            // Noted while the back cannot count its room without it.
            self.front.note(front.len());
            drop(back);
        } else {
            self.front.note(front.len());
        }
        (item, shut_down)
    }

    pub(super) fn task_done(&self) -> Result<(), TaskDoneError> {
        let mut back = self.back.lock();
        back.unfinished = back.unfinished.checked_sub(1).ok_or(TaskDoneError)?;
        let all = back.unfinished == 0;
        drop(back);
        if all {
            self.all_done.wake_all();
        }
        Ok(())
    }

    pub(super) fn join(&self, deadline: Deadline) -> bool {
        let mut done = || self.back.lock().unfinished == 0;
        self.all_done.wait_until(Wanted::Queue, deadline, &mut done)
    }

    pub(super) fn shut_down(&self, immediate: bool) {
        let (mut front, mut back) = self.both();
        back.shut_down = true;
        let thrown_away = immediate.then(|| {
            let len = front.len() + back.store.len();
            back.unfinished = back.unfinished.saturating_sub(len);
            self.front.note(0);
            self.back.note(0);
            (mem::take(&mut *front), mem::take(&mut back.store))
        });
        drop((front, back));
        self.not_empty.wake_all();
        self.not_full.wake_all();
        self.all_done.wake_all();
        // The items' own drop may use the queue: not under its mutexes.
        drop(thrown_away);
    }
}

/// One end of a queue, in a cache line of its own.
#[derive(Debug)]
#[repr(align(128))]
struct End<T> {
    /// How many items it has, as noted under its mutex, for those that do not lock it.
    len: AtomicUsize,
    state: Mutex<T>,
}

impl<T> End<T> {
    fn new(state: T) -> Self {
        Self {
            len: AtomicUsize::new(0),
            state: Mutex::new(state),
        }
    }

    fn lock(&self) -> MutexGuard<'_, T> {
        lock(&self.state)
    }

    fn note(&self, len: usize) {
        self.len.store(len, Ordering::Relaxed);
    }

    fn len(&self) -> usize {
        self.len.load(Ordering::Relaxed)
    }
}

/// Whether there is any, by a count that others change. If so, it is let grow for as long as it does, for some microseconds
/// at most: whoever takes each item, or each free place, as soon as it is there is in the way of the other end at every one.
fn any_soon(count: impl Fn() -> usize) -> bool {
    /// In pauses of the processor.
    const FIRST: u32 = 4;
    const LAST: u32 = 64;
    let mut before = count();
    let mut pause = FIRST;
    while before > 0 && pause <= LAST {
        (0..pause).for_each(|_| hint::spin_loop());
        let now = count();
        if now <= before {
            return now > 0;
        }
        (before, pause) = (now, pause * 2);
    }
    before > 0
}

/// An item on its way into the queue; in the end a getter is woken, also if the store panics.
struct Offer<'a, T> {
    item: Option<T>,
    not_empty: &'a WaitSet,
}

impl<T> Drop for Offer<'_, T> {
    fn drop(&mut self) {
        self.not_empty.wake_ordered(1);
    }
}
