//! What the program reports: the JSON that `explore/src/engine/report.rs` writes.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use addr2line::Loader;
use serde::Deserialize;

use crate::compiler::syntax::source::cell_of_name;

/// What was found.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Report {
    /// What shuttle says of the failure, if there is one.
    pub(crate) failure: Option<String>,
    /// How the schedules were chosen that led to it.
    pub(crate) strategy: String,
    /// How many there are, if all were tried.
    pub(crate) all: Option<usize>,
    /// How many were tried.
    pub(crate) runs: usize,
    pub(crate) seconds: f64,
    pub(crate) choices: Vec<u16>,
    /// Whether the same choices have led to the same again.
    pub(crate) repeatable: bool,
    /// The values that runs have had, each with how many.
    #[serde(default)]
    pub(crate) values: Vec<(String, usize)>,
    pub(crate) objects: Vec<Object>,
    /// The names that threads were given.
    pub(crate) names: Vec<(u16, String)>,
    pub(crate) events: Vec<Event>,
}

/// Something that threads share.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Object {
    pub(crate) kind: String,
    /// Where it was made; of the runtime's own, where a cell has used it first.
    pub(crate) place: Place,
    /// The calls of the cell's by which it was used first, if it is the runtime's own.
    pub(super) called: Option<Vec<u64>>,
    /// Whether it is a part of one of the runtime's primitives.
    #[serde(default)]
    pub(crate) inner: bool,
    /// Its address when it was used first.
    pub(super) address: u64,
}

/// A place in a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// What a thread did.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Event {
    pub(crate) thread: u16,
    /// Where it happened, for the user.
    pub(crate) place: Option<Place>,
    /// The calls of the cell's that have led here, if the place does not tell.
    pub(super) called: Option<Vec<u64>>,
    /// Whether it is a step within one of the runtime's primitives.
    #[serde(default)]
    pub(crate) inner: bool,
    pub(crate) action: Action,
}

/// What happened; the package's own `Action` says more of each.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    Want(Call),
    Got(Call),
    Refused(Call),
    Release(Call),
    Access {},
    Load {
        object: u32,
        order: String,
        value: u64,
        newest: Option<Newest>,
    },
    Store {
        object: u32,
        old: Option<u64>,
        value: u64,
    },
    Unchanged {
        method: String,
        object: u32,
        value: u64,
    },
    Fence(String),
    Notify {
        method: String,
        object: u32,
        waiting: u32,
    },
    TimedOut(u32),
    Spawn(u16),
    Unpark(u16),
    Exit,
    Yield,
    Sleep(String),
    Print(String),
    Panic(String),
    Fail(String),
}

impl Action {
    /// Whether it is told also within a primitive of the runtime's.
    pub(crate) fn is_told(&self) -> bool {
        match self {
            // Waits have the kind of what is waited for, and locks are taken.
            Self::Want(call) | Self::Got(call) => {
                call.method == "take" || call.method.contains(' ')
            }
            Self::TimedOut(_) | Self::Spawn(_) | Self::Exit | Self::Panic(_) | Self::Fail(_) => {
                true
            }
            _ => false,
        }
    }

    /// Whether it is the end of a cell with this error.
    pub(crate) fn fails_with(&self, text: &str) -> bool {
        matches!(self, Self::Fail(own) if own == text)
    }
}

/// A method of an object.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) object: u32,
}

/// What a load did not see.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Newest {
    pub(crate) value: u64,
    pub(crate) place: Place,
}

/// What kind of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    Panic,
    /// The cell has ended with an error.
    Error,
    Deadlock,
    /// It does not end.
    Endless,
}

impl Failure {
    /// Its name, with which the error begins.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Panic => "Panic",
            Self::Error => "Error",
            Self::Deadlock => "Deadlock",
            Self::Endless => "Endless",
        }
    }
}

impl Report {
    /// Finds the lines of what happened within the runtime, in the program's line tables.
    pub(crate) fn locate(&mut self, program: &Path) {
        let Ok(lines) = Loader::new(program) else {
            return;
        };
        let mut known: BTreeMap<Vec<u64>, Option<Place>> = BTreeMap::new();
        let mut find = |called: &mut Option<Vec<u64>>| {
            let called = called.take()?;
            let place = known.entry(called);
            let place = place.or_insert_with_key(|called| {
                let mut addresses = called.iter();
                addresses.find_map(|address| line_in_cell(&lines, *address))
            });
            place.clone()
        };
        for object in &mut self.objects {
            if let Some(place) = find(&mut object.called) {
                object.place = place;
            }
        }
        for event in &mut self.events {
            event.place = find(&mut event.called).or(event.place.take());
        }
    }

    /// What kind of failure was found.
    pub(crate) fn failure(&self) -> Option<Failure> {
        let text = self.failure.as_deref()?;
        Some(if text.starts_with("deadlock!") {
            Failure::Deadlock
        } else if text.starts_with("exceeded max_steps bound") {
            Failure::Endless
        } else if self
            .events
            .iter()
            .any(|event| event.action.fails_with(text))
        {
            Failure::Error
        } else {
            Failure::Panic
        })
    }

    /// How long it took.
    pub(crate) fn time(&self) -> Duration {
        Duration::from_secs_f64(self.seconds.max(0.0))
    }

    /// What is said of a search that has found no failure.
    pub(crate) fn holds(&self) -> String {
        let mut text = self.searched();
        match &self.values[..] {
            [] => {}
            [(value, _)] => text.push_str(&format!("\nits value is always {value}")),
            values => {
                text.push_str("\nits value differs:");
                for (value, times) in values {
                    text.push_str(&format!("\n  {value} in {times} schedule"));
                    text.push_str(if *times == 1 { "" } else { "s" });
                }
            }
        }
        text
    }

    /// How far the search has got.
    fn searched(&self) -> String {
        let ms = self.time().as_secs_f64() * 1e3;
        match self.all {
            Some(1) => format!("holds in the only schedule that there is ({ms:.0} ms)"),
            Some(all) => format!("holds in all {all} schedules; there are no others ({ms:.0} ms)"),
            None => format!(
                "no failure in {} schedules ({ms:.0} ms); there are more",
                self.runs
            ),
        }
    }
}

/// The line of a cell that an address belongs to.
fn line_in_cell(lines: &Loader, address: u64) -> Option<Place> {
    let mut frames = lines.find_frames(address).ok()?;
    while let Ok(Some(frame)) = frames.next() {
        let Some(location) = frame.location else {
            continue;
        };
        let name = location.file.and_then(|file| file.rsplit('/').next());
        if let Some(name) = name.filter(|name| cell_of_name(name).is_some()) {
            return Some(Place {
                file: name.to_owned(),
                line: location.line?,
                column: location.column.unwrap_or(1),
            });
        }
    }
    None
}
