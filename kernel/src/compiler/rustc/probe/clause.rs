//! What is expected of rustc, and whether it does it.

use crate::compiler::rustc::messages::Compiled;

/// A crate to compile, and what rustc has to say of it.
pub(super) struct Source {
    /// Its files: the first is its root.
    pub(super) files: &'static [(&'static str, &'static str)],
    /// What is made of it.
    pub(super) emit: &'static str,
    /// Of which type. An executable or a dynamic library needs a linker.
    pub(super) crate_type: &'static str,
    /// What is expected.
    pub(super) clauses: &'static [Clause],
}

pub(super) const CHECK: &str = "metadata";
pub(super) const LIBRARY: &str = "--crate-type=lib";
pub(super) const DYNAMIC: &str = "--crate-type=dylib";

/// Something that is relied on.
pub(super) enum Clause {
    /// An error with this code.
    Code(&'static str),
    /// A message, a note or a label with this phrase.
    Phrase(&'static str),
    /// Something else: what it is, and whether it is there.
    Form(&'static str, fn(&Evidence) -> bool),
}

/// What rustc gave for a source.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// What it printed.
    pub(super) compiled: Compiled,
    /// Whether it said that the object is there.
    pub(super) has_object: bool,
    /// The MIR, if it was asked for.
    pub(super) mir: String,
}

impl Evidence {
    fn has_code(&self, code: &str) -> bool {
        let mut messages = self.compiled.messages.iter();
        messages.any(|message| message.code() == code)
    }

    /// Whether a message, a note or a label has this phrase.
    pub(super) fn says(&self, phrase: &str) -> bool {
        self.compiled.messages.iter().any(|message| {
            let mut labels = message.spans.iter().filter_map(|span| span.label.as_ref());
            message.says(phrase) || labels.any(|label| label.contains(phrase))
        })
    }
}

impl Clause {
    /// What it is called where the user reads of it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Code(code) => format!("the error {code}"),
            Self::Phrase(phrase) => format!("the phrase \"{}\"", phrase.trim()),
            Self::Form(what, _) => (*what).to_owned(),
        }
    }

    /// Whether it holds.
    pub(super) fn holds(&self, evidence: &Evidence) -> bool {
        match self {
            Self::Code(code) => evidence.has_code(code),
            Self::Phrase(phrase) => evidence.says(phrase),
            Self::Form(_, is_there) => is_there(evidence),
        }
    }
}
