//! What a cell's crate needs of earlier cells: their variables, functions, imports.

use std::collections::{BTreeMap, BTreeSet};

use super::crate_plan::Plan;
use super::{meanings, stale};
use crate::compiler::resolve::definitions::Definitions;
use crate::compiler::resolve::session_scope::{Scope, SessionItem};
use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::imports::Use;
use crate::compiler::syntax::item::Kind;
use crate::compiler::syntax::refers::namespace::{Defined, Namespace};
use crate::compiler::syntax::tokens::Names;

impl Plan {
    /// Finds the earlier variables that the statements mention before they bind that name.
    pub(super) fn read(&mut self, parsed: &Parsed, scope: &Scope) {
        // of what this cell itself defines, the name means that
        let values = parsed
            .items
            .iter()
            .filter(|item| matches!(item.kind, Kind::Function | Kind::Static));
        let mut bound: Names = values.flat_map(|item| item.names.clone()).collect();
        for statement in &parsed.statements {
            let own: Names = statement
                .binds
                .iter()
                .map(|binding| binding.name.clone())
                .collect();
            for name in statement.names.difference(&bound) {
                // the name that a `let` binds is itself one of the statement's tokens
                let only_bound = own.contains(name) && !statement.rereads.contains(name);
                if scope.variables.contains_key(name) && !only_bound {
                    self.reads.insert(name.clone());
                }
            }
            bound.extend(own);
        }
    }

    /// Finds the earlier functions that the cell calls, directly or not. One with a static of its own
    /// is left where it is: there is one copy of each static.
    pub(super) fn copy_functions(&mut self, parsed: &Parsed, scope: &Scope) {
        let statements = parsed.statements.iter().map(|statement| &statement.names);
        let own = self.own.iter().map(|item| &item.mentions);
        let mut wanted: Names = statements.chain(own).flatten().cloned().collect();
        let mut copied = BTreeSet::new();
        loop {
            let before = copied.len();
            for (n, earlier) in scope.items.iter().enumerate() {
                let is_wanted = earlier.item.names.iter().any(|name| wanted.contains(name));
                if is_wanted
                    && earlier.item.kind == Kind::Function
                    && !earlier.item.has_static
                    && self.is_elsewhere(n, earlier)
                    && copied.insert(n)
                {
                    wanted.extend(earlier.item.mentions.iter().cloned());
                }
            }
            if copied.len() == before {
                break;
            }
        }
        self.copies = copied.iter().map(|&n| scope.items[n].clone()).collect();
    }

    /// Whether an item is one that the crate can import.
    fn is_elsewhere(&self, n: usize, live: &SessionItem) -> bool {
        live.dormant.is_none() && !self.is_gone(n) && !self.recompiled.contains_key(&n)
    }

    /// Finds the imports that the crate needs.
    pub(super) fn import(&mut self, parsed: &Parsed, scope: &Scope) {
        let now = meanings::now(self, parsed, scope, &self.revived);
        let has_globs = now.has_globs();
        let (wanted, used) = self.wanted(parsed, scope, &now);
        let uses = used.iter().chain(&parsed.uses);
        let by_use: Names = uses.filter_map(Use::name).map(str::to_owned).collect();
        let again = self.compiled_again().map(|live| &*live.item);
        let here: BTreeSet<&Defined> = again
            .chain(&self.own)
            .flat_map(|item| &item.defines)
            .collect();
        // In the order of their cells.
        let mut homes: BTreeMap<String, BTreeMap<u32, u32>> = BTreeMap::new();
        let mut traits = BTreeMap::new();
        for (n, live) in scope.items.iter().enumerate() {
            if !self.is_elsewhere(n, live)
                || live.item.defines.iter().any(|name| here.contains(name))
            {
                continue;
            }
            let is_hidden = has_globs && stale::is_hidden(n, &live.item, &now);
            for name in &live.item.names {
                if wanted.contains(name) && !is_hidden {
                    let homes = homes.entry(name.clone()).or_default();
                    homes.insert(live.compiled, live.home);
                } else if live.item.kind == Kind::Trait {
                    traits.insert(name.clone(), live.home);
                }
            }
        }
        let mut winners = Vec::new();
        for name in wanted.iter().filter(|_| has_globs) {
            let is_named = homes.contains_key(name)
                || by_use.contains(name)
                || Namespace::ALL
                    .iter()
                    .any(|n| here.contains(&(name.clone(), *n)));
            let globs = Namespace::ALL.iter().filter_map(|n| now.glob_of(name, *n));
            if let (false, Some((glob, true))) = (is_named, globs.max_by_key(|(_, more)| *more)) {
                winners.push(glob.of_name(name));
            }
        }
        let is_alone = |name: &String| {
            let is_here = Namespace::ALL
                .iter()
                .any(|n| here.contains(&(name.clone(), *n)));
            !is_here && !by_use.contains(name)
        };
        let homes = homes.into_iter();
        let (alone, layered): (BTreeMap<_, _>, BTreeMap<_, _>) = homes
            .map(|(name, homes)| (name, homes.into_values().collect::<Vec<u32>>()))
            .partition(|(name, homes)| homes.len() == 1 && is_alone(name));
        let alone = alone.into_iter();
        self.imports = alone
            .filter_map(|(name, homes)| Some((name, *homes.first()?)))
            .collect();
        self.layered = layered;
        self.traits = traits;
        self.uses = used.into_iter().chain(winners).collect();
    }

    /// The names that the crate may need, and the earlier `use` declarations.
    fn wanted(&self, parsed: &Parsed, scope: &Scope, now: &Definitions<'_>) -> (Names, Vec<Use>) {
        let statements = parsed.statements.iter();
        let mut wanted: Names = statements.flat_map(|s| s.names.clone()).collect();
        let again = self.compiled_again().map(|live| &*live.item);
        for item in again.chain(&self.own) {
            wanted.extend(item.mentions.iter().cloned());
        }
        wanted.extend(parsed.uses.iter().map(|leaf| leaf.root().to_owned()));
        let mut uses = BTreeSet::new();
        loop {
            let before = (wanted.len(), uses.len());
            for (n, old) in scope.uses.iter().enumerate() {
                if uses.contains(&n) {
                    continue;
                }
                let leaf = &old.leaf;
                let is_wanted =
                    leaf.may_be_trait() || leaf.name().is_some_and(|name| wanted.contains(name));
                if is_wanted && !self.ended_uses.contains(leaf) && !now.is_hidden(leaf) {
                    uses.insert(n);
                    wanted.insert(leaf.root().to_owned());
                }
            }
            for name in wanted.clone() {
                if let Some(rules) = scope.macro_rules(&name) {
                    wanted.extend(rules.item.mentions.iter().cloned());
                }
            }
            if before == (wanted.len(), uses.len()) {
                break;
            }
        }
        let uses = uses.into_iter().map(|n| scope.uses[n].leaf.clone());
        (wanted, uses.collect())
    }
}

#[cfg(test)]
mod tests;
