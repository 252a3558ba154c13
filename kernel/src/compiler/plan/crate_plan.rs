//! What a cell's crate consists of: its own items, the earlier items that must be compiled again
//! with them, and what it imports.
//!
//! An item lives in the crate of the cell that defined it, so that its statics exist once. It is
//! compiled again only if something that it mentions is defined anew, since the notebook's user
//! expects `fn a` to call the new `fn b`; or if a later cell has an `impl` for it, which no other
//! crate may have.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::compiler::syntax::item::{Impl, Item, Kind};
use crate::compiler::syntax::cell::Parsed;
use crate::compiler::resolve::session_scope::{Live, Scope};
use crate::compiler::syntax::tokens::Names;
use crate::compiler::syntax::imports::Use;

/// The plan for a cell's crate.
#[derive(Debug, Default)]
pub struct Plan {
    /// The cell's items that are new or changed.
    pub own: Vec<Item>,
    /// Earlier items that are compiled again.
    pub carried: Vec<Live>,
    /// Earlier functions that are compiled once more for this cell alone, to be measured optimised.
    pub copies: Vec<Live>,
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
    /// Of the carried: names of types whose definition is not what it was.
    pub changed_types: Names,
    /// Of the carried: statics that begin anew.
    pub reset: Names,
    /// Statics of the carried that go on, by key: those of these crates.
    pub kept_statics: BTreeMap<String, u32>,
}

/// What only rustc knows of how earlier items (by index) go with the cell's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Amendments {
    /// Items that do not compile with the cell's own, so that nothing takes their place.
    pub ended: BTreeSet<usize>,
    /// Members of an `impl` that the cell's own take the place of.
    pub cut: Cuts,
    /// Items that have to be in the same crate.
    pub along: BTreeSet<usize>,
    /// Whether no static goes on.
    pub anew: bool,
}

/// Of some items of the scope (by index), the pieces that are left out.
pub type Cuts = BTreeMap<usize, Vec<Range<usize>>>;

impl Plan {
    /// Plans the crate of a cell.
    pub fn new(parsed: &Parsed, scope: &Scope) -> Self {
        Self::with(parsed, scope, false, Amendments::default())
    }

    /// Plans it once more.
    pub fn amended(amendments: Amendments, parsed: &Parsed, scope: &Scope) -> Self {
        Self::with(parsed, scope, false, amendments)
    }

    /// Plans the crate of a cell whose statements are measured.
    pub fn for_bench(parsed: &Parsed, scope: &Scope) -> Self {
        Self::with(parsed, scope, true, Amendments::default())
    }

    fn with(parsed: &Parsed, scope: &Scope, is_measured: bool, amendments: Amendments) -> Self {
        let mut cuts = amendments.cut.clone();
        let mut plan = Self {
            replaced: amendments.ended.clone(),
            amendments,
            ..Self::default()
        };
        for item in &parsed.items {
            if !plan.is_unchanged(item, scope) {
                let mut item = item.clone();
                let uses = || scope.uses.iter().chain(&parsed.uses);
                item.mention(|name| {
                    scope.item(name).is_some_and(|live| !live.item.is_guessed)
                        || uses().any(|leaf| leaf.name() == Some(name))
                });
                plan.replace(&item, scope, &mut cuts);
                plan.own.push(item);
            }
        }
        let carried = plan.carry(scope, &cuts);
        plan.compare_types(&carried, scope);
        plan.carried = carried
            .iter()
            .map(|&n| {
                let mut live = scope.items[n].clone();
                live.cut.extend(cuts.remove(&n).unwrap_or_default());
                live
            })
            .collect();
        plan.keep_statics(scope);
        if is_measured {
            plan.copy_functions(parsed, scope, &carried);
        }
        plan.read(parsed, scope);
        plan.import(parsed, scope, &carried);
        plan
    }

    /// Whether an item was made for something that is defined anew, rather than compiled again for another reason.
    pub fn is_made_for_old(&self, item: &Item, scope: &Scope) -> bool {
        let replaced = self.replaced.iter().map(|&n| &*scope.items[n].item);
        let mut old: Names = replaced.flat_map(|item| item.names.clone()).collect();
        let mentions_old =
            |item: &Item, old: &Names| item.mentions.iter().any(|name| old.contains(name));
        loop {
            let before = old.len();
            for live in &self.carried {
                if mentions_old(&live.item, &old) {
                    old.extend(live.item.names.iter().cloned());
                }
            }
            if old.len() == before {
                return mentions_old(item, &old);
            }
        }
    }

