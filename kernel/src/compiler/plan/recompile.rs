//! Which items a cell's own take the place of, and which must be compiled again with them.

use std::collections::BTreeSet;

use super::crate_plan::{Plan, RemovedImplMembers};
use super::statics::makes_static;
use crate::compiler::resolve::session_scope::{Scope, SessionItem};
use crate::compiler::syntax::item::{Impl, Item, Kind};
use crate::compiler::syntax::tokens::Names;

impl Plan {
    /// Whether an item was made for something that is defined anew, rather than compiled again for another reason.
    pub fn is_made_for_old(&self, item: &Item, scope: &Scope) -> bool {
        let replaced = self.replaced.iter().map(|&n| &*scope.items[n].item);
        let mut old: Names = replaced.flat_map(|item| item.names.clone()).collect();
        let mentions_old =
            |item: &Item, old: &Names| item.mentions.iter().any(|name| old.contains(name));
        loop {
            let before = old.len();
            for earlier in &self.recompiled {
                if mentions_old(&earlier.item, &old) {
                    old.extend(earlier.item.names.iter().cloned());
                }
            }
            if old.len() == before {
                return mentions_old(item, &old);
            }
        }
    }

    /// Whether the scope has the very same item. A static that is defined again begins anew, as the
    /// user who runs its cell again expects.
    pub(super) fn is_unchanged(&self, item: &Item, scope: &Scope) -> bool {
        let unnamed = item.names.is_empty() && item.as_impl().is_none();
        if item.is_guessed {
            // What it makes is the same if the macro is.
            let mut own = self.own.iter().filter(|own| own.kind == Kind::Macro);
            let mut names = own.by_ref().flat_map(|own| &own.names);
            if makes_static(item, scope) || names.any(|name| item.mentions.contains(name)) {
                return false;
            }
        } else if item.kind == Kind::Static || unnamed {
            return false;
        }
        scope.items.iter().any(|earlier| {
            earlier.cut.is_empty()
                && (item.is_guessed || earlier.item.names == item.names)
                && earlier.item.is_guessed == item.is_guessed
                && earlier.item.text == item.text
                && std::mem::discriminant(&earlier.item.kind) == std::mem::discriminant(&item.kind)
        })
    }

    /// Notes what a new item takes the place of.
    pub(super) fn replace(&mut self, item: &Item, scope: &Scope, cuts: &mut RemovedImplMembers) {
        for (n, earlier) in scope.items.iter().enumerate() {
            match (item.as_impl(), earlier.item.as_impl()) {
                (Some(new), Some(old)) if new.head == old.head && new.trait_name.is_some() => {
                    self.replaced.insert(n);
                }
                (Some(new), Some(old)) if new.trait_name.is_none() && new.head == old.head => {
                    let gone = |name: &String| new.members.iter().any(|(other, _)| other == name);
                    let cut: Vec<_> = old.members.iter().filter(|(name, _)| gone(name)).collect();
                    if cut.len() == old.members.len() {
                        self.replaced.insert(n);
                    } else if !cut.is_empty() {
                        cuts.entry(n)
                            .or_default()
                            .extend(cut.into_iter().map(|(_, range)| range.clone()));
                    }
                }
                (None, None)
                    if item.is_guessed
                        && earlier.item.is_guessed
                        && item.text == earlier.item.text =>
                {
                    self.replaced.insert(n);
                }
                (None, None)
                    if (item.kind == Kind::Macro) == earlier.is_macro()
                        && item
                            .names
                            .iter()
                            .any(|name| earlier.item.names.contains(name)) =>
                {
                    self.replaced.insert(n);
                }
                _ => {}
            }
        }
    }

    /// The items (by index) that must be compiled again.
    pub(super) fn recompile(&self, scope: &Scope, cuts: &RemovedImplMembers) -> BTreeSet<usize> {
        let own: Names = self
            .own
            .iter()
            .flat_map(|item| item.names.clone())
            .collect();
        let mut dirty: Names = self
            .replaced
            .iter()
            .flat_map(|&n| scope.items[n].item.names.clone())
            .collect();
        let same_crate = self.amendments.same_crate.iter();
        let mut recompiled: BTreeSet<usize> = cuts.keys().chain(same_crate).copied().collect();
        for head in self.own.iter().filter_map(Item::as_impl) {
            recompiled.extend(orphan_rule_home(head, &own, scope));
        }
        loop {
            let before = recompiled.len();
            for &n in &recompiled {
                dirty.extend(scope.items[n].item.names.iter().cloned());
            }
            for (n, earlier) in scope.items.iter().enumerate() {
                if !self.replaced.contains(&n)
                    && earlier
                        .item
                        .mentions
                        .iter()
                        .any(|name| dirty.contains(name))
                {
                    recompiled.insert(n);
                }
            }
            let here: Names = own.union(&dirty).cloned().collect();
            let homes: Vec<usize> = recompiled
                .iter()
                .filter_map(|&n| orphan_rule_home(scope.items[n].item.as_impl()?, &here, scope))
                .collect();
            recompiled.extend(homes);
            recompiled.retain(|n| !self.replaced.contains(n));
            if recompiled.len() == before {
                return recompiled;
            }
        }
    }

    /// Finds the recompiled types that are no longer what they were.
    pub(super) fn compare_types(&mut self, recompiled: &BTreeSet<usize>, scope: &Scope) {
        let mut changed: Names = self
            .replaced
            .iter()
            .map(|&n| &scope.items[n])
            .filter(|earlier| earlier.item.as_impl().is_none())
            .flat_map(|earlier| earlier.item.names.clone())
            .collect();
        loop {
            let before = changed.len();
            for earlier in recompiled.iter().map(|&n| &scope.items[n]) {
                if earlier.item.as_impl().is_none()
                    && earlier.item.kind != Kind::Function
                    && earlier
                        .item
                        .mentions
                        .iter()
                        .any(|name| changed.contains(name))
                {
                    changed.extend(earlier.item.names.iter().cloned());
                }
            }
            if changed.len() == before {
                break;
            }
        }
        self.changed_types = changed;
    }
}

/// The earlier item that must be in the same crate as an `impl`, if there is one: an inherent
/// `impl` needs its type there, a trait's needs its trait or a type of its head.
fn orphan_rule_home(head: &Impl, here: &Names, scope: &Scope) -> Option<usize> {
    let index = |name: &str| {
        let found = |earlier: &SessionItem| {
            !earlier.is_macro() && earlier.item.names.iter().any(|n| n == name)
        };
        scope.items.iter().position(|earlier| {
            found(earlier) && matches!(earlier.item.kind, Kind::Type | Kind::Trait | Kind::Other)
        })
    };
    let own_trait = head
        .trait_name
        .as_deref()
        .filter(|_| head.trait_name == head.trait_root);
    let is_here = |name: Option<&str>| name.is_some_and(|name| here.contains(name));
    if is_here(head.self_name.as_deref()) || is_here(own_trait) {
        return None;
    }
    let by_self = head.self_name.as_deref().and_then(index);
    let by_trait = || own_trait.and_then(index);
    let by_any = || {
        let mut names = head.names.iter();
        (!head.names.iter().any(|name| here.contains(name)))
            .then(|| names.find_map(|name| index(name)))?
    };
    by_self.or_else(by_trait).or_else(by_any)
}
