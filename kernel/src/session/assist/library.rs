//! The runtime's public names with their documentation, from its sources, which the kernel holds.

use std::sync::LazyLock;

use syn::{Item, UseTree, Visibility};

use super::entry::{Entry, Kind};
use super::items;
use crate::build::runtime;
use crate::session::assist::snapshot::Snapshot;

/// A public module of the runtime, with what it offers.
struct Module {
    name: String,
    doc: String,
    /// Its public items, and their members.
    entries: Vec<Entry>,
}

static MODULES: LazyLock<Vec<Module>> = LazyLock::new(|| {
    let modules = runtime::public_modules().map(|(name, files)| read(name, &files));
    let modules = modules.collect();
    proc_macro2::extra::invalidate_current_thread_spans();
    modules
});

/// Reads a module's files, of which the first is the one that exports.
fn read(name: &str, files: &[&str]) -> Module {
    let mut exported = Vec::new();
    let mut doc = String::new();
    let mut entries = Vec::new();
    for (n, text) in files.iter().enumerate() {
        let Ok(file) = syn::parse_file(text) else {
            continue;
        };
        if n == 0 {
            doc = items::doc(&file.attrs);
            for item in &file.items {
                match item {
                    Item::Use(uses) if matches!(uses.vis, Visibility::Public(_)) => {
                        leaves(&uses.tree, &mut exported);
                    }
                    item => exported.extend(public_name(item)),
                }
            }
        }
        entries.extend(file.items.iter().flat_map(public_entries));
    }
    entries.retain(|entry| exported.contains(entry.owner.as_ref().unwrap_or(&entry.name)));
    Module {
        name: name.to_owned(),
        doc,
        entries,
    }
}

/// The names at the ends of a `use` declaration.
fn leaves(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, names),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Rename(rename) => names.push(rename.rename.to_string()),
        _ => {}
    }
}

fn public_name(item: &Item) -> Option<String> {
    let (visibility, name) = match item {
        Item::Fn(item) => (&item.vis, &item.sig.ident),
        Item::Struct(item) => (&item.vis, &item.ident),
        Item::Enum(item) => (&item.vis, &item.ident),
        Item::Trait(item) => (&item.vis, &item.ident),
        Item::Type(item) => (&item.vis, &item.ident),
        Item::Const(item) => (&item.vis, &item.ident),
        Item::Static(item) => (&item.vis, &item.ident),
        _ => return None,
    };
    matches!(visibility, Visibility::Public(_)).then(|| name.to_string())
}

/// The entries of an item that other crates can name, without its private members.
fn public_entries(item: &Item) -> Vec<Entry> {
    let is_public = |visibility: &Visibility| matches!(visibility, Visibility::Public(_));
    match item {
        Item::Impl(item) if item.trait_.is_none() => {
            let mut item = item.clone();
            item.items.retain(|member| match member {
                syn::ImplItem::Fn(method) => is_public(&method.vis),
                syn::ImplItem::Const(constant) => is_public(&constant.vis),
                _ => false,
            });
            items::entries(&Item::Impl(item), "")
        }
        Item::Struct(item) => {
            let mut entries = items::entries(&Item::Struct(item.clone()), "");
            entries.retain(|entry| entry.kind != Kind::Field);
            entries
        }
        item if public_name(item).is_some() => items::entries(item, ""),
        _ => Vec::new(),
    }
    .into_iter()
    .map(|entry| Entry {
        definition: None,
        ..entry
    })
    .collect()
}

/// Reads the runtime's sources. Without it the first answer would come too late: JupyterLab waits a second.
pub(crate) fn prepare() {
    LazyLock::force(&MODULES);
}

/// The fields, methods and variants of the runtime's types.
pub(super) fn members() -> Vec<Entry> {
    let all = MODULES.iter().flat_map(|module| &module.entries);
    all.filter(|entry| entry.owner.is_some()).cloned().collect()
}

/// What a path leads to: `woozle` to the modules, a module to what it offers.
pub(super) fn module(path: &[String]) -> Vec<Entry> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path[..] {
        ["woozle"] => MODULES.iter().map(module_entry).collect(),
        [name] | ["woozle", name] => {
            let module = MODULES.iter().find(|module| module.name == name);
            let entries = module.into_iter().flat_map(|module| &module.entries);
            entries
                .filter(|entry| entry.owner.is_none())
                .cloned()
                .collect()
        }
        _ => Vec::new(),
    }
}

fn module_entry(module: &Module) -> Entry {
    Entry {
        doc: module.doc.clone(),
        ..Entry::new(
            Kind::Module,
            &module.name,
            format!("mod woozle::{}", module.name),
        )
    }
}

/// The crates that cells can name, and what the session imports of the runtime, with documentation.
pub(super) fn in_scope(session: &Snapshot) -> Vec<Entry> {
    let crates = runtime::CRATES
        .iter()
        .chain(&["woozle", "std", "core", "alloc"]);
    let mut found: Vec<Entry> = crates
        .map(|name| Entry::new(Kind::Module, *name, format!("extern crate {name}")))
        .collect();
    let is_imported = |name: &str| {
        let uses = &session.scope.uses;
        uses.iter()
            .any(|leaf| leaf.name().is_none_or(|leaf| leaf == name))
    };
    for module in MODULES.iter() {
        found.extend(is_imported(&module.name).then(|| module_entry(module)));
        let own = module.entries.iter().filter(|entry| entry.owner.is_none());
        found.extend(own.filter(|entry| is_imported(&entry.name)).cloned());
    }
    found
}