    /// Whether the crate holds any item.
    pub fn has_items(&self) -> bool {
        !self.own.is_empty() || !self.carried.is_empty()
    }

    /// A variable's type as this crate and later ones must spell it: a carried type that is still
    /// the same is from here on the one in the crate `home` (`crate`, or `::cell_N`).
    pub fn respell(&self, ty: &str, home: &str) -> String {
        let mut ty = ty.to_owned();
        for live in &self.carried {
            for name in live
                .item
                .names
                .iter()
                .filter(|name| !self.changed_types.contains(*name))
            {
                ty = rename(
                    &ty,
                    &format!("::cell_{}::{name}", live.home),
                    &format!("{home}::{name}"),
                );
            }
        }
        ty
    }

    /// The item that a variable's type names and that is no longer what it was, if there is one.
    pub fn outdated<'a>(&'a self, ty: &str, scope: &'a Scope) -> Option<&'a Live> {
        let replaced = self.replaced.iter().map(|&n| &scope.items[n]);
        self.carried.iter().chain(replaced).find(|live| {
            let mut names = live
                .item
                .names
                .iter()
                .filter(|name| self.changed_types.contains(*name));
            names.any(|name| rename(ty, &format!("::cell_{}::{name}", live.home), "") != ty)
        })
    }

    /// Whether the scope has the very same item. A static that is defined again begins anew, as the
    /// user who runs its cell again expects.
    fn is_unchanged(&self, item: &Item, scope: &Scope) -> bool {
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
        scope.items.iter().any(|live| {
            live.cut.is_empty()
                && (item.is_guessed || live.item.names == item.names)
                && live.item.is_guessed == item.is_guessed
                && live.item.text == item.text
                && std::mem::discriminant(&live.item.kind) == std::mem::discriminant(&item.kind)
        })
    }

    /// Notes what a new item takes the place of.
    fn replace(&mut self, item: &Item, scope: &Scope, cuts: &mut Cuts) {
        for (n, live) in scope.items.iter().enumerate() {
            match (item.as_impl(), live.item.as_impl()) {
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
                    if item.is_guessed && live.item.is_guessed && item.text == live.item.text =>
                {
                    self.replaced.insert(n);
                }
                (None, None)
                    if (item.kind == Kind::Macro) == live.is_macro()
                        && item.names.iter().any(|name| live.item.names.contains(name)) =>
                {
                    self.replaced.insert(n);
                }
                _ => {}
            }
        }
    }

    /// The items (by index) that must be compiled again.
    fn carry(&self, scope: &Scope, cuts: &Cuts) -> BTreeSet<usize> {
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
        let along = self.amendments.along.iter();
        let mut carried: BTreeSet<usize> = cuts.keys().chain(along).copied().collect();
        for head in self.own.iter().filter_map(Item::as_impl) {
            carried.extend(anchor(head, &own, scope));
        }
        loop {
            let before = carried.len();
            for &n in &carried {
                dirty.extend(scope.items[n].item.names.iter().cloned());
            }
            for (n, live) in scope.items.iter().enumerate() {
                if !self.replaced.contains(&n)
                    && live.item.mentions.iter().any(|name| dirty.contains(name))
                {
                    carried.insert(n);
                }
            }
            let here: Names = own.union(&dirty).cloned().collect();
            let anchors: Vec<usize> = carried
                .iter()
                .filter_map(|&n| anchor(scope.items[n].item.as_impl()?, &here, scope))
                .collect();
            carried.extend(anchors);
            carried.retain(|n| !self.replaced.contains(n));
            if carried.len() == before {
                return carried;
            }
        }
    }

    /// Finds the carried types that are no longer what they were.
    fn compare_types(&mut self, carried: &BTreeSet<usize>, scope: &Scope) {
        let mut changed: Names = self
            .replaced
            .iter()
            .map(|&n| &scope.items[n])
            .filter(|live| live.item.as_impl().is_none())
            .flat_map(|live| live.item.names.clone())
            .collect();
        loop {
            let before = changed.len();
            for live in carried.iter().map(|&n| &scope.items[n]) {
                if live.item.as_impl().is_none()
                    && live.item.kind != Kind::Function
                    && live.item.mentions.iter().any(|name| changed.contains(name))
                {
                    changed.extend(live.item.names.iter().cloned());
                }
            }
            if changed.len() == before {
                break;
            }
        }
        self.changed_types = changed;
    }

