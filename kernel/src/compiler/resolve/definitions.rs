//! What the names of a session stand for, at one time: its items, and where its `use` declarations lead.
//!
//! Of several things of one name, the one of the latest cell counts; within a cell, what is named counts before what a glob brings.
//! Other crates are not looked into: their paths are taken as they are.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::external;
use super::paths::{absolute, split};
use crate::compiler::syntax::imports::{Brings, Use};
use crate::compiler::syntax::item::Item;
use crate::compiler::syntax::refers::contents::Contents;
use crate::compiler::syntax::refers::namespace::Namespace;
use crate::compiler::syntax::tokens::Names;

/// What a name is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The item, by its number; none for something of another crate.
    pub item: Option<usize>,
    /// The path within the item, or of the other crate's.
    pub path: Vec<String>,
}

/// What a name may be bound to.
#[derive(Debug, Clone, Copy)]
enum Candidate<'a> {
    Item(usize, Namespace),
    Use(&'a Use),
}

/// The definitions.
#[derive(Debug, Default)]
pub struct Definitions<'a> {
    by_name: HashMap<&'a str, Vec<(u32, Candidate<'a>)>>,
    globs: Vec<(u32, &'a Use)>,
    items: HashMap<usize, &'a Item>,
    /// What has been looked up.
    known: [RefCell<HashMap<String, Found>>; Namespace::ALL.len()],
    /// What is being looked up: globs may lead back to it.
    active: RefCell<Vec<(String, Namespace)>>,
    /// How many of those are before the first one that was led back to.
    led_back_to: Cell<Option<usize>>,
}

/// Since which cell a name means what.
type Found = Option<(u32, Rc<Binding>)>;

/// `use` declarations that lead on to others are followed no farther than this.
const FARTHEST: usize = 24;

impl<'a> Definitions<'a> {
    /// Adds an item of a cell.
    pub fn add_item(&mut self, number: usize, since: u32, item: &'a Item) {
        self.items.insert(number, item);
        for (name, namespace) in &item.defines {
            let named = self.by_name.entry(name).or_default();
            named.push((since, Candidate::Item(number, *namespace)));
        }
    }

    /// Adds a `use` declaration of a cell.
    pub fn add_use(&mut self, since: u32, leaf: &'a Use) {
        match &leaf.brings {
            Brings::Name(name) => {
                let named = self.by_name.entry(name).or_default();
                named.push((since, Candidate::Use(leaf)));
            }
            Brings::Glob => self.globs.push((since, leaf)),
            Brings::Methods => {}
        }
    }

    /// What a name is bound to; `None` if the session has nothing of that name.
    pub fn lookup(&self, name: &str, namespace: Namespace) -> Option<Rc<Binding>> {
        let found = self.find(name, namespace, 0);
        found.map(|(_, binding)| binding)
    }

    /// What a `use` brings in, in a namespace.
    pub fn brought(&self, leaf: &Use, namespace: Namespace) -> Option<Binding> {
        self.follow(leaf, namespace, 1)
    }

    /// Whether there are globs.
    pub fn has_globs(&self) -> bool {
        !self.globs.is_empty()
    }

    /// Whether a later glob brings in all that a `use` does.
    pub fn is_hidden(&self, leaf: &Use) -> bool {
        let Some(name) = leaf.name().filter(|_| self.has_globs()) else {
            return false;
        };
        let brought = |n: &Namespace| Some((*n, self.brought(leaf, *n)?));
        let mut brought = Namespace::ALL.iter().filter_map(brought).peekable();
        brought.peek().is_some()
            && brought.all(|(n, found)| self.lookup(name, n).is_some_and(|other| *other != found))
    }

    /// The newest glob that brings a name in, and whether one of another cell does as well.
    pub fn glob_of(&self, name: &str, namespace: Namespace) -> Option<(&'a Use, bool)> {
        let mut bringing = self.globs.iter().filter(|(_, glob)| {
            let found = self.through_glob(glob, name, namespace, 1);
            found.is_some()
        });
        let (since, newest) = bringing.next_back()?;
        Some((newest, bringing.any(|(other, _)| other != since)))
    }

