//! What is found on the way through an item, and what a name means at a place of it.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use syn::visit::Visit;
use syn::{Expr, ExprLit, Lit, Path};

use super::frames::{Frames, Meaning};
use super::mention::{How, Mention, References};
use crate::compiler::syntax::refers::namespace::Namespace;
use crate::compiler::syntax::tokens::{self, Tokens};

#[derive(Default)]
pub(super) struct Collector {
    pub(super) frames: Frames,
    pub(super) found: References,
    pub(super) statics: BTreeMap<usize, References>,
    /// How many functions' bodies the place is in.
    pub(super) bodies: usize,
}

impl Collector {
    pub(super) fn mention(&mut self, name: &str, namespace: Option<Namespace>, how: How) {
        if matches!(name, "Self" | "self" | "super" | "crate" | "_") {
            return;
        }
        self.found.mentions.insert(Mention {
            name: name.to_owned(),
            namespace,
            how,
            in_body: self.bodies > 0,
        });
    }

    /// A name as it stands at this place.
    pub(super) fn name(&mut self, name: &str, namespace: Namespace, how: How) {
        if self.frames.meaning(name, namespace) == Meaning::Session {
            self.mention(name, Some(namespace), how);
        }
    }

    /// A path that is looked up in a namespace.
    pub(super) fn path(&mut self, path: &Path, namespace: Namespace) {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|s| tokens::name(&s.ident))
            .collect();
        if path.leading_colon.is_none() {
            self.names(&names, Some(namespace));
        }
        for segment in &path.segments {
            self.visit_path_arguments(&segment.arguments);
        }
    }

    /// The names of a path; `None` if it may be looked up in every namespace.
    pub(super) fn names(&mut self, names: &[String], namespace: Option<Namespace>) {
        let depth = self.frames.depth();
        let up = names.iter().take_while(|name| *name == "super").count();
        let (climbs, rest) = match names.first().map(String::as_str) {
            Some("crate") => (true, &names[1..]),
            Some("self") => {
                let more = names[1..].iter().take_while(|name| *name == "super");
                let up = more.count();
                (up == depth, &names[1 + up..])
            }
            Some("super") => (up == depth, &names[up..]),
            Some("Self") => {
                self.found.methods.extend(names[1..].last().cloned());
                return;
            }
            Some(first) => {
                let lookups = match namespace {
                    _ if names.len() > 1 => &[Namespace::Types][..],
                    Some(Namespace::Types) => &[Namespace::Types],
                    Some(Namespace::Values) => &[Namespace::Values],
                    Some(Namespace::Macros) => &[Namespace::Macros],
                    None => &Namespace::ALL,
                };
                for lookup in lookups {
                    self.name(first, *lookup, How::Plainly);
                }
                if names.len() > 1 && self.frames.meaning(first, Namespace::Types) == Meaning::Inner
                {
                    self.found.methods.extend(names.last().cloned()); // `T::name()`
                }
                return;
            }
            None => return,
        };
        if climbs && let Some(first) = rest.first() {
            let lookup = match rest.len() {
                1 => namespace,
                _ => Some(Namespace::Types),
            };
            self.mention(first, lookup, How::Plainly);
        }
    }

    /// Names among tokens.
    pub(super) fn tokens(&mut self, stream: TokenStream) {
        let tokens = Tokens::new(stream);
        let (names, methods) = tokens.all_names();
        for name in names {
            self.mention(&name, None, How::AmongTokens);
        }
        self.found.methods.extend(methods);
    }

    /// A macro's argument that is an expression.
    pub(super) fn argument(&mut self, macro_name: &str, argument: &Expr) {
        match argument {
            // A name in a text to format: `width = 3`.
            Expr::Assign(named) => self.visit_expr(&named.right),
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => {
                if macro_name.starts_with("include") {
                    self.found.files.insert(text.value());
                }
                for name in tokens::formatted(&text.value()) {
                    self.name(&name, Namespace::Values, How::Plainly);
                }
            }
            other => self.visit_expr(other),
        }
    }

    pub(super) fn within(&mut self, visit: impl FnOnce(&mut Self)) {
        self.frames.region();
        visit(self);
        self.frames.pop();
    }

    pub(super) fn within_item(&mut self, generics: &syn::Generics, visit: impl FnOnce(&mut Self)) {
        self.frames.item(generics);
        visit(self);
        self.frames.pop();
    }

    pub(super) fn function(&mut self, signature: &syn::Signature, body: Option<&syn::Block>) {
        self.within_item(&signature.generics, |this| {
            this.visit_signature(signature);
            this.bodies += 1;
            if let Some(body) = body {
                this.visit_block(body);
            }
            this.bodies -= 1;
        });
    }

    pub(super) fn attributes(&mut self, attributes: &[syn::Attribute]) {
        for attribute in attributes {
            self.visit_attribute(attribute);
        }
    }
}
