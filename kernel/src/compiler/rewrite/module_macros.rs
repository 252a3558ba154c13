//! Macros that a module imports from itself, so that its crate can call them by a path: `macro_rules! m {..} pub(crate) use m;`.
//!
//! Other crates can only call a macro that is exported, which puts it into the root, where another one may have its name. So it is
//! defined by a name of its own, and the import gives it the one that the user has written.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Item, ItemMacro, ItemMod, ItemUse, UseTree, Visibility};

use crate::compiler::names;
use crate::compiler::syntax::source::{Edit, Part};
use crate::compiler::syntax::tokens::Tokens;

/// The macros of a module that only its crate can use.
pub(super) struct ModuleMacros<'a> {
    module: &'a ItemMod,
    /// The modules around, and this one.
    path: &'a [String],
    all: Vec<(String, &'a ItemMacro)>,
}

impl<'a> ModuleMacros<'a> {
    pub(super) fn of(module: &'a ItemMod, path: &'a [String]) -> Self {
        let items = module.content.iter().flat_map(|(_, items)| items);
        let macros = items.filter_map(|item| match item {
            Item::Macro(rules) if !is_exported(rules) => {
                Some((rules.ident.as_ref()?.to_string(), rules))
            }
            _ => None,
        });
        let all = macros.collect();
        Self { module, path, all }
    }

    /// Their names.
    pub(super) fn names(&self) -> BTreeSet<String> {
        self.all.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The edits that let other crates call those which the module imports for its own crate.
    pub(super) fn edits(&self, is_of_crate: &dyn Fn(&Visibility) -> bool) -> Vec<Edit> {
        let mut edits = Vec::new();
        if self.all.is_empty() {
            return edits;
        }
        let mut exported: BTreeSet<String> = BTreeSet::new();
        let items = self.module.content.iter().flat_map(|(_, items)| items);
        for item in items {
            let Item::Use(declaration) = item else {
                continue;
            };
            if !is_of_crate(&declaration.vis) {
                continue;
            }
            let Some(imported) = self.imported(declaration).filter(|found| !found.is_empty())
            else {
                continue;
            };
            let range = declaration.vis.span().byte_range();
            edits.push(Edit::replace(range, "pub", Part::Items));
            for ident in imported {
                let name = ident.to_string();
                let text = format!("{} as {name}", self.exported(&name));
                edits.push(Edit::replace(ident.span().byte_range(), text, Part::Items));
                exported.insert(name);
            }
        }
        for (name, rules) in &self.all {
            if let Some(ident) = rules.ident.as_ref().filter(|_| exported.contains(name)) {
                let start = rules.span().byte_range().start;
                edits.push(Edit::before(start, "#[macro_export] ", Part::Items));
                let range = ident.span().byte_range();
                edits.push(Edit::replace(range, self.exported(name), Part::Items));
            }
        }
        edits
    }

    fn exported(&self, name: &str) -> String {
        names::exported_macro(self.path, name)
    }

    /// The macros that a declaration imports; nothing if one of them has to keep its name.
    fn imported<'b>(&self, declaration: &'b ItemUse) -> Option<Vec<&'b syn::Ident>> {
        let mut found = Vec::new();
        let mut trees = vec![&declaration.tree];
        while let Some(tree) = trees.pop() {
            match tree {
                UseTree::Name(name) if self.is_one(&name.ident) => found.push(&name.ident),
                UseTree::Rename(rename) if self.is_one(&rename.ident) => return None,
                UseTree::Group(group) => trees.extend(&group.items),
                _ => {}
            }
        }
        let may = found
            .iter()
            .all(|name| self.may_be_renamed(&name.to_string()));
        may.then_some(found)
    }

    fn is_one(&self, ident: &syn::Ident) -> bool {
        self.all.iter().any(|(name, _)| ident == name)
    }

    /// Whether it is there once, and is not called by its bare name outside this module's own items.
    fn may_be_renamed(&self, name: &str) -> bool {
        let inner = self.module.content.iter().flat_map(|(_, items)| items);
        let inner = inner.filter(|item| matches!(item, Item::Mod(_)));
        let mut inner = inner.map(|item| Tokens::new(item.to_token_stream()).all_names().0);
        let mut attributes = self.module.attrs.iter();
        self.all.iter().filter(|(other, _)| other == name).count() == 1
            && !inner.any(|names| names.contains(name))
            && !attributes.any(|attribute| attribute.path().is_ident("macro_use"))
    }
}

/// Whether other crates can call a macro by its name.
pub(super) fn is_exported(macro_rules: &ItemMacro) -> bool {
    let mut attributes = macro_rules.attrs.iter();
    attributes.any(|attribute| attribute.path().is_ident("macro_export"))
}

/// The names that an import takes from around it: `u` and `v` of `{u, v as w, m::x}`.
pub(super) fn taken(tree: &UseTree) -> Vec<String> {
    match tree {
        UseTree::Name(name) => vec![name.ident.to_string()],
        UseTree::Rename(rename) => vec![rename.ident.to_string()],
        UseTree::Group(group) => group.items.iter().flat_map(taken).collect(),
        _ => Vec::new(),
    }
}
