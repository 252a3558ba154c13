//! Earlier items that do not go with a cell's own: what rustc's errors tell of them.
//!
//! A cell is a crate, so what a notebook's user may do (define an item again while others are made for the old one,
//! write an `impl` anew with other bounds, write one for what several cells have defined) can be an error between crates, or
//! between an item and the version of it that it is to replace.

use std::collections::BTreeSet;

use crate::compiler::diagnostics::place::place;
use crate::compiler::diagnostics::plain::plain;
use crate::compiler::diagnostics::report::Cells;
use crate::compiler::plan::{Amendments, Plan};
use crate::compiler::resolve::session_scope::{Scope, SessionItem};
use crate::compiler::rustc::contract::{code, phrase};
use crate::compiler::rustc::messages::{Message, Span};
use crate::compiler::syntax::item::{Item, Kind};
use crate::compiler::unit::Cell;

/// Plans the cell anew by what the errors tell; false if they tell nothing, so that they are the user's.
pub(crate) fn resolve(cell: &mut Cell, scope: &Scope, errors: &[&Message], cells: &Cells) -> bool {
    let mut amendments = cell.plan.amendments.clone();
    let mut notes = Vec::new();
    for error in errors {
        let places = Places::of(error, cell, scope, cells);
        match error.code() {
            code::DUPLICATE_METHOD => places.cut_members(&mut amendments, scope),
            // Another crate might have an impl some day; this one has it, or not.
            code::OVERLAP if error.says(phrase::FUTURE_OVERLAP) => {
                if !places.compile_with(&mut amendments, cell, scope) {
                    places.end_impls(&mut amendments, cell, scope, &mut notes);
                }
            }
            code::OVERLAP => {
                if !places.end_impls(&mut amendments, cell, scope, &mut notes) {
                    places.compile_with(&mut amendments, cell, scope);
                }
            }
            code if code::ORPHAN.contains(&code) => {
                places.compile_with(&mut amendments, cell, scope);
            }
            // A lifetime that is only elided where a static is defined.
            code::LIFETIME_MISSING if !cell.plan.kept_statics.is_empty() => {
                amendments.reset_statics = true
            }
            _ => {
                let reason = plain(&error.message);
                places.end_outdated(&mut amendments, cell, scope, &reason, &mut notes);
            }
        }
    }
    if amendments == cell.plan.amendments {
        return false;
    }
    cell.notes.extend(notes);
    cell.plan = Plan::amended(amendments, &cell.parsed, scope);
    true
}

/// The items that an error is about.
struct Places<'a> {
    /// The cell's own.
    own: Vec<&'a Item>,
    /// Those of the scope (by index), with the byte where it is.
    earlier: Vec<(usize, usize)>,
    /// Of those: the first that it is mainly about, unless that is one of the cell's own.
    main: Option<usize>,
}

impl<'a> Places<'a> {
    fn of(error: &Message, cell: &'a Cell, scope: &Scope, cells: &Cells) -> Self {
        let mut places = Self {
            own: Vec::new(),
            earlier: Vec::new(),
            main: None,
        };
        let mut spans: Vec<&Span> = error.spans.iter().collect();
        spans.sort_by_key(|span| !span.is_primary);
        for span in spans {
            // Also the calls of macros that it is in.
            for span in span.levels() {
                if let Some((number, range)) = place(span, cells) {
                    let holds = |item: &Item| {
                        item.range.start <= range.start && range.end <= item.range.end
                    };
                    let is_own = |item: &&Item| number == cell.source.cell && holds(item);
                    places.own.extend(cell.plan.own.iter().find(is_own));
                    let earlier = |earlier: &SessionItem| {
                        earlier.source.cell == number && holds(&earlier.item)
                    };
                    let found = scope.items.iter().position(earlier);
                    let found = found.filter(|n| !cell.plan.replaced.contains(n));
                    places.earlier.extend(found.map(|n| (n, range.start)));
                    if span.is_primary && places.own.is_empty() {
                        places.main = places.main.or(found);
                    }
                }
            }
        }
        places
    }

