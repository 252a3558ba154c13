//! The plan, as it is made and used.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::compiler::resolve::session_scope::SessionItem;
use crate::compiler::syntax::imports::Use;
use crate::compiler::syntax::item::Item;
use crate::compiler::syntax::tokens::Names;

/// The plan for a cell's crate.
#[derive(Debug, Default)]
pub struct Plan {
    /// The cell's items that are new or changed.
    pub own: Vec<Item>,
    /// Earlier items that are compiled again.
    pub recompiled: Vec<SessionItem>,
    /// Earlier functions that are compiled once more for this cell alone, to be measured optimised.
    pub copies: Vec<SessionItem>,
    /// Items of the scope (by index) that the cell's own take the place of.
    pub replaced: BTreeSet<usize>,
    /// What rustc's errors have added to it.
    pub amendments: Amendments,
    /// Names of earlier items that come from their crates, and from which.
    pub imports: BTreeMap<String, u32>,
    /// Traits of earlier cells that are needed for their methods only.
    pub traits: BTreeMap<String, u32>,
    /// The `use` declarations of earlier cells that hold here.
    pub uses: Vec<Use>,
    /// The variables of earlier cells that the statements mention.
    pub reads: BTreeSet<String>,
    /// Of the recompiled: names of types whose definition is not what it was.
    pub changed_types: Names,
    /// Of the recompiled: statics that begin anew.
    pub reset: Names,
    /// Statics of the recompiled that go on, by key: those of these crates.
    pub kept_statics: BTreeMap<String, u32>,
}

/// What only rustc knows of how earlier items (by index) go with the cell's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Amendments {
    /// Items that do not compile with the cell's own, so that nothing takes their place.
    pub ended: BTreeSet<usize>,
    /// Members of an `impl` that the cell's own take the place of.
    pub cut: RemovedImplMembers,
    /// Items that have to be in the same crate.
    pub same_crate: BTreeSet<usize>,
    /// Whether no static goes on.
    pub reset_statics: bool,
}

/// Of some items of the scope (by index), the pieces that are left out.
pub type RemovedImplMembers = BTreeMap<usize, Vec<Range<usize>>>;

impl Plan {
    /// Whether the crate holds any item.
    pub fn has_items(&self) -> bool {
        !self.own.is_empty() || !self.recompiled.is_empty()
    }

    /// The earlier items that are compiled again or copied.
    pub fn compiled_again(&self) -> impl Iterator<Item = &SessionItem> {
        self.recompiled.iter().chain(&self.copies)
    }
}
