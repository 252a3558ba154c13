//! The names that are defined around a place within an item.

use syn::{Block, GenericParam, Generics, Item, Stmt};

use crate::compiler::syntax::imports::{self, Brings, Use};
use crate::compiler::syntax::refers::namespace::{Namespace, defined};
use crate::compiler::syntax::tokens::{self, Names};

/// A region of the text with names of its own.
#[derive(Debug, Default)]
struct Frame {
    types: Names,
    values: Names,
    macros: Names,
    /// Variables, which items within do not see.
    locals: Names,
    kind: Kind,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Region,
    /// An item, which sees no variables around it.
    Item,
    /// A module, which sees no names around it, or those of the session if it says `use super::*`.
    Module { sees_session: bool },
}

/// What a name means at a place, as far as the item itself tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Something within the item.
    Inner,
    /// Something that the session defines, or that all have.
    Session,
    /// Something that all have: the place sees nothing of the session's.
    Elsewhere,
}

/// The regions around a place, the outermost first.
#[derive(Debug, Default)]
pub(super) struct Frames(Vec<Frame>);

impl Frames {
    pub(super) fn region(&mut self) {
        self.0.push(Frame::default());
    }

    pub(super) fn item(&mut self, generics: &Generics) {
        self.0.push(Frame {
            kind: Kind::Item,
            ..Frame::default()
        });
        self.generics(generics);
    }

    pub(super) fn generics(&mut self, generics: &Generics) {
        let Some(frame) = self.0.last_mut() else {
            return;
        };
        for parameter in &generics.params {
            match parameter {
                GenericParam::Type(ty) => frame.types.insert(tokens::name(&ty.ident)),
                GenericParam::Const(value) => frame.values.insert(tokens::name(&value.ident)),
                GenericParam::Lifetime(_) => false,
            };
        }
    }

    pub(super) fn module(&mut self, items: &[Item]) {
        let super_glob = match self.depth() {
            0 => "super",
            _ => "crate",
        };
        let mut frame = Frame::default();
        let mut sees_session = false;
        for item in items {
            frame.define(item);
            if let Item::Use(declaration) = item {
                let globs = imports::of(declaration);
                sees_session |= globs
                    .iter()
                    .any(|leaf| leaf.brings == Brings::Glob && is_session(leaf, super_glob));
            }
        }
        // A module in a module may see the session through that.
        sees_session |= self.sees_session() && frame.has_super_glob(items);
        frame.kind = Kind::Module { sees_session };
        self.0.push(frame);
    }

    pub(super) fn block(&mut self, block: &Block) {
        let mut frame = Frame::default();
        for statement in &block.stmts {
            if let Stmt::Item(item) = statement {
                frame.define(item);
            }
        }
        self.0.push(frame);
    }

    pub(super) fn pop(&mut self) {
        self.0.pop();
    }

    pub(super) fn bind(&mut self, name: String) {
        if let Some(frame) = self.0.last_mut() {
            frame.locals.insert(name);
        }
    }

    /// How many modules there are around the place.
    pub(super) fn depth(&self) -> usize {
        let is_module = |frame: &&Frame| matches!(frame.kind, Kind::Module { .. });
        self.0.iter().filter(is_module).count()
    }

    fn sees_session(&self) -> bool {
        let mut modules = self.0.iter().filter_map(|frame| match frame.kind {
            Kind::Module { sees_session } => Some(sees_session),
            _ => None,
        });
        modules.next_back().unwrap_or_default()
    }

    pub(super) fn meaning(&self, name: &str, namespace: Namespace) -> Meaning {
        let mut sees_locals = true;
        for frame in self.0.iter().rev() {
            let names = match namespace {
                Namespace::Types => &frame.types,
                Namespace::Values => &frame.values,
                Namespace::Macros => &frame.macros,
            };
            let is_local = sees_locals && namespace == Namespace::Values;
            if names.contains(name) || (is_local && frame.locals.contains(name)) {
                return Meaning::Inner;
            }
            match frame.kind {
                Kind::Region => {}
                Kind::Item => sees_locals = false,
                // Macros are also seen by where they stand in the text.
                Kind::Module { sees_session } if namespace != Namespace::Macros => {
                    return if sees_session {
                        Meaning::Session
                    } else {
                        Meaning::Elsewhere
                    };
                }
                Kind::Module { .. } => {}
            }
        }
        Meaning::Session
    }
}

impl Frame {
    fn define(&mut self, item: &Item) {
        for (name, namespace) in defined(item) {
            match namespace {
                Namespace::Types => self.types.insert(name),
                Namespace::Values => self.values.insert(name),
                Namespace::Macros => self.macros.insert(name),
            };
        }
        if let Item::Use(declaration) = item {
            for leaf in imports::of(declaration) {
                if let Some(name) = leaf.name() {
                    self.types.insert(name.to_owned());
                    self.values.insert(name.to_owned());
                    self.macros.insert(name.to_owned());
                }
            }
        }
    }

    fn has_super_glob(&self, items: &[Item]) -> bool {
        let uses = items.iter().filter_map(|item| match item {
            Item::Use(declaration) => Some(imports::of(declaration)),
            _ => None,
        });
        uses.flatten()
            .any(|leaf| leaf.brings == Brings::Glob && leaf.path == "super")
    }
}

fn is_session(leaf: &Use, super_glob: &str) -> bool {
    leaf.path == "crate" || leaf.path == super_glob
}
