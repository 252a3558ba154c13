//! Statements that wait for a later cell to give their variables a type.
//!
//! A `let` whose type its own cell does not tell is *open*. It is held, with what depends on it, and runs as the beginning of the
//! first later cell that mentions one of its names and tells its type.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::compiler::syntax::cell::{Binding, Statement};
use crate::compiler::syntax::source::Source;
use crate::compiler::syntax::tokens::Names;

/// What is shown as the type of an open variable.
pub const OPEN_TYPE: &str = "_";

/// A statement of an earlier cell that has not run yet.
#[derive(Debug, Clone)]
pub struct Held {
    /// The cell whose text it is.
    pub source: Arc<Source>,
    /// The statement.
    pub statement: Statement,
    /// Whether the statements of its cell await something.
    pub awaits: bool,
    /// Whether it does more than make a value, so that it matters when it runs.
    pub acts: bool,
}

impl Held {
    /// Whether it is this one.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.source, &other.source) && self.statement.range == other.statement.range
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.source.text[self.statement.range.clone()]
    }

    /// Its first line in its cell, counted from 1.
    pub fn line(&self) -> usize {
        let before = &self.source.text[..self.statement.range.start];
        before.matches('\n').count() + 1
    }

    /// Whether it binds one of these names.
    pub fn binds_any(&self, names: &Names) -> bool {
        self.bindings().any(|binding| names.contains(&binding.name))
    }

    /// Whether it needs a variable of another statement.
    pub fn needs(&self, other: &Self) -> bool {
        let mut bound = other.bindings();
        bound.any(|binding| self.statement.reads(&binding.name))
    }

    /// Its variables.
    pub fn bindings(&self) -> impl Iterator<Item = &Binding> {
        self.statement.binds.iter()
    }
}

/// The variables that statements mention before they bind that name.
pub fn mentioned(statements: &[Statement]) -> Names {
    let mut bound = Names::new();
    let mut mentioned = Names::new();
    for statement in statements {
        let names = statement.names.iter();
        let read = names.filter(|name| !bound.contains(*name) && statement.reads(name));
        mentioned.extend(read.cloned());
        bound.extend(statement.binds.iter().map(|binding| binding.name.clone()));
    }
    mentioned
}

/// Those that run before the statements of a cell, in their order: what binds a name that they mention, and what depends on
/// that.
pub fn wanted(held: &[Held], statements: &[Statement]) -> Vec<Held> {
    if held.is_empty() {
        return Vec::new();
    }
    let mentioned = mentioned(statements);
    let is_mentioned = |n: &usize| held[*n].binds_any(&mentioned);
    let mut wanted: BTreeSet<usize> = (0..held.len()).filter(is_mentioned).collect();
    loop {
        let before = wanted.len();
        for n in 0..held.len() {
            let is_tied = |m: &usize| held[n].needs(&held[*m]) || held[*m].needs(&held[n]);
            if wanted.iter().any(is_tied) {
                wanted.insert(n);
            }
        }
        if wanted.len() == before {
            break;
        }
    }
    wanted.into_iter().map(|n| held[n].clone()).collect()
}

#[cfg(test)]
mod tests;
