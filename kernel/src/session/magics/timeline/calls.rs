//! Where a thread was when it waited, and what for, by the calls that it was in.

use std::collections::HashMap;
use std::rc::Rc;

use super::picture::{Place, State};
use crate::backtrace::{Call, Explainer, users};
use crate::compiler::driver::Compiler;
use crate::compiler::syntax::source::{cell_name, cell_of_name};
use crate::session::report::receiver::receiver;
use crate::session::report::threads::line_at;

/// What calls say.
#[derive(Debug, Default)]
pub(super) struct Explained {
    pub(super) place: Option<Place>,
    /// What the user's line calls the value whose method was called.
    pub(super) receiver: Option<String>,
    /// The functions that the user's code has called, the innermost first.
    functions: Vec<String>,
}

/// Explains the calls of several processes.
pub(super) struct Explanations<'a> {
    compiler: &'a Compiler,
    /// The number of the cell that the timeline is of, for the user.
    number: u32,
    explainer: Explainer<'a>,
    known: HashMap<Vec<u64>, Rc<Explained>>,
}

impl<'a> Explanations<'a> {
    pub(super) fn new(compiler: &'a Compiler, number: u32) -> Self {
        Self {
            compiler,
            number,
            explainer: Explainer::new("", compiler),
            known: HashMap::new(),
        }
    }

    /// From here on addresses are those of a process whose `/proc/self/maps` says this.
    pub(super) fn enter_process(&mut self, maps: &str) {
        self.explainer.enter_process(maps);
        self.known.clear();
    }

    pub(super) fn of(&mut self, frames: &[u64]) -> Rc<Explained> {
        if let Some(known) = self.known.get(frames) {
            return Rc::clone(known);
        }
        let calls = self.explainer.calls(frames);
        let explained = Rc::new(self.explain(&calls));
        self.known.insert(frames.to_vec(), Rc::clone(&explained));
        explained
    }

    fn explain(&self, calls: &[Call]) -> Explained {
        let users = users(calls);
        let at = users.first().map(|(_, place)| place);
        let line = at.and_then(|at| line_at(at, self.compiler));
        let place = at.and_then(|at| {
            let cell = cell_of_name(&at.file)?;
            let shown = match cell == self.number {
                true => format!("line {}", at.line),
                false => format!("{} line {}", cell_name(cell), at.line),
            };
            let line = line.map_or_else(String::new, |(line, _)| line.trim().to_owned());
            Some(Place { shown, line })
        });
        let own = calls.iter().position(|call| call.place.is_some());
        let others = &calls[..own.unwrap_or(calls.len())];
        Explained {
            place,
            receiver: line.and_then(|(line, column)| receiver(line, column)),
            functions: others.iter().map(|call| call.function.clone()).collect(),
        }
    }

    /// The name of a cell's static at an address.
    pub(super) fn static_name(&mut self, address: u64) -> Option<String> {
        self.explainer.static_name(address)
    }
}

/// What a wait on a futex is for, by the functions that it came by: what they contain, and what that means.
const BY_CALLER: &[(&str, State, &str)] = &[
    ("Barrier", State::WaitsForEvent, "waits at a Barrier"),
    ("mpsc", State::WaitsForMessage, "waits for a message"),
    ("mpmc", State::WaitsForMessage, "waits for a message"),
    (
        "crossbeam_channel",
        State::WaitsForMessage,
        "waits for a message",
    ),
    ("rayon", State::Waits, "waits in rayon"),
    ("scope", State::WaitsForEnd, "waits for the ends of threads"),
    ("write_for", State::WaitsForLock, "waits to print"),
    ("output::", State::WaitsForLock, "waits to print"),
];

/// The same, where the innermost function that is known decides.
const BY_CALLED: &[(&str, State, &str)] = &[
    ("ondvar", State::WaitsForCondition, "waits on a Condvar"),
    ("rwlock", State::WaitsForLock, "waits for an RwLock"),
    ("RwLock", State::WaitsForLock, "waits for an RwLock"),
    ("utex", State::WaitsForLock, "waits for a Mutex"),
    (
        "once",
        State::WaitsForEvent,
        "waits for what another thread makes",
    ),
    (
        "Once",
        State::WaitsForEvent,
        "waits for what another thread makes",
    ),
    ("park", State::WaitsForEvent, "is parked"),
];

impl Explained {
    /// What a wait on a futex is for.
    pub(super) fn wait(&self) -> (State, &'static str) {
        let by_caller = BY_CALLER.iter().find(|(part, ..)| {
            let mut functions = self.functions.iter();
            functions.any(|function| function.contains(part))
        });
        let by_called = || {
            self.functions.iter().find_map(|function| {
                // `futex` is how std's modules for this system are called, too.
                let function = function.replace("futex", "");
                BY_CALLED.iter().find(|(part, ..)| function.contains(part))
            })
        };
        match by_caller.or_else(by_called) {
            Some((_, state, what)) => (*state, what),
            None => (State::Waits, "waits"),
        }
    }
}

/// What a wait for a primitive of the runtime's is.
pub(super) fn of_primitive(kind: &str) -> State {
    match kind {
        "a Lock" | "an RLock" => State::WaitsForLock,
        "a Condition" => State::WaitsForCondition,
        "a Queue" | "a message" => State::WaitsForMessage,
        "a Semaphore" | "an Event" | "a Barrier" => State::WaitsForEvent,
        "the end of a Thread" | "the end of a Process" | "a Future" => State::WaitsForEnd,
        _ => State::Waits,
    }
}
