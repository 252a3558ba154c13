//! The plan, as it is made and used.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::compiler::resolve::session_scope::SessionItem;
use crate::compiler::syntax::imports::Use;
use crate::compiler::syntax::item::Item;
use crate::compiler::syntax::source::Source;
use crate::compiler::syntax::tokens::Names;

/// The plan for a cell's crate.
#[derive(Debug, Default)]
pub struct Plan {
    /// The cell's items that are new or changed.
    pub own: Vec<Item>,
    /// Items of the scope (by index) that are compiled again, as they are in this crate.
    pub recompiled: BTreeMap<usize, SessionItem>,
    /// Earlier functions that are compiled once more for this cell alone, to be measured optimised.
    pub copies: Vec<SessionItem>,
    /// Items of the scope (by index) that the cell's own take the place of.
    pub replaced: BTreeSet<usize>,
    /// What rustc's errors have added to it.
    pub amendments: Amendments,
    /// Items of the scope (by index) that the cell defines again as they are.
    pub refreshed: BTreeSet<usize>,
    /// Items of the scope (by index) that were made for something else than what their names mean now, compiled again.
    pub outdated: BTreeSet<usize>,
    /// Items of the scope (by index) that would be compiled again, but that nothing can name now.
    pub hidden: BTreeSet<usize>,
    /// Dormant items of the scope (by index) that are tried again.
    pub revived: BTreeSet<usize>,
    /// Items of the scope (by index) whose definition is not what it was: types, and what they are made of.
    pub altered: BTreeSet<usize>,
    /// Earlier `use` declarations whose names the cell gives another meaning.
    pub ended_uses: Vec<Use>,
    /// Names of earlier items that come from their crates, and from which.
    pub imports: BTreeMap<String, u32>,
    /// Names that come from several crates, or from one and from elsewhere: different things in different namespaces. The later
    /// crate counts.
    pub layered: BTreeMap<String, Vec<u32>>,
    /// Traits of earlier cells that are needed for their methods only.
    pub traits: BTreeMap<String, u32>,
    /// The `use` declarations of earlier cells that hold here.
    pub uses: Vec<Use>,
    /// The variables of earlier cells that the statements mention.
    pub reads: BTreeSet<String>,
    /// Types of the variables that the statements mention, whose definition is not what it was.
    pub changed_types: Names,
    /// Of the recompiled: statics that begin anew.
    pub reset: Names,
    /// Statics of the recompiled that go on, by key: those of these crates.
    pub kept_statics: BTreeMap<String, u32>,
}

/// What only rustc knows of how earlier items (by index) go with the cell's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Amendments {
    /// Items that overlap with the cell's own.
    pub ended: BTreeSet<usize>,
    /// Members of an `impl` that the cell's own take the place of.
    pub cut: RemovedImplMembers,
    /// Items that do not compile with what is defined now, with the reason.
    pub dormant: BTreeMap<usize, String>,
    /// Items that have to be in the same crate.
    pub same_crate: BTreeSet<usize>,
    /// Whether no static goes on.
    pub reset_statics: bool,
}

impl Amendments {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
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
        self.recompiled.values().chain(&self.copies)
    }

    /// The texts of all items of the crate; `source` has the cell's own.
    pub fn texts<'a>(&'a self, source: &'a Source) -> impl Iterator<Item = &'a str> {
        let own = self.own.iter();
        let own = own.map(|item| &source.text[item.range.clone()]);
        let again = self.compiled_again();
        own.chain(again.map(|earlier| &earlier.source.text[earlier.item.range.clone()]))
    }
}
