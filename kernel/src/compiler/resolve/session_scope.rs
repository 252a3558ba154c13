//! What the cells so far have defined: items, `use` declarations, variables.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::files::FileState;
use super::held::Held;
use crate::compiler::syntax::cell::Binding;
use crate::compiler::syntax::imports::Use;
use crate::compiler::syntax::item::{self, Item};
use crate::compiler::syntax::refers::namespace::Namespace;
use crate::compiler::syntax::source::Source;
use crate::compiler::syntax::tokens::Names;

/// An item that later cells can use.
#[derive(Debug, Clone)]
pub struct SessionItem {
    /// The item.
    pub item: Arc<Item>,
    /// The cell whose text it is.
    pub source: Arc<Source>,
    /// The crate that has it compiled in.
    pub home: u32,
    /// Which of the cells that crate is of: numbers of crates need not follow each other in the order of the cells.
    pub compiled: u32,
    /// Members of an `impl` that a later `impl` has replaced.
    pub cut: Vec<Range<usize>>,
    /// The crate that has each of its statics, by key.
    pub statics: BTreeMap<String, u32>,
    /// Which of the cells was the last to define it: what is later takes its name.
    pub since: u32,
    /// Why it cannot be used now, if it does not compile with what is defined: it is tried again when that changes.
    pub dormant: Option<String>,
    /// The level of optimisation that was chosen when it was compiled.
    pub level: Option<u8>,
    /// Whether a debugger can show all of it.
    pub debuggable: bool,
    /// What the files that are a part of it were when it was compiled.
    pub files: Vec<FileState>,
}

/// A `use` declaration that holds for later cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionUse {
    /// The declaration.
    pub leaf: Use,
    /// Which of the cells was the last to have it.
    pub since: u32,
}

impl SessionItem {
    /// Whether it is a macro, whose name is in a namespace of its own.
    pub fn is_macro(&self) -> bool {
        self.item.kind == item::Kind::Macro
    }

    /// Whether a debugger is to stop in it, and cannot show all of it.
    pub fn is_to_be_debuggable(&self, breakpoints: &BTreeMap<u32, BTreeSet<usize>>) -> bool {
        let is_candidate = !self.debuggable && self.item.kind == item::Kind::Function;
        let Some(lines) = breakpoints.get(&self.source.cell).filter(|_| is_candidate) else {
            return false;
        };
        let line_at = |at: usize| self.source.text[..at].matches('\n').count() + 1;
        let range = line_at(self.item.range.start)..=line_at(self.item.range.end);
        lines.range(range).next().is_some()
    }

    /// What it is called where the user reads of it.
    pub fn shown(&self) -> String {
        let text = &self.source.text[self.item.range.clone()];
        let head = || text.split('{').next().unwrap_or_default().trim();
        let name = self.item.names.first();
        let name = name.map_or_else(head, String::as_str);
        format!("`{name}` of {}", self.source.name())
    }
}

/// Where the type of a variable stands for which nothing can be written: in the result of a function of a cell's crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The crate.
    pub serial: u32,
    /// Which part of the result it is.
    pub index: usize,
    /// How many lifetimes the function is generic over, if the type may borrow; otherwise 0.
    pub lifetimes: usize,
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its type, as it is written in generated code.
    pub ty: String,
    /// Where rustc gets the type from, if a part of it has no name; `ty` is for people then.
    pub kind: Option<Kind>,
    /// Whether it was declared `mut`.
    pub mutable: bool,
    /// The cell that made it, by its number for the user.
    pub cell: u32,
    /// The cell that moved it away, by its number for the user.
    pub moved_by: Option<u32>,
    /// Parts of it that were moved away: `v.a`, `v.b.0`.
    pub parts: Names,
    /// What it borrows from, if it borrows; its type has `'static` for the time of that.
    pub borrows: Option<Loans>,
    /// Whether its type lives exactly as long as what it has borrowed from when it was made: it borrows from nothing else later.
    pub is_exact: bool,
    /// Whether its own type had no name, so that it is behind a trait.
    pub is_erased: bool,
}

/// The places that something borrows from, and how: variables, or fields of them (`v.a`).
pub type Loans = BTreeMap<String, Loan>;

/// The variable of a place.
pub fn variable_of(place: &str) -> &str {
    place
        .split_once('.')
        .map_or(place, |(variable, _)| variable)
}