    /// An item that was made for something that the cell defines anew is dormant from here on: the user could not mend it before this
    /// cell has run.
    fn end_outdated(
        &self,
        amendments: &mut Amendments,
        cell: &Cell,
        scope: &Scope,
        reason: &str,
        notes: &mut Vec<String>,
    ) {
        let Some(n) = self.main else { return };
        let (plan, earlier) = (&cell.plan, &scope.items[n]);
        let is_outdated = plan.outdated.contains(&n) || plan.revived.contains(&n);
        if is_outdated
            && amendments.dormant.insert(n, reason.to_owned()).is_none()
            && earlier.dormant.is_none()
            && !is_rewritten(&earlier.item, cell)
        {
            notes.push(format!(
                "{} cannot be used for now, since it does not compile with what this cell defines: {reason}",
                earlier.shown()
            ));
        }
    }

    /// Functions that the cell's `impl` has as well are its own from here on.
    fn cut_members(&self, amendments: &mut Amendments, scope: &Scope) {
        for (n, place) in &self.earlier {
            let Some(old) = scope.items[*n].item.as_impl() else {
                continue;
            };
            let members = old.members.iter().map(|(_, range)| range);
            let Some(member) = members.clone().find(|range| range.contains(place)) else {
                continue;
            };
            let cut = amendments.cut.entry(*n).or_default();
            cut.push(member.clone());
            if members.count() == cut.len() {
                amendments.cut.remove(n);
                amendments.ended.insert(*n);
            }
            return;
        }
    }

    /// An earlier `impl` that overlaps with one of the cell's ends; true if there is one.
    fn end_impls(
        &self,
        amendments: &mut Amendments,
        cell: &Cell,
        scope: &Scope,
        notes: &mut Vec<String>,
    ) -> bool {
        let before = amendments.ended.len();
        for (n, _) in &self.earlier {
            let earlier = &scope.items[*n];
            let may_be_impl = earlier.item.as_impl().is_some() || earlier.item.is_guessed;
            if may_be_impl && amendments.ended.insert(*n) && !is_rewritten(&earlier.item, cell) {
                notes.push(format!(
                    "{} has ended, since this cell has one that overlaps with it",
                    earlier.shown()
                ));
            }
        }
        amendments.ended.len() > before
    }

    /// What an `impl` is for has to be in its crate; true if there is something more to bring.
    fn compile_with(&self, amendments: &mut Amendments, cell: &Cell, scope: &Scope) -> bool {
        let earlier = self.earlier.iter().map(|(n, _)| &*scope.items[*n].item);
        let mut wanted: Vec<&str> = Vec::new();
        for item in self.own.iter().copied().chain(earlier) {
            match item.as_impl() {
                Some(head) => wanted.extend(head.names.iter().map(String::as_str)),
                None => wanted.extend(item.mentions.iter().map(String::as_str)),
            }
        }
        let before = amendments.same_crate.len();
        let mut seen = BTreeSet::new();
        while let Some(name) = wanted.pop() {
            if !seen.insert(name) {
                continue;
            }
            if let Some(rules) = scope.macro_rules(name) {
                wanted.extend(rules.item.mentions.iter().map(String::as_str));
            }
            let uses = scope.uses.iter().map(|old| &old.leaf);
            let uses = uses.chain(&cell.parsed.uses);
            let uses = uses.filter(|leaf| leaf.name() == Some(name));
            wanted.extend(uses.map(|leaf| leaf.root()));
            let Some(n) = scope.position(name) else {
                continue;
            };
            let item = &scope.items[n].item;
            let is_type = match item.kind {
                Kind::Type | Kind::Trait => true,
                // An alias, or a module, leads on to others.
                Kind::Other => {
                    wanted.extend(item.mentions.iter().map(String::as_str));
                    true
                }
                _ => item.is_guessed,
            };
            if is_type && !cell.plan.replaced.contains(&n) {
                amendments.same_crate.insert(n);
            }
        }
        amendments.same_crate.len() > before
    }
}

/// Whether the cell has the same `impl`, written otherwise, so that nobody needs to be told; or a call of a macro of the
/// same name, which may make it.
fn is_rewritten(old: &Item, cell: &Cell) -> bool {
    let mut own = cell.plan.own.iter();
    match old.as_impl() {
        Some(old) => own
            .filter_map(Item::as_impl)
            .any(|new| (&new.trait_name, &new.self_name) == (&old.trait_name, &old.self_name)),
        None => own.any(|new| new.is_guessed && !new.mentions.is_disjoint(&old.mentions)),
    }
}
