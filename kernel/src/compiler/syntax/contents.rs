//! What is within an item that has names of its own: a module or an enum.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Item, TraitItem};

use super::imports::{self, Use};
use super::namespace::{Defined, Namespace, defined};
use super::tokens::{self, Names};

/// The names in a module or an enum.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// What is defined there.
    pub names: BTreeSet<Defined>,
    /// The modules and enums in it.
    pub modules: BTreeMap<String, Contents>,
    /// Its `use` declarations.
    pub uses: Vec<Use>,
    /// The methods of its traits.
    pub traits: BTreeMap<String, Names>,
}

/// What is in an item, if it is a module or an enum.
pub fn of(item: &Item) -> Option<Contents> {
    match item {
        Item::Mod(module) => {
            let mut contents = Contents::default();
            for item in module.content.iter().flat_map(|(_, items)| items) {
                contents.add(item);
            }
            Some(contents)
        }
        Item::Enum(item) => {
            let variants = item.variants.iter().map(|v| tokens::name(&v.ident));
            let names = variants
                .flat_map(|name| [Namespace::Types, Namespace::Values].map(|n| (name.clone(), n)));
            Some(Contents {
                names: names.collect(),
                ..Contents::default()
            })
        }
        _ => None,
    }
}

impl Contents {
    fn add(&mut self, item: &Item) {
        let names = defined(item);
        if let (Some(inner), Some((name, _))) = (of(item), names.first()) {
            self.modules.insert(name.clone(), inner);
        }
        match item {
            Item::Use(declaration) => self.uses.extend(imports::of(declaration)),
            Item::Trait(item) => {
                let name = tokens::name(&item.ident);
                self.traits.insert(name, functions(item));
            }
            _ => {}
        }
        self.names.extend(names);
    }
}

/// The functions of a trait.
fn functions(item: &syn::ItemTrait) -> Names {
    let functions = item.items.iter().filter_map(|item| match item {
        TraitItem::Fn(function) => Some(tokens::name(&function.sig.ident)),
        _ => None,
    });
    functions.collect()
}

/// The functions of traits that an item defines or implements, which are called without naming it.
pub fn trait_methods(item: &Item) -> Names {
    match item {
        Item::Trait(item) => functions(item),
        Item::Impl(block) if block.trait_.is_some() => {
            let functions = block.items.iter().filter_map(|item| match item {
                syn::ImplItem::Fn(function) => Some(tokens::name(&function.sig.ident)),
                _ => None,
            });
            functions.collect()
        }
        Item::Mod(module) => {
            let items = module.content.iter().flat_map(|(_, items)| items);
            items.flat_map(trait_methods).collect()
        }
        _ => Names::new(),
    }
}
