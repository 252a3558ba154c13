//! The algorithm of the blocking queues: a store under a mutex, and three sets of waiters.

use std::mem;

use super::error::{GetError, PutError, TaskDoneError};
use super::store::Store;
use crate::sync::{Mutex, lock};
use crate::wait::{Deadline, WaitSet, Wanted};

/// The items, and what is known about them.
#[derive(Debug)]
struct QueueState<S> {
    store: S,
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

#[derive(Debug)]
pub(super) struct RawQueue<S> {
    maxsize: usize,
    state: Mutex<QueueState<S>>,
    not_empty: WaitSet,
    not_full: WaitSet,
    all_done: WaitSet,
}

impl<S: Store> RawQueue<S> {
    /// A bound of 0 is none.
    pub(super) fn new(maxsize: usize) -> Self {
        Self {
            maxsize,
            state: Mutex::new(QueueState {
                store: S::default(),
                unfinished: 0,
                shut_down: false,
            }),
            not_empty: WaitSet::new(),
            not_full: WaitSet::new(),
            all_done: WaitSet::new(),
        }
    }

    pub(super) fn look(&self) -> Seen {
        let state = lock(&self.state);
        Seen {
            qsize: state.store.len(),
            unfinished: state.unfinished,
            shut_down: state.shut_down,
        }
    }

    pub(super) fn is_full(&self, len: usize) -> bool {
        self.maxsize != 0 && len >= self.maxsize
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
        let mut shut_down = false;
        let mut put = || {
            let mut state = lock(&self.state);
            shut_down = state.shut_down;
            if !shut_down
                && !self.is_full(state.store.len())
                && let Some(item) = offer.item.take()
            {
                // Counted first: should the item's order panic, it is in the store all the same.
                state.unfinished += 1;
                state.store.push(item);
                return true;
            }
            shut_down
        };
        match deadline {
            Some(deadline) => self.not_full.wait_until(Wanted::Queue, deadline, &mut put),
            None => put(),
        };
        match offer.item.take() {
            None => Ok(()),
            Some(item) if shut_down => Err(PutError::ShutDown(item)),
            Some(item) => Err(PutError::Full(item)),
        }
    }

    /// Without a deadline it does not wait.
    pub(super) fn get(&self, deadline: Option<Deadline>) -> Result<S::Item, GetError> {
        let mut item = None;
        let mut shut_down = false;
        let mut get = || {
            let mut state = lock(&self.state);
            item = state.store.pop();
            shut_down = state.shut_down;
            item.is_some() || shut_down
        };
        match deadline {
            Some(deadline) => self.not_empty.wait_until(Wanted::Queue, deadline, &mut get),
            None => get(),
        };
        match item {
            Some(item) => {
                if self.maxsize != 0 {
                    self.not_full.wake(1);
                }
                Ok(item)
            }
            None if shut_down => Err(GetError::ShutDown),
            None => Err(GetError::Empty),
        }
    }

    pub(super) fn task_done(&self) -> Result<(), TaskDoneError> {
        let mut state = lock(&self.state);
        state.unfinished = state.unfinished.checked_sub(1).ok_or(TaskDoneError)?;
        let all = state.unfinished == 0;
        drop(state);
        if all {
            self.all_done.wake_all();
        }
        Ok(())
    }

    pub(super) fn join(&self, deadline: Deadline) -> bool {
        let mut done = || lock(&self.state).unfinished == 0;
        self.all_done.wait_until(Wanted::Queue, deadline, &mut done)
    }

    pub(super) fn shut_down(&self, immediate: bool) {
        let mut state = lock(&self.state);
        state.shut_down = true;
        let thrown_away = immediate.then(|| {
            state.unfinished = state.unfinished.saturating_sub(state.store.len());
            mem::take(&mut state.store)
        });
        drop(state);
        self.not_empty.wake_all();
        self.not_full.wake_all();
        self.all_done.wake_all();
        // The items' own drop may use the queue: not under its mutex.
        drop(thrown_away);
    }
}

/// An item on its way into the queue; in the end a getter is woken, also if the store panics.
struct Offer<'a, T> {
    item: Option<T>,
    not_empty: &'a WaitSet,
}

impl<T> Drop for Offer<'_, T> {
    fn drop(&mut self) {
        self.not_empty.wake(1);
    }
}
