//! Which file of a crate uses what another one defines, and where that goes in a circle.
//!
//! A path counts for the file that defines what it names, through all re-exports; a mere `mod` or `pub use` counts for
//! nothing. Tests do not count. To see the circles of all rooms: `cargo test -p woozle-tests --test main -- tidy::`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree, Visibility};

type Names = Vec<String>;

/// What a module's text says.
#[derive(Debug, Default)]
struct Module {
    file: PathBuf,
    children: BTreeSet<String>,
    items: BTreeSet<String>,
    /// What `use` brings in: the name here, and the path that it stands for.
    uses: BTreeMap<String, Names>,
    globs: Vec<Names>,
    /// Paths that the text names.
    named: Vec<Names>,
}

/// The modules of a crate, by path.
#[derive(Debug, Default)]
pub(super) struct Crate {
    modules: BTreeMap<Names, Module>,
}

/// Where a path has been looked up already: names may stand for each other.
type Seen = BTreeSet<(Names, Names)>;

/// What a path stands for.
enum Meaning {
    Module,
    /// What this file defines.
    Item(PathBuf),
}

impl Crate {
    /// Reads all modules from a crate's root on.
    pub(super) fn read(root: &Path) -> Self {
        let mut read = Self::default();
        let folder = root.parent().expect("a folder");
        read.file(root, folder, Vec::new());
        read
    }

    /// Reads a file; `folder` is where its child modules are.
    fn file(&mut self, file: &Path, folder: &Path, path: Names) {
        let text = fs::read_to_string(file).expect("UTF-8");
        let parsed = syn::parse_file(&text).expect("it compiles");
        self.module(&parsed.items, file, folder, path);
    }

    fn module(&mut self, items: &[Item], file: &Path, folder: &Path, path: Names) {
        let mut module = Module {
            file: file.to_owned(),
            ..Module::default()
        };
        for item in items {
            if is_for_tests(attributes(item)) {
                continue;
            }
            if let Item::Mod(child) = item {
                let name = child.ident.to_string();
                let (below, mut of_child) = (folder.join(&name), path.clone());
                of_child.push(name.clone());
                module.children.insert(name);
                match &child.content {
                    Some((_, items)) => self.module(items, file, &below, of_child),
                    None => {
                        let elsewhere = file.with_file_name(path_attribute(&child.attrs));
                        let usual = [below.with_extension("rs"), below.join("mod.rs")];
                        let found = usual
                            .into_iter()
                            .chain([elsewhere])
                            .find(|file| file.is_file());
                        self.file(&found.expect("the module's file"), &below, of_child);
                    }
                }
                continue;
            }
            module.items.extend(name(item));
            Paths(&mut module).visit_item(item);
        }
        self.modules.insert(path, module);
    }

    /// What a path means that a module names, if it is the crate's own.
    fn meaning(&self, from: &Names, path: &[String], seen: &mut Seen) -> Option<Meaning> {
        let (first, rest) = path.split_first()?;
        let start = match &**first {
            "crate" => Vec::new(),
            "self" => from.clone(),
            "super" => from.split_last()?.1.to_vec(),
            _ => return self.within(from, path, seen),
        };
        if rest.is_empty() {
            return Some(Meaning::Module);
        }
        match &*rest[0] {
            "super" => self.meaning(&start, rest, seen),
            _ => self.within(&start, rest, seen),
        }
    }

    /// What a path means that begins with a name of this module.
    fn within(&self, module: &Names, path: &[String], seen: &mut Seen) -> Option<Meaning> {
        let (first, rest) = path.split_first()?;
        if !seen.insert((module.clone(), path.to_vec())) {
            return None;
        }
        let here = self.modules.get(module)?;
        if here.children.contains(first) {
            let mut child = module.clone();
            child.push(first.clone());
            return if rest.is_empty() {
                Some(Meaning::Module)
            } else {
                self.within(&child, rest, seen)
            };
        }
        if here.items.contains(first) {
            return Some(Meaning::Item(here.file.clone()));
        }
        if let Some(stands_for) = here.uses.get(first) {
            if stands_for.first() == Some(first) {
                return None; // another crate's
            }
            let whole: Names = stands_for.iter().chain(rest).cloned().collect();
            return self.meaning(module, &whole, seen);
        }
        here.globs.iter().find_map(|glob| {
            if !matches!(&*glob[0], "crate" | "self" | "super") && !here.children.contains(&glob[0])
            {
                return None; // another crate's
            }
            let whole: Names = glob.iter().chain(path).cloned().collect();
            self.meaning(module, &whole, seen)
        })
    }

