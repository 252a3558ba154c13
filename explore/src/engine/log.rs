//! What a run did, event by event, and with which objects.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;
use std::panic::Location;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::calls::{self, Calls};

/// Where something stands in the cell.
pub type Place = &'static Location<'static>;

/// What happened.
#[derive(Debug, Clone)]
pub enum Action {
    /// A thread asks for something, and may wait for it.
    Want(&'static str, u32),
    /// It has got it.
    Got(&'static str, u32),
    /// It has not got it, and goes on.
    Refused(&'static str, u32),
    /// It gives something back.
    Release(&'static str, u32),
    /// It reads or writes what a lock guards.
    Access { object: u32, writes: bool },
    /// A load; `newest` is what was stored last, and where, if that is not what it saw.
    Load {
        object: u32,
        order: Ordering,
        value: u64,
        newest: Option<(u64, Place)>,
    },
    /// A store, or a successful change of an atomic: what it was before.
    Store {
        method: &'static str,
        object: u32,
        order: Ordering,
        old: Option<u64>,
        value: u64,
    },
    /// A change of an atomic that was not made, since it is this.
    Unchanged {
        method: &'static str,
        object: u32,
        value: u64,
    },
    /// A fence.
    Fence(Ordering),
    /// A condition variable is notified; so many wait.
    Notify {
        method: &'static str,
        object: u32,
        waiting: u32,
    },
    /// The time of a wait is over.
    TimedOut(u32),
    /// A thread starts another one.
    Spawn(u16),
    /// A thread lets another one go on that parks.
    Unpark(u16),
    /// A thread has ended.
    Exit,
    /// It lets others run.
    Yield,
    /// It sleeps.
    Sleep(Duration),
    /// It prints.
    Print(String),
    /// It panics.
    Panic(String),
    /// The cell ends with an error.
    Fail(String),
}

/// An action, with its thread and place.
#[derive(Debug)]
pub struct Event {
    pub thread: u16,
    pub place: Option<Place>,
    pub action: Action,
    /// Where it was called, if that is not known by its place: in the runtime, or at the end of a guard.
    pub calls: Option<Calls>,
}

/// What is known of a run.
#[derive(Debug, Default)]
pub struct Run {
    pub events: Vec<Event>,
    /// The objects, by their number less one: kind, where they were made, and their address when they were used first.
    pub objects: Vec<(&'static str, Place, usize)>,
    /// Where those were used first whose place is the runtime's.
    pub uses: Vec<Option<Calls>>,
    /// The names that threads were given.
    pub names: Vec<(u16, &'static str)>,
    ended: Vec<u16>,
}

/// So many events of one run are kept: a run that goes on for longer is shown as far.
const MOST_EVENTS: usize = 20_000;

thread_local! {
    /// All names of threads so far: they are the same in each run.
    static NAMES: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
    static RUN: RefCell<Run> = RefCell::default();
    static RUNNING: Cell<u16> = const { Cell::new(0) };
    static LOOKS_AT_CALLS: Cell<bool> = const { Cell::new(false) };
}

/// A run begins.
pub(super) fn begin() {
    RUN.take();
    RUNNING.set(0);
}

/// What the run did that has just ended.
pub(super) fn take() -> Run {
    RUN.take()
}

/// Another thread goes on.
pub(super) fn switch_to(thread: u16) {
    RUNNING.set(thread);
}

/// The thread that runs.
pub fn running() -> u16 {
    RUNNING.get()
}

/// Notes what the running thread does at a place.
pub fn note(place: Place, action: Action) {
    add(Some(place), action);
}

/// Notes that the running thread has ended.
pub fn note_end() {
    RUN.with_borrow_mut(|run| run.ended.push(running()));
    add(None, Action::Exit);
}

/// Notes a panic, unless the log is being written just now.
pub(super) fn note_panic(place: Option<Place>, message: String) {
    let event = Event {
        thread: running(),
        place,
        action: Action::Panic(message),
        calls: None,
    };
    let _ = RUN.try_with(|run| run.try_borrow_mut().map(|mut run| run.events.push(event)));
}

fn add(place: Option<Place>, action: Action) {
    let thread = running();
    let ends = matches!(action, Action::Release(..));
    let calls = place.and_then(|place| calls_to(place, ends));
    RUN.with_borrow_mut(|run| {
        if run.events.len() < MOST_EVENTS {
            run.events.push(Event {
                thread,
                place,
                action,
                calls,
            });
        }
    });
}

/// The calls that have led to something, if its place does not tell them and they are looked at.
fn calls_to(place: Place, ends: bool) -> Option<Calls> {
    let is_wanted = LOOKS_AT_CALLS.get() && (ends || is_of_runtime(place));
    is_wanted.then(calls::under_way)
}

/// Whether a place is in the runtime, as it is built for this.
pub(super) fn is_of_runtime(place: Place) -> bool {
    place.file().contains("runtime/src/") || place.file().contains("model/src/")
}

/// Whether the calls are looked at that lead to what is in the runtime: that takes time.
pub(super) fn look_at_calls(looks: bool) {
    LOOKS_AT_CALLS.set(looks);
}

/// Notes that the running thread has started another one.
pub fn note_spawn(place: Place, thread: u16, name: Option<String>) {
    if let Some(name) = name {
        let name = kept(name);
        RUN.with_borrow_mut(|run| run.names.push((thread, name)));
    }
    note(place, Action::Spawn(thread));
}

/// The name as it is kept, once.
fn kept(name: String) -> &'static str {
    NAMES.with_borrow_mut(|names| {
        let known = names.get(&*name).copied();
        known.unwrap_or_else(|| {
            let name = String::leak(name);
            names.insert(name);
            name
        })
    })
}

/// The name that a thread was given.
pub fn name_of(thread: u16) -> Option<&'static str> {
    RUN.with_borrow(|run| {
        let mut names = run.names.iter();
        let named = names.find(|(own, _)| *own == thread);
        named.map(|(_, name)| *name)
    })
}

/// Whether a thread has ended.
pub fn has_ended(thread: u16) -> bool {
    RUN.with_borrow(|run| run.ended.contains(&thread))
}

/// What the printing macros call.
#[track_caller]
pub fn print(text: fmt::Arguments<'_>, end: &str) {
    note(Location::caller(), Action::Print(format!("{text}{end}")));
}

/// Something that threads share. It has a number from its first use on.
pub struct Object {
    kind: &'static str,
    place: Place,
    number: Cell<u32>,
}

// SAFETY: all threads of a run are coroutines of one thread of the system's.
unsafe impl Sync for Object {}
// SAFETY: as above.
unsafe impl Send for Object {}

impl Object {
    /// One that is made at the place of the caller.
    #[track_caller]
    pub const fn new(kind: &'static str) -> Self {
        Self {
            kind,
            place: Location::caller(),
            number: Cell::new(0),
        }
    }

    /// Its number in this run, from 1.
    pub fn number(&self) -> u32 {
        if self.number.get() == 0 {
            RUN.with_borrow_mut(|run| {
                let address = std::ptr::from_ref(self).addr();
                run.objects.push((self.kind, self.place, address));
                run.uses.push(calls_to(self.place, false));
                self.number.set(run.objects.len() as u32);
            });
        }
        self.number.get()
    }

    /// Where it was made.
    pub fn place(&self) -> Place {
        self.place
    }
}