    /// The methods of a trait that a binding leads to, if it is one of the session.
    pub fn trait_methods(&self, binding: &Binding) -> Option<Names> {
        let item = self.items.get(&binding.item?)?;
        let Some((last, modules)) = binding.path.split_last() else {
            return Some(item.methods.clone());
        };
        let mut contents = item.contents.as_ref()?;
        for module in modules {
            contents = contents.modules.get(module)?;
        }
        contents.traits.get(last).cloned()
    }

    /// The item of a number.
    pub fn item(&self, number: usize) -> Option<&'a Item> {
        self.items.get(&number).copied()
    }

    /// The same, and since which cell. What is found is noted: each glob asks for the modules of the others, and without that it would
    /// take twice as long with each.
    fn find(&self, name: &str, namespace: Namespace, depth: usize) -> Found {
        let known = &self.known[namespace as usize];
        if let Some(known) = known.borrow().get(name) {
            return known.clone();
        }
        if depth > FARTHEST {
            self.led_back_to.set(Some(0));
            return None;
        }
        let key = (name.to_owned(), namespace);
        let mut active = self.active.borrow_mut();
        let own = active.len();
        if let Some(place) = active.iter().position(|other| *other == key) {
            let first = self
                .led_back_to
                .get()
                .map_or(place, |other| other.min(place));
            self.led_back_to.set(Some(first));
            return None;
        }
        active.push(key);
        drop(active);
        let before = self.led_back_to.take();
        let found = self.find_anew(name, namespace, depth);
        let found = found.map(|(since, binding)| (since, Rc::new(binding)));
        self.active.borrow_mut().pop();
        // What does not count as it is being looked up itself may count for who asks next.
        let first = self.led_back_to.get().filter(|first| *first < own);
        if first.is_none() {
            known.borrow_mut().insert(name.to_owned(), found.clone());
        }
        let all = before.into_iter().chain(first);
        self.led_back_to.set(all.min());
        found
    }

    fn find_anew(&self, name: &str, namespace: Namespace, depth: usize) -> Option<(u32, Binding)> {
        let mut best: Option<(u32, Binding)> = None;
        for (since, candidate) in self.by_name.get(name).into_iter().flatten() {
            if best.as_ref().is_some_and(|(other, _)| other > since) {
                continue;
            }
            let binding = match candidate {
                Candidate::Item(number, own) if *own == namespace => Some(Binding {
                    item: Some(*number),
                    path: Vec::new(),
                }),
                Candidate::Item(..) => None,
                Candidate::Use(leaf) => self.follow(leaf, namespace, depth + 1),
            };
            best = binding.map(|binding| (*since, binding)).or(best);
        }
        for (since, glob) in &self.globs {
            if best.as_ref().is_some_and(|(other, _)| other >= since) {
                continue;
            }
            let binding = self.through_glob(glob, name, namespace, depth + 1);
            best = binding.map(|binding| (*since, binding)).or(best);
        }
        best
    }

    /// Where a `use` leads.
    fn follow(&self, leaf: &Use, namespace: Namespace, depth: usize) -> Option<Binding> {
        let path = split(&leaf.path);
        // `use serde;` names a crate.
        let is_own = path.len() == 1 && leaf.name() == path.first().map(String::as_str);
        if is_own || leaf.path.starts_with("::") {
            return external(path, namespace);
        }
        self.path(&path, namespace, depth)
    }

    fn through_glob(
        &self,
        glob: &Use,
        name: &str,
        namespace: Namespace,
        depth: usize,
    ) -> Option<Binding> {
        if glob.path.starts_with("::") {
            return None;
        }
        let path = split(&glob.path);
        // A glob of another crate brings in names that are not known.
        if path.first().is_some_and(|root| root == name) {
            return None;
        }
        let module = self.path(&path, Namespace::Types, depth)?;
        let mut path = module.path;
        path.push(name.to_owned());
        let item = self.items.get(&module.item?)?;
        if is_private(item, &path, namespace) {
            return None;
        }
        self.provides(module.item?, &path, namespace, depth)
    }

    /// What a path stands for, from the root on.
    fn path(&self, path: &[String], namespace: Namespace, depth: usize) -> Option<Binding> {
        let (first, rest) = path.split_first()?;
        let lookup = if rest.is_empty() {
            namespace
        } else {
            Namespace::Types
        };
        let Some((_, found)) = self.find(first, lookup, depth) else {
            return external(path.to_vec(), namespace);
        };
        let mut found = Binding::clone(&found);
        found.path.extend(rest.iter().cloned());
        match found.item {
            None => external(found.path, namespace),
            Some(_) if rest.is_empty() => Some(found),
            Some(item) => self.provides(item, &found.path, namespace, depth),
        }
    }

    /// What is at a path within an item; `None` if it has nothing there.
    fn provides(
        &self,
        number: usize,
        path: &[String],
        namespace: Namespace,
        depth: usize,
    ) -> Option<Binding> {
        let here = || {
            Some(Binding {
                item: Some(number),
                path: path.to_vec(),
            })
        };
        let item = self.items.get(&number)?;
        let Some(mut contents) = item.contents.as_ref() else {
            return here(); // an alias, say
        };
        for (at, name) in path.iter().enumerate() {
            let is_last = at + 1 == path.len();
            let lookup = if is_last { namespace } else { Namespace::Types };
            if contents.names.contains(&(name.clone(), lookup)) {
                match contents.modules.get(name) {
                    Some(inner) if !is_last => contents = inner,
                    _ => return here(),
                }
                continue;
            }
            let found = self.through_uses(item, contents, &path[..at], name, lookup, depth + 1)?;
            if is_last {
                return Some(found);
            }
            let mut whole = found.path;
            whole.extend(path[at + 1..].iter().cloned());
            return match found.item {
                Some(other) if depth < FARTHEST => {
                    self.provides(other, &whole, namespace, depth + 1)
                }
                Some(_) => None,
                None => external(whole, namespace),
            };
        }
        here()
    }

    /// What the `use` declarations of a module bring in.
    fn through_uses(
        &self,
        item: &Item,
        contents: &Contents,
        module: &[String],
        name: &str,
        namespace: Namespace,
        depth: usize,
    ) -> Option<Binding> {
        if depth > FARTHEST {
            return None;
        }
        let uses = || contents.uses.iter().map(|(leaf, _)| leaf);
        let named = uses().filter(|leaf| leaf.name() == Some(name));
        let found = named
            .filter_map(|leaf| {
                let path = absolute(item, contents, module, &leaf.path);
                self.path(&path, namespace, depth)
            })
            .next();
        found.or_else(|| {
            let mut globs = uses().filter(|leaf| leaf.brings == Brings::Glob);
            globs.find_map(|glob| {
                let mut path = absolute(item, contents, module, &glob.path);
                path.push(name.to_owned());
                if path.len() == 1 {
                    let found = self.find(name, namespace, depth); // `use super::*`
                    return found.map(|(_, found)| Binding::clone(&found));
                }
                let found = self.path(&path, namespace, depth)?;
                found.item.is_some().then_some(found)
            })
        })
    }
}

fn external(path: Vec<String>, namespace: Namespace) -> Option<Binding> {
    external::may_name(&path, namespace).then_some(Binding { item: None, path })
}

/// Whether a module keeps what is at a path to itself.
fn is_private(item: &Item, path: &[String], namespace: Namespace) -> bool {
    let Some((last, modules)) = path.split_last() else {
        return false;
    };
    let mut contents = item.contents.as_ref();
    for module in modules {
        contents = contents.and_then(|contents| contents.modules.get(module));
    }
    let Some(contents) = contents else {
        return false;
    };
    let defined = (last.clone(), namespace);
    if contents.names.contains(&defined) {
        return contents.private.contains(&defined);
    }
    let mut bringing = contents.uses.iter().filter(|(leaf, _)| match &leaf.brings {
        Brings::Name(name) => name == last,
        Brings::Glob => true,
        Brings::Methods => false,
    });
    bringing.all(|(_, is_public)| !is_public)
}

#[cfg(test)]
mod tests;
