//! `use` declarations, flattened: one for each name that they bring in.

use syn::{ItemUse, UseTree};

/// One leaf of a `use` declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The path, such as `std::collections::HashMap`; without `::*` for a glob.
    pub path: String,
    /// What it brings in.
    pub brings: Brings,
}

/// What a `use` brings in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brings {
    /// A name.
    Name(String),
    /// All names of a module or an enum.
    Glob,
    /// A trait's methods (`as _`).
    Methods,
}

impl Use {
    /// The declaration.
    pub fn declaration(&self) -> String {
        match &self.brings {
            Brings::Name(name) if self.path.rsplit("::").next() == Some(name) => {
                format!("use {};", self.path)
            }
            Brings::Name(name) => format!("use {} as {name};", self.path),
            Brings::Glob => format!("use {}::*;", self.path),
            Brings::Methods => format!("use {} as _;", self.path),
        }
    }

    /// The name it brings in, if it is one.
    pub fn name(&self) -> Option<&str> {
        match &self.brings {
            Brings::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The declaration that brings in one of the names of this glob.
    pub fn of_name(&self, name: &str) -> Self {
        Self {
            path: format!("{}::{name}", self.path),
            brings: Brings::Name(name.to_owned()),
        }
    }

    /// Whether it may bring in a trait, which code needs without naming it.
    pub fn may_be_trait(&self) -> bool {
        match &self.brings {
            Brings::Name(_) => {
                let last = self.path.rsplit("::").next().unwrap_or_default();
                last.starts_with(char::is_uppercase)
            }
            Brings::Glob | Brings::Methods => true,
        }
    }

    /// The first name of the path.
    pub fn root(&self) -> &str {
        let path = self
            .path
            .strip_prefix("self::")
            .or(self.path.strip_prefix("crate::"));
        path.unwrap_or(&self.path)
            .split("::")
            .next()
            .unwrap_or_default()
    }
}

/// The leaves of a declaration.
pub fn of(declaration: &ItemUse) -> Vec<Use> {
    let mut leaves = Vec::new();
    let prefix = if declaration.leading_colon.is_some() {
        "::"
    } else {
        ""
    };
    walk(&declaration.tree, prefix, &mut leaves);
    leaves
}

fn walk(tree: &UseTree, prefix: &str, leaves: &mut Vec<Use>) {
    let own = || prefix.strip_suffix("::").unwrap_or(prefix).to_owned();
    match tree {
        UseTree::Path(path) => walk(&path.tree, &format!("{prefix}{}::", path.ident), leaves),
        UseTree::Name(name) if name.ident == "self" => {
            let last = own().rsplit("::").next().unwrap_or_default().to_owned();
            leaves.push(Use {
                path: own(),
                brings: Brings::Name(last),
            });
        }
        UseTree::Name(name) => leaves.push(Use {
            path: format!("{prefix}{}", name.ident),
            brings: Brings::Name(name.ident.to_string()),
        }),
        UseTree::Rename(rename) => {
            let path = if rename.ident == "self" {
                own()
            } else {
                format!("{prefix}{}", rename.ident)
            };
            let brings = if rename.rename == "_" {
                Brings::Methods
            } else {
                Brings::Name(rename.rename.to_string())
            };
            leaves.push(Use { path, brings });
        }
        UseTree::Glob(_) => leaves.push(Use {
            path: own(),
            brings: Brings::Glob,
        }),
        UseTree::Group(group) => {
            for item in &group.items {
                walk(item, prefix, leaves);
            }
        }
    }
}

#[cfg(test)]
mod tests;