/// How something borrows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loan {
    /// So that others may read.
    Shared,
    /// So that nobody else may use it.
    Mutable,
}

/// All that is defined.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// How many cells have defined something.
    pub cells: u32,
    /// Closures in the types of variables: how other crates know each, and what it implements.
    pub closures: BTreeMap<String, String>,
    /// The items, oldest first.
    pub items: Vec<SessionItem>,
    /// The `use` declarations, oldest first.
    pub uses: Vec<SessionUse>,
    /// The variables by name.
    pub variables: BTreeMap<String, Variable>,
    /// The statements that wait for a type, in their order.
    pub held: Vec<Held>,
    /// The `let`s with numbers in them whose variables nothing has used since.
    pub untouched: Vec<Held>,
    /// The level of optimisation that the cell is compiled with, if one is chosen.
    pub level: Option<u8>,
    /// Whether the cell is compiled for a debugger.
    pub debuggable: bool,
    /// The lines at which it is to stop, by the numbers of their cells.
    pub breakpoints: BTreeMap<u32, BTreeSet<usize>>,
    /// Crates that have been built anew since the last cell.
    pub rebuilt: Names,
    /// Names that had a variable which could not be kept, with the reason.
    pub lost: BTreeMap<String, String>,
}

impl Scope {
    /// The variables that borrow from this one, from which place of it, and how.
    pub fn borrowers<'a>(
        &'a self,
        owner: &'a str,
    ) -> impl Iterator<Item = (&'a String, &'a String, Loan)> + Clone {
        let live = self.variables.iter();
        let live = live.filter(|(_, variable)| variable.moved_by.is_none());
        live.flat_map(move |(name, variable)| {
            let loans = variable.borrows.iter().flatten();
            let of_it = loans.filter(move |(place, _)| variable_of(place) == owner);
            of_it.map(move |(place, loan)| (name, place, *loan))
        })
    }

    /// The place of an item of a name among all, macros aside: of a type, if there is one.
    pub fn position(&self, name: &str) -> Option<usize> {
        let types = self.position_in(name, Namespace::Types);
        types.or_else(|| self.position_in(name, Namespace::Values))
    }

    /// The place of the item that has a name in a namespace.
    fn position_in(&self, name: &str, namespace: Namespace) -> Option<usize> {
        let is_named = |live: &SessionItem| {
            let mut defines = live.item.defines.iter();
            live.dormant.is_none() && defines.any(|(own, n)| own == name && *n == namespace)
        };
        self.items.iter().position(is_named)
    }

    /// The item of a name, macros aside.
    pub fn item(&self, name: &str) -> Option<&SessionItem> {
        self.position(name).map(|n| &self.items[n])
    }

    /// The item that has a name in a namespace.
    pub fn item_in(&self, name: &str, namespace: Namespace) -> Option<&SessionItem> {
        self.position_in(name, namespace).map(|n| &self.items[n])
    }

    /// The macro of a name.
    pub fn macro_rules(&self, name: &str) -> Option<&SessionItem> {
        self.item_in(name, Namespace::Macros)
    }

    /// The open variables: those of the statements that wait for a type.
    pub fn open(&self) -> impl Iterator<Item = (&Held, &Binding)> {
        let held = self.held.iter();
        held.flat_map(|held| held.bindings().map(move |binding| (held, binding)))
    }

    /// The open variable of a name.
    pub fn open_variable(&self, name: &str) -> Option<&Held> {
        let mut open = self.open();
        let found = open.find(|(_, binding)| binding.name == name);
        found.map(|(held, _)| held)
    }

    /// The names and texts of the macros.
    pub fn macros(&self) -> impl Iterator<Item = (&String, &str)> {
        let macros = self.items.iter().filter(|earlier| earlier.is_macro());
        macros.filter_map(|earlier| {
            let name = earlier.item.names.first()?;
            Some((name, &earlier.source.text[earlier.item.range.clone()]))
        })
    }

    /// The macros that define items.
    pub fn item_macros(&self) -> Names {
        let items = self.items.iter().map(|earlier| &earlier.item);
        let rules = items.filter(|item| item.kind == item::Kind::Macro && item.is_item_macro);
        rules.flat_map(|item| item.names.clone()).collect()
    }
}