    /// For each file below a folder, the other ones there whose items it uses.
    fn imports(&self, folder: &Path) -> BTreeMap<&Path, BTreeSet<PathBuf>> {
        let mut imports = BTreeMap::<_, BTreeSet<_>>::new();
        for (path, module) in &self.modules {
            if !module.file.starts_with(folder) {
                continue;
            }
            let used = imports.entry(&*module.file).or_default();
            for named in &module.named {
                if let Some(Meaning::Item(file)) = self.meaning(path, named, &mut Seen::new())
                    && file != module.file
                    && file.starts_with(folder)
                {
                    used.insert(file);
                }
            }
        }
        imports
    }

    /// The files below a folder that use each other in a circle, with all that are in the same one.
    pub(super) fn circles(&self, folder: &Path) -> Vec<BTreeSet<PathBuf>> {
        let imports = self.imports(folder);
        assert!(imports.len() > 1, "{}", folder.display());
        let reached: BTreeMap<_, _> = imports
            .keys()
            .map(|file| (*file, reached(&imports, file)))
            .collect();
        let circle = |file: &&Path| -> BTreeSet<PathBuf> {
            let from_here = &reached[*file];
            let back = |other: &&PathBuf| reached[&***other].contains(*file);
            from_here.iter().filter(back).cloned().collect()
        };
        let circles: BTreeSet<_> = imports.keys().map(circle).collect();
        circles
            .into_iter()
            .filter(|files| !files.is_empty())
            .collect()
    }
}

/// All that a file uses, directly or not.
fn reached(imports: &BTreeMap<&Path, BTreeSet<PathBuf>>, file: &Path) -> BTreeSet<PathBuf> {
    let mut reached = BTreeSet::new();
    let mut next = vec![file];
    while let Some(file) = next.pop() {
        for used in imports.get(file).into_iter().flatten() {
            if reached.insert(used.clone()) {
                next.push(used);
            }
        }
    }
    reached
}

/// Finds the paths in an item, and what `use` says.
struct Paths<'a>(&'a mut Module);

impl Paths<'_> {
    fn tree(&mut self, tree: &UseTree, mut before: Names, is_private: bool) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.tree(&path.tree, before, is_private);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(tree, before.clone(), is_private);
                }
            }
            UseTree::Glob(_) => self.0.globs.push(before),
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                if name != "self" {
                    before.push(name);
                }
                let here = before.last().expect("a name").clone();
                self.stands_for(here, before, is_private);
            }
            UseTree::Rename(renamed) => {
                let name = renamed.ident.to_string();
                if name != "self" {
                    before.push(name);
                }
                self.stands_for(renamed.rename.to_string(), before, is_private);
            }
        }
    }

    fn stands_for(&mut self, name: String, path: Names, is_private: bool) {
        if is_private {
            self.0.named.push(path.clone());
        }
        self.0.uses.insert(name, path);
    }

    /// Paths in what a macro is given.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path = Names::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.0.named.push(std::mem::take(&mut path));
                    }
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.tokens(group.stream());
                    colons = 0;
                }
                _ => colons = 0,
            }
        }
        self.0.named.push(path);
    }
}

impl<'a> Visit<'a> for Paths<'_> {
    fn visit_item(&mut self, item: &'a Item) {
        if !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        let is_private = matches!(item.vis, Visibility::Inherited);
        self.tree(&item.tree, Names::new(), is_private);
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let names = path.segments.iter().map(|part| part.ident.to_string());
        if path.leading_colon.is_none() {
            self.0.named.push(names.collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone());
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|path| path.is_ident("test"))
    })
}

/// What `#[path = "…"]` says, or nothing.
fn path_attribute(attributes: &[Attribute]) -> String {
    let path = |attribute: &Attribute| match &attribute.meta {
        syn::Meta::NameValue(meta) if meta.path.is_ident("path") => match &meta.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    };
    attributes.iter().find_map(path).unwrap_or_default()
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// The name that an item has in its module.
fn name(item: &Item) -> Option<String> {
    Some(match item {
        Item::Const(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Fn(item) => item.sig.ident.to_string(),
        Item::Macro(item) => item.ident.as_ref()?.to_string(),
        Item::Static(item) => item.ident.to_string(),
        Item::Struct(item) => item.ident.to_string(),
        Item::Trait(item) => item.ident.to_string(),
        Item::Type(item) => item.ident.to_string(),
        Item::Union(item) => item.ident.to_string(),
        _ => return None,
    })
}
