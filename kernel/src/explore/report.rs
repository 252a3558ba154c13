//! What the program reports: the JSON that `explore/src/engine/report.rs` writes.

use std::time::Duration;

use serde::Deserialize;

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
    /// Where it was made.
    pub(crate) place: Place,
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
    pub(crate) place: Option<Place>,
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
