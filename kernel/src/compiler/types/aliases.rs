//! Under which paths the types of cells' modules are public: a type of a private module may be shown elsewhere, by `pub use`.

use syn::{Item, UseTree, Visibility};

/// The modules of a crate of cells, as its items say.
#[derive(Debug, Default)]
pub struct Modules {
    /// The private ones, by their paths.
    private: Vec<Vec<String>>,
    /// What `pub use` shows.
    shown: Vec<Shown>,
}

/// What a `pub use` shows.
#[derive(Debug)]
struct Shown {
    /// Where it stands.
    module: Vec<String>,
    /// What it leads to.
    target: Vec<String>,
    /// Under which name; all names of the target for a glob.
    name: Option<String>,
}

/// How often a `pub use` may lead to another one.
const MOST_STEPS: usize = 4;

impl Modules {
    /// Takes in an item, by its text.
    pub fn add(&mut self, text: &str) {
        if !text.contains("use") {
            return;
        }
        if let Ok(item) = syn::parse_str::<Item>(text) {
            self.add_item(&item, &[]);
        }
        proc_macro2::extra::invalidate_current_thread_spans();
    }

    fn add_item(&mut self, item: &Item, module: &[String]) {
        match item {
            Item::Mod(inner) => {
                let mut path = module.to_vec();
                path.push(inner.ident.to_string());
                // What a cell has at its top is public.
                if !module.is_empty() && matches!(inner.vis, Visibility::Inherited) {
                    self.private.push(path.clone());
                }
                for item in inner.content.iter().flat_map(|(_, items)| items) {
                    self.add_item(item, &path);
                }
            }
            Item::Use(item) if matches!(item.vis, Visibility::Public(_)) => {
                self.add_use(&item.tree, module, module.to_vec());
            }
            _ => {}
        }
    }

    fn add_use(&mut self, tree: &UseTree, module: &[String], mut target: Vec<String>) {
        let mut show = |target: Vec<String>, name: Option<String>| {
            let module = module.to_vec();
            self.shown.push(Shown {
                module,
                target,
                name,
            });
        };
        match tree {
            UseTree::Path(path) => {
                match path.ident.to_string().as_str() {
                    "self" => {}
                    "super" => {
                        target.pop();
                    }
                    "crate" => target.clear(),
                    name => target.push(name.to_owned()),
                }
                self.add_use(&path.tree, module, target);
            }
            UseTree::Name(name) => {
                target.push(name.ident.to_string());
                show(target, Some(name.ident.to_string()));
            }
            UseTree::Rename(name) => {
                target.push(name.ident.to_string());
                show(target, Some(name.rename.to_string()));
            }
            UseTree::Glob(_) => show(target, None),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_use(tree, module, target.clone());
                }
            }
        }
    }

    /// The public path of what is defined at `path`, if it is another one.
    pub fn public(&self, path: &[String]) -> Option<Vec<String>> {
        if self.is_public(path) {
            return None;
        }
        let mut paths = vec![path.to_vec()];
        for _ in 0..MOST_STEPS {
            let shown = paths.iter().flat_map(|path| self.shown_as(path));
            let shown: Vec<_> = shown.collect();
            if let Some(found) = shown.iter().find(|path| self.is_public(path)) {
                return Some(found.clone());
            }
            paths = shown;
        }
        None
    }

    /// The public paths under which what is defined at `path` has another name.
    pub fn renamed(&self, path: &[String]) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        let mut paths = vec![path.to_vec()];
        for _ in 0..MOST_STEPS {
            let shown = paths.iter().flat_map(|path| self.shown_as(path));
            paths = shown.collect();
            let other = paths.iter().filter(|other| other.last() != path.last());
            found.extend(other.filter(|path| self.is_public(path)).cloned());
        }
        found
    }

    fn is_public(&self, path: &[String]) -> bool {
        !self.private.iter().any(|module| path.starts_with(module))
    }

    /// Where else it is shown.
    fn shown_as<'a>(&'a self, path: &'a [String]) -> impl Iterator<Item = Vec<String>> + 'a {
        self.shown.iter().filter_map(move |shown| {
            let rest = path.strip_prefix(&*shown.target)?;
            let is_glob = shown.name.is_none() && !rest.is_empty();
            let is_known = shown.name.is_some();
            (is_glob || is_known).then(|| {
                let mut other = shown.module.clone();
                other.extend(shown.name.clone());
                other.extend_from_slice(rest);
                other
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_private_modules_are_where_they_are_shown() {
        for (text, path, public) in [
            (
                "mod a { pub mod b { pub struct T; } use c; }",
                "a::b::T",
                None,
            ),
            (
                "mod a { mod b { pub struct T; } pub use b::T; }",
                "a::b::T",
                Some("a::T"),
            ),
            (
                "mod a { mod b { pub struct T; } pub use self::b::T as U; }",
                "a::b::T",
                Some("a::U"),
            ),
            (
                "mod a { mod b { pub struct T; } pub use b::*; }",
                "a::b::T",
                Some("a::T"),
            ),
            (
                "mod a { mod b { mod c { pub struct T; } pub use c::{T, V}; } pub use crate::a::b::T; }",
                "a::b::c::T",
                Some("a::T"),
            ),
            (
                "mod a { mod b { pub mod c { pub struct T; } } pub use b::c as d; }",
                "a::b::c::T",
                Some("a::d::T"),
            ),
            (
                "mod a { mod b { pub struct T; } use b::T; }",
                "a::b::T",
                None,
            ),
        ] {
            let mut modules = Modules::default();
            modules.add(text);
            let path: Vec<String> = path.split("::").map(str::to_owned).collect();
            let found = modules.public(&path).map(|path| path.join("::"));
            assert_eq!(found.as_deref(), public, "{text}");
        }
    }

    #[test]
    fn types_are_known_under_their_other_names() {
        let mut modules = Modules::default();
        modules.add("mod a { pub mod b { pub struct T; mod c { pub use super::T as X; } } pub use self::b::T as U; pub use U as V; }");
        let path = ["a", "b", "T"].map(str::to_owned);
        let renamed = modules.renamed(&path);
        let renamed: Vec<String> = renamed.iter().map(|path| path.join("::")).collect();
        assert_eq!(renamed, ["a::U", "a::V"]);
    }
}
