//! A reference to a name.

use std::collections::BTreeSet;

use crate::compiler::syntax::refers::namespace::Namespace;
use crate::compiler::syntax::tokens::Names;

/// How a name is referred to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// As the name of something that exists.
    Plainly,
    /// In a pattern, where it is a binding unless there is a constant, or the like, of that name.
    InPattern,
    /// As a generic argument, where it is a constant if there is no type of that name.
    AsArgument,
    /// Among tokens, where it may be no reference at all.
    AmongTokens,
}

/// A free name of an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// The name: the first of the path.
    pub name: String,
    /// Where it is looked up; everywhere if that is not known.
    pub namespace: Option<Namespace>,
    /// How it is referred to.
    pub how: How,
    /// Whether that is in a function's body, which the shape of a type does not depend on.
    pub in_body: bool,
}

impl Mention {
    /// The namespaces to look it up in.
    pub fn namespaces(&self) -> &[Namespace] {
        match &self.namespace {
            Some(namespace) => std::slice::from_ref(namespace),
            None => &Namespace::ALL,
        }
    }
}

/// All that an item refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    /// The free names.
    pub mentions: BTreeSet<Mention>,
    /// The methods that it calls by name.
    pub methods: Names,
    /// The files whose content is a part of it.
    pub files: BTreeSet<String>,
}

impl References {
    pub(super) fn extend(&mut self, other: Self) {
        self.mentions.extend(other.mentions);
        self.methods.extend(other.methods);
        self.files.extend(other.files);
    }

    /// Whether one of these names is among them.
    pub fn mention_any(&self, names: &Names) -> bool {
        self.mentions.iter().any(|m| names.contains(&m.name))
    }
}
