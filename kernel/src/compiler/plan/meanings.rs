//! What the names of a session mean before a cell and after it, and which items see the difference.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::crate_plan::Plan;
use crate::compiler::resolve::definitions::{Binding, Definitions};
use crate::compiler::resolve::external::is_in_prelude;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::imports::Use;
use crate::compiler::syntax::item::Kind;
use crate::compiler::syntax::refers::namespace::Namespace;
use crate::compiler::syntax::refers::{How, Mention, References};
use crate::compiler::syntax::tokens::Names;

/// What is defined by the cell itself comes after all else.
const NOW: u32 = u32::MAX;

/// From an item to what a name in it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edge {
    /// The item that it means now: of the scope, or behind those the cell's own.
    pub(super) target: Option<usize>,
    /// Whether it meant something else before.
    pub(super) is_rebound: bool,
    /// Whether it stands in a function's body.
    pub(super) in_body: bool,
}

/// The definitions before the cell and after it.
#[derive(Debug)]
pub(super) struct Meanings<'a> {
    pub(super) before: Definitions<'a>,
    pub(super) now: Definitions<'a>,
    /// Crates that have been built anew.
    rebuilt: &'a Names,
}

impl<'a> Meanings<'a> {
    /// Those of a plan; `revived` are the dormant items that are tried again.
    pub(super) fn new(
        plan: &'a Plan,
        parsed: &'a Parsed,
        scope: &'a Scope,
        revived: &BTreeSet<usize>,
    ) -> Self {
        let mut before = Definitions::default();
        for (n, live) in scope.items.iter().enumerate() {
            if live.dormant.is_none() {
                before.add_item(n, live.since, &live.item);
            }
        }
        for old in &scope.uses {
            before.add_use(old.since, &old.leaf);
        }
        let now = now(plan, parsed, scope, revived);
        Self {
            before,
            now,
            rebuilt: &scope.rebuilt,
        }
    }

    /// What an item refers to; `own` is its number.
    pub(super) fn edges(&self, refers: &References, own: usize) -> Vec<Edge> {
        let mentions = refers.mentions.iter();
        let lookups = mentions.flat_map(|m| m.namespaces().iter().map(move |n| (m, *n)));
        let edges = lookups.filter_map(|(mention, namespace)| {
            let now = bound(&self.now, mention, namespace);
            let before = bound(&self.before, mention, namespace);
            let target = now.as_ref().and_then(|binding| binding.item);
            if target == Some(own) {
                return None;
            }
            let is_new = before.is_none() && now.is_some();
            // Every program has the name, or a glob of another crate brought it in, or it may be no reference at all.
            let does_not_count = is_new
                && (target.is_none()
                    || mention.how == How::AmongTokens
                    || is_in_prelude(&mention.name));
            let is_changed = before != now && !does_not_count;
            Some(Edge {
                target: target.filter(|_| !does_not_count),
                is_rebound: is_changed || self.is_rebuilt(mention, namespace, now.as_deref()),
                in_body: mention.in_body,
            })
        });
        edges.collect()
    }

    /// Whether a name leads into a crate that has been built anew.
    fn is_rebuilt(&self, mention: &Mention, namespace: Namespace, now: Option<&Binding>) -> bool {
        match now {
            Some(found) => {
                let root = found.path.first().filter(|_| found.item.is_none());
                root.is_some_and(|root| self.rebuilt.contains(root))
            }
            None => namespace == Namespace::Types && self.rebuilt.contains(&mention.name),
        }
    }
}

/// The definitions after the cell.
pub(super) fn now<'a>(
    plan: &'a Plan,
    parsed: &'a Parsed,
    scope: &'a Scope,
    revived: &BTreeSet<usize>,
) -> Definitions<'a> {
    let mut now = Definitions::default();
    for (n, live) in scope.items.iter().enumerate() {
        let is_usable = live.dormant.is_none() || revived.contains(&n);
        if is_usable && !plan.is_gone(n) {
            let is_again = plan.refreshed.contains(&n);
            now.add_item(n, if is_again { NOW } else { live.since }, &live.item);
        }
    }
    for (n, item) in plan.own.iter().enumerate() {
        now.add_item(scope.items.len() + n, NOW, item);
    }
    for old in &scope.uses {
        if !plan.ended_uses.contains(&old.leaf) {
            now.add_use(old.since, &old.leaf);
        }
    }
    for leaf in &parsed.uses {
        now.add_use(NOW, leaf);
    }
    now
}

/// What a mention is bound to, if it is a reference.
fn bound(
    definitions: &Definitions<'_>,
    mention: &Mention,
    namespace: Namespace,
) -> Option<Rc<Binding>> {
    let binding = definitions.lookup(&mention.name, namespace)?;
    let is_reference = match mention.how {
        How::Plainly | How::AmongTokens => true,
        How::InPattern => is_constant(definitions, &binding, &mention.name),
        How::AsArgument => definitions
            .lookup(&mention.name, Namespace::Types)
            .is_none(),
    };
    is_reference.then_some(binding)
}

/// Whether a pattern of this name matches what is bound, rather than binding a variable.
fn is_constant(definitions: &Definitions<'_>, binding: &Binding, name: &str) -> bool {
    let item = binding.item.and_then(|number| definitions.item(number));
    match item {
        Some(item) if binding.path.is_empty() => item.kind != Kind::Function,
        Some(item) if item.kind == Kind::Type => true,
        _ => name.starts_with(char::is_uppercase),
    }
}

impl Plan {
    /// Whether an item of the scope is no longer there for the cell.
    pub(super) fn is_gone(&self, n: usize) -> bool {
        self.replaced.contains(&n) || self.amendments.dormant.contains_key(&n)
    }

    /// Notes what the cell's items and `use` declarations take the names of.
    pub(super) fn take_names(&mut self, parsed: &Parsed, scope: &Scope) {
        if self.own.is_empty() && parsed.uses.is_empty() {
            return; // it takes none
        }
        let named = |leaf: &Use| leaf.name().map(str::to_owned);
        for old in &scope.uses {
            let is_again = |leaf: &Use| {
                *leaf == old.leaf || (leaf.name().is_some() && leaf.name() == old.leaf.name())
            };
            if parsed.uses.iter().any(is_again) {
                self.ended_uses.push(old.leaf.clone());
            }
        }
        let (mut ended, mut replaced) = (Vec::new(), Vec::new());
        let now = now(self, parsed, scope, &BTreeSet::new());
        for old in scope.uses.iter().filter(|old| old.leaf.name().is_some()) {
            let own = self.own.iter().flat_map(|item| &item.defines);
            let mut own = own.filter(|(name, _)| old.leaf.name() == Some(name));
            if own.any(|(_, namespace)| now.brought(&old.leaf, *namespace).is_some()) {
                ended.push(old.leaf.clone());
            }
        }
        for leaf in &parsed.uses {
            let Some(name) = named(leaf) else { continue };
            for (n, live) in scope.items.iter().enumerate() {
                let defines = live.item.defines.iter();
                let mut taken = defines.filter(|(own, namespace)| {
                    let brought = || now.brought(leaf, *namespace);
                    *own == name && brought().is_some_and(|found| found.item != Some(n))
                });
                if !self.refreshed.contains(&n) && taken.next().is_some() {
                    replaced.push(n);
                }
            }
        }
        self.ended_uses.extend(ended);
        self.replaced.extend(replaced);
    }
}
