//! What rustc prints with `--error-format=json`, as far as it is read.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::contract::{emit, level, phrase};
use crate::compiler::names;

/// A message of rustc, as far as we read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The text.
    pub message: String,
    /// The error's code.
    pub code: Option<Code>,
    /// `error`, `warning`, `note`, `help`, ...
    pub level: String,
    /// The places.
    #[serde(default)]
    pub spans: Vec<Span>,
    /// Notes and suggestions.
    #[serde(default)]
    pub children: Vec<Message>,
}

impl Message {
    /// The error's code; empty if it has none.
    pub fn code(&self) -> &str {
        self.code.as_ref().map_or("", |code| &code.code)
    }

    /// Whether it, or a note to it, has this phrase.
    pub fn says(&self, phrase: &str) -> bool {
        let children = &self.children;
        self.message.contains(phrase) || children.iter().any(|child| child.says(phrase))
    }

    /// Whether this holds for one of its texts.
    fn has(&self, is_it: &dyn Fn(&str) -> bool) -> bool {
        let mut of_spans = self
            .spans
            .iter()
            .flat_map(|span| span.label.iter().chain(&span.suggested_replacement));
        is_it(&self.message)
            || of_spans.any(|text| is_it(text))
            || self.children.iter().any(|child| child.has(is_it))
    }

    /// What its text names first, in backticks.
    pub fn named(&self) -> Option<&str> {
        self.message.split('`').nth(1)
    }

    /// What would be dropped while something else borrows, by its labels.
    pub fn dropped(&self) -> impl Iterator<Item = &str> {
        let labels = self.spans.iter().filter_map(|span| span.label.as_ref());
        labels.filter_map(|label| {
            let (_, rest) = label.split_once(phrase::WHEN_DROPPED)?;
            rest.split('`').next()
        })
    }

    /// Whether it is an error, other than the last one, which counts the others.
    pub fn is_error(&self) -> bool {
        self.level.starts_with(level::ERROR) && !self.message.starts_with(phrase::ABORTING)
    }
}

/// An error's code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Code {
    /// Such as `E0382`.
    pub code: String,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The file.
    pub file_name: String,
    /// The first byte.
    pub byte_start: usize,
    /// The byte after the last.
    pub byte_end: usize,
    /// Whether it is where the problem is.
    pub is_primary: bool,
    /// What is said of it.
    pub label: Option<String>,
    /// What could stand there instead.
    pub suggested_replacement: Option<String>,
    /// The macro call that it is in.
    pub expansion: Option<Box<Expansion>>,
}

impl Span {
    /// This place, and then the macro calls that it is in, the innermost first.
    pub fn levels(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |span| Some(&span.expansion.as_ref()?.span))
    }
}

/// A macro call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expansion {
    /// Its place.
    pub span: Span,
}

/// A line that rustc prints.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Line {
    Message(Box<Message>),
    /// It has written a file, of this kind.
    Artifact {
        #[serde(rename = "artifact")]
        _path: String,
        emit: String,
    },
}

/// What rustc gave.
#[derive(Debug, Default)]
pub struct Compiled {
    /// Whether it succeeded.
    pub success: bool,
    /// Its messages.
    pub messages: Vec<Message>,
    /// What it printed that is no message (it has crashed, say).
    pub rest: String,
    /// The signal that has ended it.
    pub ended_by: Option<i32>,
    /// How long it took to link what it made.
    pub linking: Duration,
}

impl Compiled {
    /// The errors.
    pub fn errors(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(|message| message.is_error())
    }

    /// Another program has failed with what rustc gave.
    pub(super) fn fail(&mut self, message: String) {
        self.success = false;
        self.messages.push(Message {
            message,
            code: None,
            level: level::ERROR.to_owned(),
            spans: Vec::new(),
            children: Vec::new(),
        });
    }

    /// Whether a message has the name of a cell's crate in it other than these.
    pub(super) fn names_other_crates(&self, known: &BTreeSet<u32>) -> bool {
        let is_other = |text: &str| names::crates_named_in(text).any(|own| !known.contains(&own));
        let mut messages = self.messages.iter();
        self.rest.contains(names::CRATE) || messages.any(|message| message.has(&is_other))
    }

    /// Takes in a line that rustc prints. True if it says that the object is there: what rustc does then is to tidy up.
    pub(in crate::compiler) fn read_line(&mut self, line: &str) -> bool {
        match serde_json::from_str(line) {
            Ok(Line::Message(message)) => self.messages.push(*message),
            Ok(Line::Artifact { emit, .. }) => return emit == emit::OBJECT,
            Err(_) => {
                self.rest.push_str(line);
                self.rest.push('\n');
            }
        }
        false
    }
}
