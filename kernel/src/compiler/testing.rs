//! For unit tests: a notebook whose cells are planned and remembered, but not compiled.

use std::sync::Arc;

use super::plan::Plan;
use super::resolve::session_scope::{Scope, Variable};
use super::syntax::cell::Parsed;
use super::syntax::source::Source;
use super::unit::Cell;

/// The notebook; its cells have the numbers 1, 2, ..., and so have their crates.
#[derive(Debug, Default)]
pub(crate) struct Notebook {
    pub(crate) scope: Scope,
    pub(crate) cells: u32,
}

impl Notebook {
    /// The next cell, not yet remembered.
    pub(crate) fn cell(&mut self, text: &str) -> Cell {
        self.cells += 1;
        let parsed = Parsed::new(text, &self.scope.item_macros()).expect("it is Rust");
        let plan = Plan::new(&parsed, &self.scope);
        let edits = parsed.items.iter().flat_map(|item| item.edits.clone());
        let source = Source::new(self.cells, text, edits.collect());
        Cell::new(self.cells, Arc::new(source), parsed, plan)
    }

    /// A cell whose items are remembered.
    pub(crate) fn define(&mut self, text: &str) -> Cell {
        let cell = self.cell(text);
        crate::session::remember_items(&mut self.scope, &cell);
        cell
    }

    /// A variable of an earlier cell.
    pub(crate) fn variable(&mut self, name: &str, ty: &str) {
        let variable = Variable {
            kind: None,
            ty: ty.to_owned(),
            mutable: name.starts_with("mut "),
            cell: self.cells,
            moved_by: None,
            parts: std::collections::BTreeSet::new(),
            borrows: None,
            is_exact: false,
            is_erased: false,
        };
        let name = name.trim_start_matches("mut ").to_owned();
        self.scope.variables.insert(name, variable);
    }
}

/// A notebook of these cells.
pub(crate) fn notebook(cells: &[&str]) -> Notebook {
    let mut notebook = Notebook::default();
    for cell in cells {
        notebook.define(cell);
    }
    notebook
}

/// The plan of the last of these cells.
pub(crate) fn plan(cells: &[&str], last: &str) -> Plan {
    notebook(cells).cell(last).plan
}
