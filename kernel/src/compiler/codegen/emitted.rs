//! A crate's source, and what its generated pieces mean.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;

use crate::compiler::names;
use crate::compiler::resolve::session_scope::Loan;
use crate::compiler::syntax::source::Source;

/// A generated piece whose errors mean something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Generated {
    /// Puts an earlier variable back.
    PutBack(String),
    /// Names the type of a new variable, with `impl` for a part of it.
    Kind(String),
    /// Keeps a new variable.
    Keep(String),
    /// Ends a new variable.
    End(String),
    /// Spells an earlier variable's type.
    Take(String),
    /// Tells the runtime that a type of errors has a Display form.
    Tell(String),
    /// Says that others go on to borrow from an earlier variable, and how.
    Tie(String, Loan),
    /// Lends a field of a variable apart from the rest.
    Lend(String),
    /// Takes earlier variables that borrow and end within the cell.
    Ended(Vec<String>),
    /// Asks whether a variable's type can live for less than it did.
    Shorter(String),
    /// Asks whether a new variable's type lives exactly as long as the variable.
    Exact(String),
    /// Reads a variable that something borrows from.
    Probe(String),
    /// Imports what an earlier cell defines; this is the declaration.
    Import(String),
}

/// Generated pieces of a file, by their places.
pub type Pieces = Vec<(Range<usize>, Generated)>;

/// Columns of a file that are not the user's: line, column, by how much.
pub type Shifts = Vec<(u32, u32, i32)>;

/// The source of a crate.
#[derive(Debug, Default)]
pub struct Emitted {
    /// What stands before all else: the crate's attributes, and the runtime.
    pub head: String,
    /// File names (in the crate's folder) with their texts.
    pub files: Vec<(String, String)>,
    /// Names in the crate's folder that lead to files elsewhere.
    pub links: Vec<(String, PathBuf)>,
    /// Files that cannot have the names that rustc shows, since others have them: file name, and the name shown.
    pub renamed: Vec<(String, String)>,
    /// The new variables, in the order of their numbers in the MIR.
    pub kept: Vec<String>,
    /// Of those: the ones of a type that stands in a function's result, and how many lifetimes that has for it.
    pub kinds: Vec<(String, usize)>,
    /// Whether the MIR will be read.
    pub wants_mir: bool,
    /// Generated pieces of `lib.rs`.
    pub root_generated: Pieces,
    /// Generated pieces of the body, after the user's text.
    pub body_generated: Pieces,
    /// Of the same file, as it is shown: the pieces within the user's text that put variables where they stay.
    pub placed: (String, Pieces),
    /// Generated pieces of the last file of earlier cells' statements, with that cell.
    pub held_generated: Option<(u32, Pieces)>,
    /// The keys of the statics in it, and whether it takes them from other crates.
    pub statics: Vec<(String, bool)>,
    /// The crates of earlier cells that the root names.
    pub crates: BTreeSet<u32>,
    /// For files whose code prints places: which columns are not the user's.
    pub shifts: Vec<(String, Shifts)>,
    /// Whether a function of the session may ask from where it is called.
    pub tells_callers: bool,
    /// The function that runs the statements, if there are any.
    pub entry: Option<String>,
}

impl Emitted {
    /// Adds a file that rustc shows under this name; gives the one that it has.
    pub fn add_file(&mut self, shown: String, text: String) -> String {
        let is_taken = self.files.iter().any(|(name, _)| *name == shown);
        let name = if is_taken {
            let name = format!("{}.again", self.files.len());
            self.renamed.push((name.clone(), shown));
            name
        } else {
            shown
        };
        self.files.push((name.clone(), text));
        name
    }

    /// Notes which columns of a file are not the user's, if its code may tell any.
    pub(super) fn note_shifts(&mut self, file: &str, source: &Source) {
        if self.tells_callers || source.text.contains("dbg!") {
            self.shifts.push((file.to_owned(), source.shifts()));
        }
    }

    /// Notes the crates of cells that generated text names.
    pub(super) fn note_crates_in(&mut self, text: &str) {
        self.crates.extend(names::crates_in(text));
    }
}
