//! What the session holds if all is well.

use std::collections::BTreeMap;

/// The values of a session. Each lives somewhere else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct State {
    /// Variables, with their memory on the heap.
    pub(super) numbers: Vec<u64>,
    pub(super) map: BTreeMap<u64, u64>,
    pub(super) text: String,
    /// An atomic static.
    pub(super) count: u64,
    /// A static with a lock.
    pub(super) list: Vec<u64>,
    /// A thread-local variable of the thread that runs the cells.
    pub(super) own: Vec<u64>,
    /// What a function returns, which is defined anew now and then.
    pub(super) first: u64,
    /// A local variable of a thread that runs all the time.
    pub(super) asked: u64,
    /// Memory shared with other processes.
    pub(super) shared: u64,
}

/// The expression that shows them all.
pub(super) const SHOWN: &str = "(&numbers, &map, &text, COUNT.load(SeqCst), LIST.lock().unwrap().clone(), \
    OWN.with(|own| own.borrow().clone()), first(), second(), ask(0), shared.get())";

impl State {
    /// What [`SHOWN`] shows.
    pub(super) fn shown(&self) -> String {
        format!(
            "{:?}",
            (
                &self.numbers,
                &self.map,
                &self.text,
                self.count,
                &self.list,
                &self.own,
                self.first,
                self.first + 1,
                self.asked,
                self.shared
            )
        )
    }
}

/// The states that a session has been in, by execution counts.
#[derive(Debug, Default)]
pub(super) struct Past {
    before: BTreeMap<u32, State>,
    after: BTreeMap<u32, State>,
}

impl Past {
    pub(super) fn note(&mut self, number: u32, before: &State, after: &State) {
        self.before.insert(number, before.clone());
        self.after.insert(number, after.clone());
    }

    pub(super) fn before(&self, number: u32) -> Option<&State> {
        self.before.get(&number)
    }

    pub(super) fn after(&self, number: u32) -> Option<&State> {
        self.after.get(&number)
    }
}
