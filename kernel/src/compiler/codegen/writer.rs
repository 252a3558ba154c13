//! What a crate's source is written from, and what has been written of it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::emitted::{Emitted, Generated};
use super::findings::Findings;
use crate::compiler::plan::Plan;
use crate::compiler::resolve::held::Held;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::toolchain::Bundle;
use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::source::Source;

/// All that a crate's source is written from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The number of the crate.
    pub serial: u32,
    /// The cell's text.
    pub source: &'a Arc<Source>,
    /// Its parts.
    pub parsed: &'a Parsed,
    /// What the crate consists of.
    pub plan: &'a Plan,
    /// What earlier cells have defined.
    pub scope: &'a Scope,
    /// What earlier runs of rustc have found out.
    pub findings: &'a Findings,
    /// The statements of earlier cells that run first; they are the first of its statements.
    pub before: &'a [Held],
    /// The libraries with the crates of `:dep`.
    pub bundles: &'a [Bundle],
    /// Of those, the one in whose async runtime it runs.
    pub executor: Option<&'a str>,
}

impl<'a> Input<'a> {
    /// The variables that the statements bind, in their order; not those that outlive the statements' panic.
    pub(super) fn bound(&self) -> impl DoubleEndedIterator<Item = &'a String> + Clone + use<'a> {
        self.bound_by(self.first_own()..self.parsed.statements.len())
    }

    /// The first of the statements that are run under one roof with the cell's own.
    pub(super) fn first_own(&self) -> usize {
        if self.is_apart() {
            self.before.len()
        } else {
            0
        }
    }

    /// The variables that some of the statements bind.
    pub(super) fn bound_by(
        &self,
        statements: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = &'a String> + Clone + use<'a> {
        let statements = self.parsed.statements[statements].iter();
        let bindings = statements.flat_map(|statement| &statement.binds);
        bindings.map(|binding| &binding.name)
    }

    /// The earlier variables that were moved away and may have a value again, as they are assigned to, and those that stood in
    /// place and were moved in part.
    pub(super) fn reassigned(&self) -> BTreeSet<&'a String> {
        let may_have_one = |name: &&String| {
            let is_moved_here =
                self.findings.moved.contains(*name) && self.parsed.assigned.contains(*name);
            let is_moved_in_part = self.findings.moved.contains(*name)
                && self.findings.parts.contains_key(*name)
                && !self.parsed.binds(name);
            let earlier = self.scope.variables.get(*name);
            let is_gone =
                self.findings.moved.contains(*name) && !self.parsed.assigned.contains(*name);
            let is_in_body = self.findings.in_body.contains(*name) && !is_gone;
            is_in_body
                || is_moved_here
                || is_moved_in_part
                || earlier.is_some_and(|variable| variable.moved_by.is_some())
        };
        self.plan.reads.iter().filter(may_have_one).collect()
    }
}

/// A crate's source in the making.
pub(super) struct Writer<'a> {
    pub(super) input: Input<'a>,
    pub(super) emitted: Emitted,
    /// `lib.rs`.
    pub(super) root: String,
    /// The file with the statements.
    pub(super) body: String,
}

/// Adds a generated piece to a text.
pub(super) fn add(
    text: &mut String,
    pieces: &mut Vec<(Range<usize>, Generated)>,
    piece: &str,
    meaning: Generated,
) {
    let start = text.len();
    text.push_str(piece);
    pieces.push((start..text.len(), meaning));
}
