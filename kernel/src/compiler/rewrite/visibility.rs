//! What a cell defines at its top level, the whole notebook may use: items, fields and inherent
//! members without a visibility become `pub`, and `pub(crate)` anywhere becomes `pub`.

use std::collections::BTreeSet;
use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Fields, ImplItem, Item, Visibility};

use super::macro_rules;
use super::module_macros::{ModuleMacros, is_exported, taken};
use crate::compiler::syntax::item_macros::defines_items;
use crate::compiler::syntax::source::{Edit, Part};
use crate::compiler::syntax::tokens::Tokens;

/// The edits for an item of a cell's top level.
pub fn edits(item: &Item, tokens: &Tokens) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut publish = |visibility: &Visibility, range: Range<usize>| {
        if matches!(visibility, Visibility::Inherited) {
            edits.push(Edit::before(
                tokens.after_attributes(&range),
                "pub ",
                Part::Items,
            ));
        }
    };
    let range = item.span().byte_range();
    match item {
        Item::Const(item) if item.ident == "_" => {}
        Item::Const(item) => publish(&item.vis, range),
        Item::Enum(item) => publish(&item.vis, range),
        Item::ExternCrate(item) => publish(&item.vis, range),
        Item::Fn(item) => publish(&item.vis, range),
        Item::Mod(item) => publish(&item.vis, range),
        Item::Static(item) => publish(&item.vis, range),
        Item::Trait(item) => publish(&item.vis, range),
        Item::TraitAlias(item) => publish(&item.vis, range),
        Item::Type(item) => publish(&item.vis, range),
        Item::Struct(item) => {
            publish(&item.vis, range);
            publish_fields(&item.fields, &mut publish);
        }
        Item::Union(item) => {
            publish(&item.vis, range);
            for field in &item.fields.named {
                publish(&field.vis, field.span().byte_range());
            }
        }
        Item::ForeignMod(block) => {
            for item in &block.items {
                let range = item.span().byte_range();
                match item {
                    syn::ForeignItem::Fn(item) => publish(&item.vis, range),
                    syn::ForeignItem::Static(item) => publish(&item.vis, range),
                    syn::ForeignItem::Type(item) => publish(&item.vis, range),
                    _ => {}
                }
            }
        }
        Item::Impl(block) if block.trait_.is_none() => {
            for item in &block.items {
                let range = item.span().byte_range();
                match item {
                    ImplItem::Fn(item) => publish(&item.vis, range),
                    ImplItem::Const(item) => publish(&item.vis, range),
                    ImplItem::Type(item) => publish(&item.vis, range),
                    _ => {}
                }
            }
        }
        Item::Macro(macro_rules) if macro_rules.ident.is_some() => {
            if !is_exported(macro_rules) {
                edits.push(Edit::before(range.start, "#[macro_export] ", Part::Items));
            }
            if defines_items(macro_rules).is_some() {
                let places = macro_rules::places(macro_rules.mac.tokens.clone());
                edits.extend(
                    places
                        .into_iter()
                        .map(|at| Edit::before(at, "pub ", Part::Items)),
                );
            }
        }
        _ => {}
    }
    let mut restricted = Restricted {
        edits: &mut edits,
        modules: Vec::new(),
        macros: BTreeSet::new(),
    };
    restricted.visit_item(item);
    edits
}

fn publish_fields(fields: &Fields, publish: &mut impl FnMut(&Visibility, Range<usize>)) {
    for field in fields {
        publish(&field.vis, field.span().byte_range());
    }
}

/// Finds `pub(crate)`, and what means the same.
struct Restricted<'a> {
    edits: &'a mut Vec<Edit>,
    /// The modules around.
    modules: Vec<String>,
    /// The macros of the innermost one that only its crate can use: what imports them is not `pub`.
    macros: BTreeSet<String>,
}

/// Whether a visibility means the whole crate, so many modules below the root.
fn is_of_crate(visibility: &Visibility, depth: usize) -> bool {
    let Visibility::Restricted(restricted) = visibility else {
        return false;
    };
    match depth {
        0 => true,
        1 => restricted.path.is_ident("crate") || restricted.path.is_ident("super"),
        _ => restricted.path.is_ident("crate"),
    }
}

impl Visit<'_> for Restricted<'_> {
    fn visit_item_mod(&mut self, module: &syn::ItemMod) {
        self.visit_visibility(&module.vis);
        self.modules.push(module.ident.to_string());
        let macros = ModuleMacros::of(module, &self.modules);
        let depth = self.modules.len();
        let more = macros.edits(&|visibility| is_of_crate(visibility, depth));
        let around = std::mem::replace(&mut self.macros, macros.names());
        self.edits.extend(more);
        for item in module.content.iter().flat_map(|(_, items)| items) {
            self.visit_item(item);
        }
        self.macros = around;
        self.modules.pop();
    }

    fn visit_item_use(&mut self, declaration: &syn::ItemUse) {
        let is_macro = |name: &String| self.macros.contains(name);
        if !taken(&declaration.tree).iter().any(is_macro) {
            visit::visit_item_use(self, declaration);
        }
    }

    fn visit_visibility(&mut self, visibility: &Visibility) {
        if is_of_crate(visibility, self.modules.len()) {
            let range = visibility.span().byte_range();
            self.edits.push(Edit::replace(range, "pub", Part::Items));
        }
        visit::visit_visibility(self, visibility);
    }
}

#[cfg(test)]
mod tests;
