//! Which earlier items must be compiled again: those with a name that means something else now, and what refers to them.

use std::collections::{BTreeMap, BTreeSet};

use super::crate_plan::{Plan, RemovedImplMembers};
use super::meanings::{Edge, Meanings};
use crate::compiler::resolve::definitions::Definitions;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::imports::Brings;
use crate::compiler::syntax::item::{Impl, Item, Kind};
use crate::compiler::syntax::refers::namespace::Namespace;
use crate::compiler::syntax::tokens::Names;

/// What is found out about the items of the scope, by number.
#[derive(Debug, Default)]
pub(super) struct Stale {
    /// Those that are compiled again.
    pub(super) recompiled: BTreeSet<usize>,
    /// Of those: the ones that were made for something else than what their names mean now.
    pub(super) outdated: BTreeSet<usize>,
    /// Those that would be compiled again if anything could name them.
    pub(super) hidden: BTreeSet<usize>,
    /// What each refers to.
    pub(super) edges: BTreeMap<usize, Vec<Edge>>,
}

/// Finds them; `revived` are the dormant items that are tried again.
pub(super) fn find(
    plan: &Plan,
    parsed: &Parsed,
    scope: &Scope,
    cuts: &RemovedImplMembers,
    revived: &BTreeSet<usize>,
) -> Stale {
    let with_files = scope.items.iter().enumerate().filter(|(_, live)| {
        live.dormant.is_none() && live.files.iter().any(|file| file.has_changed())
    });
    let with_files: BTreeSet<usize> = with_files.map(|(n, _)| n).collect();
    let items = scope.items.iter().enumerate();
    let debugged = items.filter(|(_, live)| live.is_to_be_debuggable(&scope.breakpoints));
    let debugged: BTreeSet<usize> = debugged.map(|(n, _)| n).collect();
    let is_nothing = plan.own.is_empty()
        && parsed.uses.is_empty()
        && plan.refreshed.is_empty()
        && plan.replaced.is_empty()
        && plan.amendments.is_empty()
        && scope.rebuilt.is_empty()
        && with_files.is_empty()
        && debugged.is_empty();
    if is_nothing {
        return Stale::default();
    }
    let search = Search::new(plan, parsed, scope, revived);
    let mut changed = with_files;
    changed.extend(search.functions_of_functions(debugged));
    let outdated = search.outdated(parsed, changed);
    let mut recompiled = outdated.clone();
    recompiled.extend(cuts.keys().chain(&plan.amendments.same_crate));
    recompiled.extend(revived);
    recompiled.retain(|n| search.edges.contains_key(n));
    loop {
        search.close(&mut recompiled);
        let before = recompiled.len();
        let impls = recompiled.iter().map(|&n| &*scope.items[n].item);
        let impls = impls.chain(&plan.own).filter_map(Item::as_impl);
        let is_here = |n: usize| n >= scope.items.len() || recompiled.contains(&n);
        let homes: Vec<usize> = impls
            .filter_map(|head| orphan_rule_home(head, &search.meanings.now, &is_here))
            .collect();
        recompiled.extend(homes);
        if recompiled.len() == before {
            break;
        }
    }
    let hidden: BTreeSet<usize> = recompiled
        .extract_if(.., |n| search.is_hidden(*n))
        .collect();
    Stale {
        recompiled,
        outdated: outdated.difference(&hidden).copied().collect(),
        hidden,
        edges: search.edges,
    }
}

