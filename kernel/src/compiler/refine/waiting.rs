//! Which statements of a cell's sequence run now, and which wait for a type.

use std::sync::Arc;

use crate::compiler::resolve::held::Held;
use crate::compiler::rustc::messages::Message;
use crate::compiler::syntax::source::Source;

/// What errors of inference tell.
#[derive(Debug)]
pub(crate) enum Lesson {
    /// Nothing: they are the user's.
    Nothing,
    /// That other statements run.
    Again,
    /// That what the user is to see is what rustc said before.
    Refused(Vec<Message>),
}

/// What waiting has come to for a cell.
#[derive(Debug, Default)]
pub struct Waiting {
    /// Statements of earlier cells that run now; they are the first of the cell's statements.
    pub before: Vec<Held>,
    /// Statements of the cell that wait for a later one.
    pub after: Vec<Held>,
    /// The earlier cell whose statements are around the cell's own, which are in a closure then.
    pub around: Option<u32>,
    /// Whether statements of the cell may wait.
    pub may_wait: bool,
    /// Of those before: the ones whose variables have been made once already, of a type that does not fit.
    pub(super) made_anew: Vec<Held>,
    /// Statements of earlier cells whose types this cell does not tell.
    pub left: Vec<Held>,
    /// What rustc said to that.
    pub(super) refusal: Vec<Message>,
}

impl Waiting {
    /// Those that wait stand in this text, which has got all its insertions by now.
    pub fn stand_in(&mut self, source: &Arc<Source>) {
        for held in &mut self.after {
            held.source = Arc::clone(source);
        }
    }

    /// The cell whose text makes a variable of an earlier statement.
    pub fn home(&self, name: &str) -> Option<u32> {
        let binds = |held: &&Held| held.bindings().any(|binding| binding.name == name);
        let held = self.before.iter().rfind(binds)?;
        Some(held.source.cell)
    }
}