    /// Finds the carried statics that go on, since nothing that they are made of is another thing now.
    fn keep_statics(&mut self, scope: &Scope) {
        let replaced = self.replaced.iter().map(|&n| &scope.items[n].item.names);
        let mut changed: Names = replaced.flatten().cloned().collect();
        changed.extend(self.changed_types.iter().cloned());
        for live in &self.carried {
            let item = &live.item;
            for own in &item.statics {
                let home = live.statics.get(&own.key);
                let is_same = own.mentions.is_disjoint(&changed) && !self.amendments.anew;
                match home.filter(|_| is_same) {
                    Some(home) => {
                        self.kept_statics.insert(own.key.clone(), *home);
                    }
                    None => {
                        self.reset.insert(own.name.clone());
                    }
                }
            }
            let others = item.kind == Kind::Static && item.statics.is_empty();
            if others && (!item.is_guessed || makes_static(item, scope)) {
                self.reset.extend(item.names.iter().cloned());
            }
        }
    }

    /// Finds the earlier variables that the statements mention before they bind that name.
    fn read(&mut self, parsed: &Parsed, scope: &Scope) {
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
    fn copy_functions(&mut self, parsed: &Parsed, scope: &Scope, carried: &BTreeSet<usize>) {
        let statements = parsed.statements.iter().map(|statement| &statement.names);
        let own = self.own.iter().map(|item| &item.mentions);
        let mut wanted: Names = statements.chain(own).flatten().cloned().collect();
        let mut copied = BTreeSet::new();
        loop {
            let before = copied.len();
            for (n, live) in scope.items.iter().enumerate() {
                let is_wanted = live.item.names.iter().any(|name| wanted.contains(name));
                if is_wanted
                    && live.item.kind == Kind::Function
                    && !live.item.has_static
                    && !self.replaced.contains(&n)
                    && !carried.contains(&n)
                    && copied.insert(n)
                {
                    wanted.extend(live.item.mentions.iter().cloned());
                }
            }
            if copied.len() == before {
                break;
            }
        }
        self.copies = copied.iter().map(|&n| scope.items[n].clone()).collect();
    }

    /// Finds the imports that the crate needs.
    fn import(&mut self, parsed: &Parsed, scope: &Scope, carried: &BTreeSet<usize>) {
        let here: Names = (self
            .own
            .iter()
            .map(|item| (item.kind == Kind::Macro, &item.names)))
        .chain(
            (self.carried.iter().chain(&self.copies))
                .map(|live| (live.is_macro(), &live.item.names)),
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
            .chain(self.carried.iter().map(|live| &*live.item))
            .chain(self.copies.iter().map(|live| &*live.item))
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
        for (n, live) in scope.items.iter().enumerate() {
            if self.replaced.contains(&n) || carried.contains(&n) {
                continue;
            }
            for name in &live.item.names {
                if here.contains(&key(live.is_macro(), name)) || own_uses.contains(name) {
                    continue;
                }
                if wanted.contains(name) {
                    self.imports.insert(name.clone(), live.home);
                } else if live.item.kind == Kind::Trait {
                    self.traits.insert(name.clone(), live.home);
                }
            }
        }
    }
}

/// Replaces a path in a type.
fn rename(ty: &str, old: &str, new: &str) -> String {
    let mut renamed = String::new();
    let mut rest = ty;
    while let Some(at) = rest.find(old) {
        let after = &rest[at + old.len()..];
        let whole = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        renamed.push_str(&rest[..at]);
        renamed.push_str(if whole { new } else { old });
        rest = after;
    }
    renamed + rest
}

fn key(is_macro: bool, name: &str) -> String {
    if is_macro {
        format!("{name}!")
    } else {
        name.to_owned()
    }
}

/// Whether a call of a user's macro makes a static, as far as its text or the macro's tells.
fn makes_static(call: &Item, scope: &Scope) -> bool {
    let rules = call
        .mentions
        .iter()
        .filter_map(|name| scope.macro_rules(name));
    call.has_static || rules.into_iter().any(|rules| rules.item.has_static)
}

/// The earlier item that must be in the same crate as an `impl`, if there is one: an inherent
/// `impl` needs its type there, a trait's needs its trait or a type of its head.
fn anchor(head: &Impl, here: &Names, scope: &Scope) -> Option<usize> {
    let index = |name: &str| {
        let found = |live: &Live| !live.is_macro() && live.item.names.iter().any(|n| n == name);
        scope.items.iter().position(|live| {
            found(live) && matches!(live.item.kind, Kind::Type | Kind::Trait | Kind::Other)
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

#[cfg(test)]
mod tests;
