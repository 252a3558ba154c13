//! For unit tests: a notebook whose cells are planned and remembered, but not compiled.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compiler::driver::Cell;
use crate::compiler::codegen::krate::Findings;
use crate::compiler::profile::Times;
use crate::compiler::syntax::cell::Parsed;
use crate::compiler::plan::crate_plan::Plan;
use crate::compiler::resolve::session_scope::{Scope, Variable};
use crate::compiler::syntax::source::Source;
use crate::compiler::syntax::tokens::Names;

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
        let macros = self
            .scope
            .items
            .iter()
            .filter(|live| live.item.is_item_macro);
        let macros: Names = macros.flat_map(|live| live.item.names.clone()).collect();
        let parsed = Parsed::new(text, &macros).expect("it is Rust");
        let plan = Plan::new(&parsed, &self.scope);
        let edits = parsed.items.iter().flat_map(|item| item.edits.clone());
        Cell {
            serial: self.cells,
            source: Arc::new(Source::new(self.cells, text, edits.collect())),
            parsed,
            plan,
            findings: Findings::default(),
            library: None,
            entry: None,
            types: BTreeMap::new(),
            tail_type: None,
            notes: Vec::new(),
            warnings: Vec::new(),
            times: Times::default(),
        }
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
            ty: ty.to_owned(),
            mutable: name.starts_with("mut "),
            cell: self.cells,
            moved_by: None,
        };
        let name = name.trim_start_matches("mut ").to_owned();
        self.scope.variables.insert(name, variable);
    }
}
