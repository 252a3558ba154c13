//! What is within an item that has names of its own: a module or an enum.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Item, TraitItem, Visibility};

use super::namespace::{Defined, Namespace, defined};
use crate::compiler::syntax::imports::{self, Use};
use crate::compiler::syntax::tokens::{self, Names};

/// The names in a module or an enum.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// What is defined there.
    pub names: BTreeSet<Defined>,
    /// The modules and enums in it.
    pub modules: BTreeMap<String, Contents>,
    /// Of those: the ones that it keeps to itself.
    pub private: BTreeSet<Defined>,
    /// Its `use` declarations, and whether others see what they bring in.
    pub uses: Vec<(Use, bool)>,
    /// The methods of its traits.
    pub traits: BTreeMap<String, Names>,
}

/// What is in an item, if it is a module or an enum.
pub fn of(item: &Item) -> Option<Contents> {
    match item {
        Item::Mod(module) => {
            // What a file has is not known.
            let (_, items) = module.content.as_ref()?;
            let mut contents = Contents::default();
            for item in items {
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
        if is_private(item) {
            self.private.extend(names.iter().cloned());
        }
        match item {
            Item::Use(declaration) => {
                let leaves = imports::of(declaration).into_iter();
                let is_public = !is_private(item);
                self.uses.extend(leaves.map(|leaf| (leaf, is_public)));
            }
            Item::Trait(item) => {
                let name = tokens::name(&item.ident);
                self.traits.insert(name, functions(item));
            }
            _ => {}
        }
        self.names.extend(names);
    }
}

/// Whether an item of a module is seen only there.
fn is_private(item: &Item) -> bool {
    let visibility = match item {
        Item::Const(item) => &item.vis,
        Item::Enum(item) => &item.vis,
        Item::ExternCrate(item) => &item.vis,
        Item::Fn(item) => &item.vis,
        Item::Mod(item) => &item.vis,
        Item::Static(item) => &item.vis,
        Item::Struct(item) => &item.vis,
        Item::Trait(item) => &item.vis,
        Item::TraitAlias(item) => &item.vis,
        Item::Type(item) => &item.vis,
        Item::Union(item) => &item.vis,
        Item::Use(item) => &item.vis,
        _ => return false,
    };
    matches!(visibility, Visibility::Inherited)
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
