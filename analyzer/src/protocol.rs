//! What the kernel asks, and what the analyzer answers. This file is compiled into both.

use serde::{Deserialize, Serialize};

/// What the kernel sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// What is known from here on. The first that is sent.
    Notebook(Notebook),
    /// What can stand at a place.
    Complete { id: u64, place: Place },
    /// What is known of the name that ends at a place.
    Inspect { id: u64, place: Place },
}

/// What a cell can name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notebook {
    /// Crates, as they stand in Cargo.toml: names and values.
    pub crates: Vec<(String, String)>,
    /// The imports, items and variables of the session, as Rust code.
    pub code: String,
}

/// A place in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The cell's code, which is Rust: commands are blanked out.
    pub code: String,
    /// In bytes.
    pub cursor: usize,
}

/// What the analyzer sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// All sources are read: from here on answers come soon.
    Ready,
    /// To `Complete`.
    Completions {
        id: u64,
        completions: Vec<Completion>,
    },
    /// To `Inspect`; nothing if nothing is known of the name.
    Page { id: u64, page: Option<Page> },
    /// To either, when there is no answer.
    None { id: u64, reason: String },
}

/// Something that can stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// The name, with the `!` of a macro.
    pub text: String,
    /// What it is, in the words that front ends know.
    pub kind: String,
    /// How it is declared, or used.
    pub signature: String,
}

/// What is known of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    pub plain: String,
    pub markdown: String,
}
