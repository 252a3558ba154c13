//! The namespaces of names, and which an item defines its name in.

use syn::{Fields, ForeignItem, Item};

use crate::compiler::syntax::tokens;

/// Where a name is looked up: one name can mean one thing in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Namespace {
    /// Types, traits, modules, crates.
    Types,
    /// Functions, constants, statics, constructors, variables.
    Values,
    /// Macros.
    Macros,
}

impl Namespace {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Types, Self::Values, Self::Macros];
}

/// A name, and where it is looked up.
pub type Defined = (String, Namespace);

/// What an item defines.
pub fn defined(item: &Item) -> Vec<Defined> {
    use Namespace::{Macros, Types, Values};
    let (ident, namespaces): (_, &[Namespace]) = match item {
        Item::Const(item) => (&item.ident, &[Values]),
        Item::Static(item) => (&item.ident, &[Values]),
        Item::Fn(item) => (&item.sig.ident, &[Values]),
        Item::Enum(item) => (&item.ident, &[Types]),
        Item::Union(item) => (&item.ident, &[Types]),
        Item::Mod(item) => (&item.ident, &[Types]),
        Item::Trait(item) => (&item.ident, &[Types]),
        Item::TraitAlias(item) => (&item.ident, &[Types]),
        Item::Type(item) => (&item.ident, &[Types]),
        Item::Struct(item) if matches!(item.fields, Fields::Named(_)) => (&item.ident, &[Types]),
        Item::Struct(item) => (&item.ident, &[Types, Values]),
        Item::ExternCrate(item) => {
            let renamed = item.rename.as_ref().map(|(_, name)| name);
            (renamed.unwrap_or(&item.ident), &[Types])
        }
        Item::Macro(item) => match &item.ident {
            Some(ident) => (ident, &[Macros]),
            None => return Vec::new(),
        },
        Item::ForeignMod(block) => return block.items.iter().filter_map(foreign).collect(),
        _ => return Vec::new(),
    };
    let name = tokens::name(ident);
    if name == "_" {
        return Vec::new();
    }
    namespaces.iter().map(|n| (name.clone(), *n)).collect()
}

fn foreign(item: &ForeignItem) -> Option<Defined> {
    let (ident, namespace) = match item {
        ForeignItem::Fn(item) => (&item.sig.ident, Namespace::Values),
        ForeignItem::Static(item) => (&item.ident, Namespace::Values),
        ForeignItem::Type(item) => (&item.ident, Namespace::Types),
        _ => return None,
    };
    Some((tokens::name(ident), namespace))
}
