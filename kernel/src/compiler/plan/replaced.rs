//! Which items a cell's own take the place of, and which of those that are compiled again are no longer what they were.

use std::collections::BTreeSet;

use super::crate_plan::{Plan, RemovedImplMembers};
use super::stale::Stale;
use super::statics::makes_static;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::syntax::item::{Item, Kind};

impl Plan {
    /// The place of the very same item in the scope. A static that is defined again begins anew, as the
    /// user who runs its cell again expects.
    pub(super) fn unchanged(&self, item: &Item, scope: &Scope) -> Option<usize> {
        let unnamed = item.names.is_empty() && item.as_impl().is_none();
        if item.is_guessed {
            // What it makes is the same if the macro is.
            let mut own = self.own.iter().filter(|own| own.kind == Kind::Macro);
            let mut names = own.by_ref().flat_map(|own| &own.names);
            if makes_static(item, scope) || names.any(|name| item.mentions.contains(name)) {
                return None;
            }
        } else if item.kind == Kind::Static || unnamed {
            return None;
        }
        scope.items.iter().position(|earlier| {
            earlier.cut.is_empty()
                && earlier.dormant.is_none()
                && (earlier.level == scope.level || earlier.item.has_static)
                // A debugger shows where a function stands now, be it the same; a type stays what it is, so that its variables do.
                && (!scope.debuggable || item.kind != Kind::Function || earlier.item.has_static)
                && earlier.files.iter().all(|file| !file.has_changed())
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
                (None, None) if item.has_name_of(&earlier.item) => {
                    self.replaced.insert(n);
                }
                _ => {}
            }
        }
    }

    /// Finds the recompiled items that are no longer what they were. What a function's body calls makes no difference to a
    /// type, unless its shape depends on what that gives.
    pub(super) fn compare(&mut self, stale: &Stale, scope: &Scope) {
        let gone = self.replaced.iter().chain(self.amendments.dormant.keys());
        let mut altered: BTreeSet<usize> = gone.copied().collect();
        altered.retain(|&n| scope.items[n].item.as_impl().is_none());
        loop {
            let before = altered.len();
            for &n in &stale.recompiled {
                let item = &scope.items[n].item;
                let is_shape = matches!(item.kind, Kind::Type | Kind::Trait | Kind::Other);
                let mut edges = stale.edges.get(&n).into_iter().flatten();
                let is_altered = edges.any(|edge| {
                    let is_other = edge.target.is_some_and(|t| altered.contains(&t));
                    (edge.is_rebound || is_other) && !(is_shape && edge.in_body)
                });
                if is_altered && item.as_impl().is_none() {
                    altered.insert(n);
                }
            }
            if altered.len() == before {
                break;
            }
        }
        self.altered = altered;
    }
}
