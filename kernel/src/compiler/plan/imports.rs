//! What a cell's crate needs of earlier cells: their variables, functions, imports.

use std::collections::BTreeSet;

use super::crate_plan::Plan;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::imports::Use;
use crate::compiler::syntax::item::Kind;
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
    pub(super) fn copy_functions(
        &mut self,
        parsed: &Parsed,
        scope: &Scope,
        recompiled: &BTreeSet<usize>,
    ) {
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
                    && !self.replaced.contains(&n)
                    && !recompiled.contains(&n)
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

    /// Finds the imports that the crate needs.
    pub(super) fn import(&mut self, parsed: &Parsed, scope: &Scope, recompiled: &BTreeSet<usize>) {
        let here: Names = (self
            .own
            .iter()
            .map(|item| (item.kind == Kind::Macro, &item.names)))
        .chain(
            (self.recompiled.iter().chain(&self.copies))
                .map(|earlier| (earlier.is_macro(), &earlier.item.names)),
        )
        .flat_map(|(is_macro, names)| names.iter().map(move |name| key(is_macro, name)))
        .collect();
        let own_uses: Names = parsed
            .uses
            .iter()
            .filter_map(Use::name)
            .map(str::to_owned)
            .collect();
        let mut wanted: Names = parsed
            .statements
            .iter()
            .flat_map(|s| s.names.clone())
            .collect();
        for item in self
            .own
            .iter()
            .chain(self.recompiled.iter().map(|earlier| &*earlier.item))
            .chain(self.copies.iter().map(|earlier| &*earlier.item))
        {
            wanted.extend(item.mentions.iter().cloned());
        }
        wanted.extend(parsed.uses.iter().map(|leaf| leaf.root().to_owned()));
        let mut uses = BTreeSet::new();
        loop {
            let before = (wanted.len(), uses.len());
            for (n, leaf) in scope.uses.iter().enumerate() {
                let shadowed = leaf
                    .name()
                    .is_some_and(|name| here.contains(name) || own_uses.contains(name))
                    || parsed.uses.contains(leaf);
                if !shadowed
                    && (leaf.may_be_trait()
                        || leaf.name().is_some_and(|name| wanted.contains(name)))
                {
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
        self.uses = uses.into_iter().map(|n| scope.uses[n].clone()).collect();
        for (n, earlier) in scope.items.iter().enumerate() {
            if self.replaced.contains(&n) || recompiled.contains(&n) {
                continue;
            }
            for name in &earlier.item.names {
                if here.contains(&key(earlier.is_macro(), name)) || own_uses.contains(name) {
                    continue;
                }
                if wanted.contains(name) {
                    self.imports.insert(name.clone(), earlier.home);
                } else if earlier.item.kind == Kind::Trait {
                    self.traits.insert(name.clone(), earlier.home);
                }
            }
        }
    }
}

fn key(is_macro: bool, name: &str) -> String {
    if is_macro {
        format!("{name}!")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests;
