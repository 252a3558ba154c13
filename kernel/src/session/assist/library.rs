//! The runtime's public names with their documentation, from its sources, which the kernel holds.

use std::sync::LazyLock;

use syn::{Item, UseTree, Visibility};

use super::entry::{Entry, Kind};
use super::items;
use crate::build::runtime;
use crate::compiler::syntax::imports::Brings;
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

/// The methods and variants of a type of the runtime's, which is named by this path.
pub(super) fn members(session: &Snapshot, path: &[String]) -> Vec<Entry> {
    let Some((name, before)) = path.split_last() else {
        return Vec::new();
    };
    let of = |module: &Module, name: &str| -> Vec<Entry> {
        let own = module.entries.iter();
        let own = own.filter(|entry| entry.owner.as_deref() == Some(name));
        own.cloned().collect()
    };
    if !before.is_empty() {
        let module = module_at(session, before);
        return module.map(|module| of(module, name)).unwrap_or_default();
    }
    match imported(session, name) {
        Import::OfRuntime(module, name) => of(module, name),
        Import::Other => Vec::new(),
        // A variable's type that was named by its whole path, say.
        Import::None => MODULES.iter().flat_map(|module| of(module, name)).collect(),
    }
}

/// The paths by which a name of the runtime's can be imported.
pub(super) fn paths_of(name: &str) -> Vec<String> {
    let with_it = MODULES.iter().filter(|module| module.item(name).is_some());
    let paths = with_it.map(|module| format!("woozle::{}::{name}", module.name));
    paths.collect()
}

/// What the session imports by a name.
enum Import<'a> {
    /// A name of the runtime's, with its module.
    OfRuntime(&'static Module, &'a str),
    Other,
    None,
}

/// What the session imports by this name: the last import counts.
fn imported<'a>(session: &'a Snapshot, name: &'a str) -> Import<'a> {
    for leaf in session.scope.uses.iter().rev().map(|old| &old.leaf) {
        match &leaf.brings {
            Brings::Name(brought) if brought == name => {
                let Some((module, item)) = leaf.path.rsplit_once("::") else {
                    return Import::Other;
                };
                return runtime_module(&whole(session, module))
                    .map_or(Import::Other, |module| Import::OfRuntime(module, item));
            }
            Brings::Glob => {
                let module = runtime_module(&whole(session, &leaf.path));
                if let Some(module) = module.filter(|module| module.item(name).is_some()) {
                    return Import::OfRuntime(module, name);
                }
            }
            _ => {}
        }
    }
    Import::None
}

/// A path from a crate on, where its first name was imported: `use woozle::threading as t; use t::Lock;`.
fn whole(session: &Snapshot, path: &str) -> String {
    let mut path = path.to_owned();
    // An import may lead to itself.
    for _ in 0..session.scope.uses.len() {
        let (first, rest) = path.split_once("::").unwrap_or((&path, ""));
        let uses = session.scope.uses.iter().rev().map(|old| &old.leaf);
        let Some(import) = uses.into_iter().find(|leaf| leaf.name() == Some(first)) else {
            break;
        };
        if import.root() == first {
            break;
        }
        path = match rest {
            "" => import.path.clone(),
            rest => format!("{}::{rest}", import.path),
        };
    }
    path
}

fn runtime_module(path: &str) -> Option<&'static Module> {
    let name = path.trim_start_matches("::").strip_prefix("woozle::")?;
    MODULES.iter().find(|module| module.name == name)
}

impl Module {
    fn item(&self, name: &str) -> Option<&Entry> {
        let mut items = self.entries.iter();
        items.find(|entry| entry.owner.is_none() && entry.name == name)
    }
}

/// The module of the runtime's that a path leads to; it may be written from `woozle` on, or from the module on.
fn module_at(session: &Snapshot, path: &[String]) -> Option<&'static Module> {
    let path = whole(session, &path.join("::"));
    runtime_module(&path).or_else(|| MODULES.iter().find(|module| module.name == path))
}

/// What a path leads to: `woozle` to the modules, a module to what it offers.
pub(super) fn module(session: &Snapshot, path: &[String]) -> Vec<Entry> {
    if path == ["woozle"] {
        return MODULES.iter().map(module_entry).collect();
    }
    let module = module_at(session, path);
    let entries = module.into_iter().flat_map(|module| &module.entries);
    entries
        .filter(|entry| entry.owner.is_none())
        .cloned()
        .collect()
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
    for leaf in session.scope.uses.iter().map(|old| &old.leaf) {
        match &leaf.brings {
            Brings::Name(name) => match imported(session, name) {
                Import::OfRuntime(module, item) => {
                    found.extend(module.item(item).map(|entry| Entry {
                        name: name.clone(),
                        ..entry.clone()
                    }))
                }
                _ => {
                    let module = runtime_module(&whole(session, &leaf.path)).map(module_entry);
                    found.extend(module.map(|entry| Entry {
                        name: name.clone(),
                        ..entry
                    }));
                }
            },
            Brings::Glob => {
                let own = runtime_module(&whole(session, &leaf.path))
                    .into_iter()
                    .flat_map(|module| &module.entries);
                let own = own.filter(|entry| entry.owner.is_none());
                // Another import of the name may come later.
                let own = own.filter_map(|entry| match imported(session, &entry.name) {
                    Import::OfRuntime(module, item) => module.item(item).cloned(),
                    _ => None,
                });
                found.extend(own);
            }
            Brings::Methods => {}
        }
    }
    found
}
