//! A cell on its way through the compiler: what is known of it, and in the end its library.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::codegen::Findings;
use super::diagnostics::advice::Known;
use super::diagnostics::report::Report;
use super::plan::Plan;
use super::profile::Times;
use super::refine::waiting::Waiting;
use super::resolve::session_scope::Scope;
use super::syntax::cell::Parsed;
use super::syntax::source::{Edit, Source};
use super::syntax::tokens::Names;

/// A compiled cell.
#[derive(Debug)]
pub struct Cell {
    /// The number of its crate.
    pub serial: u32,
    /// The number that its symbols have: that of an earlier run, if its crate was kept then.
    pub serial_of_symbols: u32,
    /// Its text.
    pub source: Arc<Source>,
    /// What is inserted into its text, but for what stands in place.
    pub edits: Vec<Edit>,
    /// The variables that stand in place.
    pub in_place: Names,
    /// What is inserted for what stands in place.
    pub placing: Vec<Edit>,
    /// Its parts.
    pub parsed: Parsed,
    /// What its crate consists of.
    pub plan: Plan,
    /// What compiling found out.
    pub findings: Findings,
    /// Which statements of earlier cells run with it, and which of its own wait for a later one.
    pub waiting: Waiting,
    /// The library; `None` if there is nothing in it.
    pub library: Option<PathBuf>,
    /// The function that runs the statements.
    pub entry: Option<String>,
    /// Types of new variables, by name, as the MIR spells them.
    pub types: BTreeMap<String, String>,
    /// The new variables whose type is in the result of a function of its crate, in their order there.
    pub kinds: Vec<(String, usize)>,
    /// The closures in them: how other crates know each, and what it implements.
    pub closures: BTreeMap<String, String>,
    /// The type of the last expression, as the MIR spells it, if it is wanted.
    pub tail_type: Option<String>,
    /// What the user should know, one line each.
    pub notes: Vec<String>,
    /// rustc's warnings on its text.
    pub warnings: Vec<Report>,
    /// How long it took.
    pub times: Times,
}

impl Cell {
    /// A cell that has not been compiled yet.
    pub(crate) fn new(serial: u32, source: Arc<Source>, parsed: Parsed, plan: Plan) -> Self {
        Self {
            serial,
            serial_of_symbols: serial,
            source,
            edits: Vec::new(),
            in_place: Names::new(),
            placing: Vec::new(),
            parsed,
            plan,
            findings: Findings::default(),
            waiting: Waiting::default(),
            library: None,
            entry: None,
            types: BTreeMap::new(),
            kinds: Vec::new(),
            closures: BTreeMap::new(),
            tail_type: None,
            notes: Vec::new(),
            warnings: Vec::new(),
            times: Times::default(),
        }
    }

    /// Whether there is nothing to compile.
    pub(super) fn is_empty(&self) -> bool {
        self.parsed.statements.is_empty() && !self.plan.has_items() && self.parsed.uses.is_empty()
    }

    /// What earlier cells have moved of its variables will be missing at its end, too, unless it is assigned.
    pub(super) fn expect_parts(&mut self, scope: &Scope) {
        let reads = self.plan.reads.iter();
        let reads = reads.filter(|name| !self.parsed.assigned.contains(*name));
        let missing = reads.filter_map(|name| {
            let variable = scope.variables.get(name)?;
            (!variable.parts.is_empty()).then(|| (name.clone(), variable.parts.clone()))
        });
        self.findings.parts.extend(missing);
        let in_body = self.plan.reads.iter().filter(|name| {
            let variable = scope.variables.get(*name);
            let is_in_part = variable.is_some_and(|v| v.moved_by.is_none() && !v.parts.is_empty());
            is_in_part && self.parsed.assigned.contains(*name)
        });
        self.findings.in_body = in_body.cloned().collect();
    }

    /// What its errors are explained by.
    pub(super) fn known<'a>(&'a self, scope: &'a Scope) -> Known<'a> {
        Known {
            scope,
            parsed: &self.parsed,
            findings: &self.findings,
            waiting: &self.waiting,
            in_place: &self.in_place,
            changed_types: &self.plan.changed_types,
        }
    }
}