struct Search<'a> {
    plan: &'a Plan,
    scope: &'a Scope,
    meanings: Meanings<'a>,
    edges: BTreeMap<usize, Vec<Edge>>,
    /// Who refers to an item.
    users: BTreeMap<usize, Vec<usize>>,
    /// Who calls a method of a name.
    callers: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Search<'a> {
    fn new(
        plan: &'a Plan,
        parsed: &'a Parsed,
        scope: &'a Scope,
        revived: &BTreeSet<usize>,
    ) -> Self {
        let mut search = Self {
            plan,
            scope,
            meanings: Meanings::new(plan, parsed, scope, revived),
            edges: BTreeMap::new(),
            users: BTreeMap::new(),
            callers: BTreeMap::new(),
        };
        for (n, live) in scope.items.iter().enumerate() {
            if plan.is_gone(n) || (live.dormant.is_some() && !revived.contains(&n)) {
                continue;
            }
            let edges = search.meanings.edges(&live.item.refers, n);
            for target in edges.iter().filter_map(|edge| edge.target) {
                search.users.entry(target).or_default().push(n);
            }
            for method in &live.item.refers.methods {
                search.callers.entry(method).or_default().push(n);
            }
            search.edges.insert(n, edges);
        }
        search
    }

    /// The items that were made for something else.
    fn outdated(&self, parsed: &Parsed, changed: BTreeSet<usize>) -> BTreeSet<usize> {
        let rebound = self.edges.iter();
        let rebound = rebound.filter(|(_, edges)| edges.iter().any(|edge| edge.is_rebound));
        let mut outdated: BTreeSet<usize> = rebound.map(|(n, _)| *n).chain(changed).collect();
        outdated.extend(self.callers_of(&self.changed_methods(parsed)));
        outdated.retain(|n| self.edges.contains_key(n));
        let mut todo: Vec<usize> = outdated.iter().copied().collect();
        while let Some(n) = todo.pop() {
            if self.is_hidden(n) {
                continue;
            }
            let users = self.users.get(&n).into_iter().flatten().copied();
            let callers = self.callers_of(&self.scope.items[n].item.methods);
            for user in users.chain(callers) {
                if outdated.insert(user) {
                    todo.push(user);
                }
            }
        }
        outdated
    }

    /// Of these items, those that only functions use, directly or not: what has a state is not made anew because of them.
    fn functions_of_functions(&self, mut items: BTreeSet<usize>) -> BTreeSet<usize> {
        items.retain(|&n| {
            let mut users = BTreeSet::from([n]);
            self.close(&mut users);
            let is_function = |&n: &usize| self.scope.items[n].item.kind == Kind::Function;
            users.iter().all(is_function)
        });
        items
    }

    /// The methods that the cell gives another meaning.
    fn changed_methods(&self, parsed: &Parsed) -> Names {
        let mut methods = Names::new();
        let gone = self.plan.replaced.iter();
        for n in gone.chain(self.plan.amendments.dormant.keys()) {
            let old = &self.scope.items[*n].item;
            methods.extend(old.methods.iter().cloned());
            let head = |item: &Item| item.as_impl().map(|head| head.head.clone());
            let own = self.plan.own.iter().filter(|own| {
                own.has_name_of(old) || (own.as_impl().is_some() && head(own) == head(old))
            });
            methods.extend(own.flat_map(|own| own.methods.clone()));
        }
        // Which trait has a method is told by the trait that is imported.
        for leaf in &parsed.uses {
            let Brings::Name(name) = &leaf.brings else {
                continue;
            };
            let before = self.meanings.before.lookup(name, Namespace::Types);
            let now = self.meanings.now.lookup(name, Namespace::Types);
            if before != now {
                let (old, new) = (&self.meanings.before, &self.meanings.now);
                methods.extend(
                    before
                        .and_then(|b| old.trait_methods(&b))
                        .into_iter()
                        .flatten(),
                );
                methods.extend(
                    now.and_then(|b| new.trait_methods(&b))
                        .into_iter()
                        .flatten(),
                );
            }
        }
        methods
    }

    fn callers_of(&self, methods: &Names) -> Vec<usize> {
        let callers = methods.iter().filter_map(|m| self.callers.get(m.as_str()));
        callers.flatten().copied().collect()
    }

    /// Adds what refers to these items, directly or not.
    fn close(&self, items: &mut BTreeSet<usize>) {
        let mut todo: Vec<usize> = items.iter().copied().collect();
        while let Some(n) = todo.pop() {
            if self.is_hidden(n) {
                continue;
            }
            for user in self.users.get(&n).into_iter().flatten() {
                if items.insert(*user) {
                    todo.push(*user);
                }
            }
        }
    }

    /// Whether nothing can name an item, since a later glob brings in all its names.
    fn is_hidden(&self, n: usize) -> bool {
        is_hidden(n, &self.scope.items[n].item, &self.meanings.now)
    }
}

/// Whether something else has all names of an item.
pub(super) fn is_hidden(n: usize, item: &Item, now: &Definitions<'_>) -> bool {
    let is_other = |(name, namespace): &(String, Namespace)| {
        let found = now.lookup(name, *namespace);
        found.is_some_and(|found| found.item != Some(n) || !found.path.is_empty())
    };
    !item.defines.is_empty() && item.defines.iter().all(is_other)
}

/// The earlier item that must be in the same crate as an `impl`, if there is one: an inherent
/// `impl` needs its type there, a trait's needs its trait or a type of its head.
fn orphan_rule_home(
    head: &Impl,
    now: &Definitions<'_>,
    is_here: &impl Fn(usize) -> bool,
) -> Option<usize> {
    let item = |name: &str| {
        let number = now.lookup(name, Namespace::Types)?.item?;
        let kind = &now.item(number)?.kind;
        matches!(kind, Kind::Type | Kind::Trait | Kind::Other).then_some(number)
    };
    let by_self = head.self_root.as_deref().and_then(item);
    let by_trait = head.trait_root.as_deref().and_then(item);
    if [by_self, by_trait].into_iter().flatten().any(is_here) {
        return None;
    }
    by_self.or(by_trait).or_else(|| {
        let named: Vec<usize> = head.names.iter().filter_map(|name| item(name)).collect();
        let is_any_here = named.iter().any(|n| is_here(*n));
        named.first().copied().filter(|_| !is_any_here)
    })
}

impl Plan {
    /// The dormant items that may compile again: those that mention what the cell defines.
    pub(super) fn revivable(&self, parsed: &Parsed, scope: &Scope) -> BTreeSet<usize> {
        let mut changed: Names = self
            .own
            .iter()
            .flat_map(|item| item.names.clone())
            .collect();
        let replaced = self.replaced.iter().map(|&n| &scope.items[n].item);
        changed.extend(replaced.flat_map(|item| item.names.iter().cloned()));
        changed.extend(
            parsed
                .uses
                .iter()
                .filter_map(|leaf| leaf.name())
                .map(str::to_owned),
        );
        let methods: Names = self
            .own
            .iter()
            .flat_map(|item| item.methods.clone())
            .collect();
        let impls: Names = self
            .own
            .iter()
            .filter_map(Item::as_impl)
            .flat_map(|head| head.names.clone())
            .collect();
        // A glob may give way, or bring in anything.
        let uses = scope.uses.iter().map(|old| &old.leaf).chain(&parsed.uses);
        let has_globs = uses.into_iter().any(|leaf| leaf.brings == Brings::Glob);
        let mut revived = BTreeSet::new();
        loop {
            let before = revived.len();
            for (n, live) in scope.items.iter().enumerate() {
                let refers = &live.item.refers;
                let may_compile = has_globs
                    || refers.mention_any(&changed)
                    || refers.mention_any(&impls)
                    || !refers.methods.is_disjoint(&methods);
                let is_tried = live.dormant.is_some() && !self.is_gone(n) && may_compile;
                if is_tried && revived.insert(n) {
                    changed.extend(live.item.names.iter().cloned());
                }
            }
            if revived.len() == before {
                return revived;
            }
        }
    }
}
