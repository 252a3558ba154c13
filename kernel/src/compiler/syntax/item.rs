//! An item: what it defines, what it mentions, and how its text must change to be used from
//! other cells.

use std::ops::Range;

use proc_macro2::Delimiter;
use syn::spanned::Spanned;
use syn::{ImplItem, Item as SynItem, Macro, Path, Type};

use super::cost;
use super::item_macros::{ITEM_WORDS, defines_items};
use super::primitives::is_primitive;
use super::refers::contents::{self, Contents};
use super::refers::namespace::{self, Defined, Namespace};
use super::refers::{self, References};
use super::source::{Edit, Part};
use super::test_functions;
use super::tokens::{self, Kind as TokenKind, Names, Token, Tokens};
use crate::compiler::rewrite::statics::{self, Static};
use crate::compiler::rewrite::{no_inline, visibility};

/// What kind of item it is, as far as that matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A `static`, or a macro call that makes some (`thread_local!`): it has a state.
    Static,
    /// A `macro_rules!`.
    Macro,
    /// A trait.
    Trait,
    /// A function.
    Function,
    /// A struct, an enum or a union.
    Type,
    /// An `impl`.
    Impl(Impl),
    /// Anything else: a constant, a type alias, a module, ...
    Other,
}

/// The head of an `impl`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impl {
    /// The trait's name (the last of its path), if it is a trait's.
    pub trait_name: Option<String>,
    /// The first name of the trait's path.
    pub trait_root: Option<String>,
    /// The name of the type, if it is a named one (or a reference to one).
    pub self_name: Option<String>,
    /// The first name of that type's path.
    pub self_root: Option<String>,
    /// All names of the head.
    pub names: Names,
    /// The head as text, to tell whether two impls are for the same thing.
    pub head: String,
    /// The names of its functions, constants and types, with their places.
    pub members: Vec<(String, Range<usize>)>,
}

/// An item of a cell.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its kind.
    pub kind: Kind,
    /// The names that it defines; none for an `impl`.
    pub names: Vec<String>,
    /// Those names with their namespaces.
    pub defines: Vec<Defined>,
    /// Its place in the cell.
    pub range: Range<usize>,
    /// The names that it mentions.
    pub mentions: Names,
    /// What it refers to.
    pub refers: References,
    /// What is in it, if it is a module or an enum.
    pub contents: Option<Contents>,
    /// The methods that it gives to types without being named where they are called.
    pub methods: Names,
    /// What must change so that other cells can use it.
    pub edits: Vec<Edit>,
    /// Its tokens as text, to tell whether it has changed.
    pub text: String,
    /// Whether it holds code that may run long: a loop, a closure, a function that calls itself.
    pub may_run_long: bool,
    /// Whether it holds functions that only calculate, which take no longer to compile when they are optimised.
    pub calculates: bool,
    /// Whether a static is defined in it.
    pub has_static: bool,
    /// The statics that can go on when it is compiled again.
    pub statics: Vec<Static>,
    /// Whether it is a `macro_rules!` that defines items.
    pub is_item_macro: bool,
    /// Whether its names are but guessed: it is a call of a user's macro, and they are the arguments.
    pub is_guessed: bool,
}

impl Item {
    /// The item at `range`.
    pub fn new(item: &SynItem, range: Range<usize>, tokens: &Tokens) -> Self {
        let defines = namespace::defined(item);
        let names = names_of(&defines);
        let is_item_macro = matches!(item, SynItem::Macro(rules) if defines_items(rules).is_some());
        let (refers, mut of_statics) = refers::of_item(item);
        let (mut statics, mut edits) = statics::of(item, &tokens.normalised(&range));
        for found in &mut statics {
            found.refers = of_statics.remove(&found.start).unwrap_or_default();
        }
        edits.extend(visibility::edits(item, tokens));
        edits.extend(no_inline::edits(item, tokens));
        edits.extend(test_functions::edits(item));
        Self {
            is_item_macro,
            statics,
            refers,
            contents: contents::of(item),
            methods: contents::trait_methods(item),
            calculates: cost::calculates(item),
            defines,
            ..Self::with(kind(item, tokens), names, range, edits, tokens)
        }
    }

    /// A macro call that defines items, such as `thread_local! { static A: ... }`.
    pub fn of_macro_call(call: &Macro, range: Range<usize>, tokens: &Tokens) -> Self {
        let mut names = Vec::new();
        let mut edits = Vec::new();
        let inner = tokens.within(&call.delimiter.span().join().byte_range());
        for (n, token) in inner.iter().enumerate() {
            let defines = ITEM_WORDS.iter().any(|word| token.is_ident(word));
            let mut after = inner[n + 1..]
                .iter()
                .skip_while(|next| next.is_ident("ref") || next.is_ident("mut"));
            if let (true, Some(TokenKind::Ident(name))) =
                (defines, after.next().map(|next| &next.kind))
            {
                names.push(name.clone());
                if token.is_ident("static") {
                    edits.extend(publish(&inner[..n], token));
                }
            }
        }
        let is_guessed = names.is_empty();
        if is_guessed {
            // the items of a macro of the user's: named by its arguments
            let idents = inner.iter().filter_map(|token| match &token.kind {
                TokenKind::Ident(name) => Some(name.clone()),
                _ => None,
            });
            names.extend(idents.filter(|name| !is_primitive(name)));
        }
        Self {
            is_guessed,
            refers: refers::of_macro(call),
            ..Self::with(Kind::Static, names, range, edits, tokens)
        }
    }

    /// Takes names that are known from elsewhere for what they are: arguments, not what the macro defines.
    pub fn mention(&mut self, is_known: impl Fn(&str) -> bool) {
        if self.is_guessed {
            let known = self.names.extract_if(.., |name| is_known(name));
            self.mentions.extend(known);
            self.defines = everywhere(&self.names);
        }
    }

    fn with(
        kind: Kind,
        names: Vec<String>,
        range: Range<usize>,
        edits: Vec<Edit>,
        tokens: &Tokens,
    ) -> Self {
        let mut mentions = tokens.names(&range);
        let calls_itself = matches!(kind, Kind::Function)
            && names.first().is_some_and(|name| {
                tokens
                    .within(&range)
                    .iter()
                    .filter(|token| token.is_ident(name))
                    .count()
                    > 1
            });
        for name in &names {
            mentions.remove(name);
        }
        let defines = everywhere(&names);
        let may_run_long = calls_itself || cost::may_run_long(tokens, &range);
        let text = tokens.normalised(&range);
        Self {
            kind,
            names,
            defines,
            mentions,
            refers: References::default(),
            contents: None,
            methods: Names::new(),
            edits,
            text,
            may_run_long,
            calculates: false,
            has_static: has_static(tokens.within(&range)),
            statics: Vec::new(),
            range,
            is_item_macro: false,
            is_guessed: false,
        }
    }

    /// Whether it defines something of another item's name in the same namespace.
    pub fn has_name_of(&self, other: &Self) -> bool {
        self.defines.iter().any(|name| other.defines.contains(name))
    }

    /// Whether it defines a type, or what else stands where types do.
    pub fn is_among_types(&self) -> bool {
        self.defines.iter().any(|(_, n)| *n == Namespace::Types)
    }

    /// The `impl` head, if it is one.
    pub fn as_impl(&self) -> Option<&Impl> {
        match &self.kind {
            Kind::Impl(head) => Some(head),
            _ => None,
        }
    }
}

/// Makes a static in a macro call `pub`; `before` are the tokens before it.
fn publish(before: &[Token], token: &Token) -> Option<Edit> {
    let mut before = before
        .iter()
        .rev()
        .filter(|other| other.depth == token.depth);
    match before.next() {
        Some(last) if last.is_ident("pub") => None,
        Some(last) if last.kind == TokenKind::Group(Delimiter::Parenthesis) => {
            let whole = before.next()?.range.start..last.range.end; // `pub(crate)`
            Some(Edit::replace(whole, "pub", Part::Items))
        }
        _ => Some(Edit::before(token.range.start, "pub ", Part::Items)),
    }
}

/// Whether `static` stands there, other than as a lifetime.
fn has_static(tokens: &[Token]) -> bool {
    let before = std::iter::once(None).chain(tokens.iter().map(Some));
    tokens.iter().zip(before).any(|(token, before)| {
        let is_lifetime = before.is_some_and(|b| b.kind == TokenKind::Punct('\''));
        token.is_ident("static") && !is_lifetime
    })
}

fn kind(item: &SynItem, tokens: &Tokens) -> Kind {
    match item {
        SynItem::Static(_) => Kind::Static,
        SynItem::Macro(_) => Kind::Macro,
        SynItem::Trait(_) | SynItem::TraitAlias(_) => Kind::Trait,
        SynItem::Fn(_) => Kind::Function,
        SynItem::Struct(_) | SynItem::Enum(_) | SynItem::Union(_) => Kind::Type,
        SynItem::Impl(item) => {
            let start = item.impl_token.span().byte_range().start;
            let head = start..item.brace_token.span.open().byte_range().start;
            let path = item.trait_.as_ref().map(|(path, _)| path);
            let ident = |segment: &syn::PathSegment| segment.ident.to_string();
            Kind::Impl(Impl {
                trait_name: path.and_then(|path| path.segments.last()).map(ident),
                trait_root: path.and_then(root),
                self_name: self_path(&item.self_ty)
                    .and_then(|p| p.segments.last())
                    .map(ident),
                self_root: self_path(&item.self_ty).and_then(root),
                names: tokens.names(&head),
                head: tokens.normalised(&head),
                members: item.items.iter().filter_map(member).collect(),
            })
        }
        _ => Kind::Other,
    }
}

/// The path of the type that an `impl` is for, if it is a named one (or a reference to one).
fn self_path(ty: &Type) -> Option<&Path> {
    match ty {
        Type::Path(path) => Some(&path.path),
        Type::Reference(reference) => self_path(&reference.elem),
        Type::Paren(inner) => self_path(&inner.elem),
        Type::Group(inner) => self_path(&inner.elem),
        _ => None,
    }
}

/// The first name of a path, as seen from the session's root.
fn root(path: &Path) -> Option<String> {
    let mut names = path.segments.iter().map(|s| tokens::name(&s.ident));
    names.find(|name| !matches!(name.as_str(), "self" | "crate"))
}

fn member(item: &ImplItem) -> Option<(String, Range<usize>)> {
    let name = match item {
        ImplItem::Fn(function) => function.sig.ident.to_string(),
        ImplItem::Const(constant) => constant.ident.to_string(),
        ImplItem::Type(alias) => alias.ident.to_string(),
        _ => return None,
    };
    Some((name, item.span().byte_range()))
}

fn names_of(defines: &[Defined]) -> Vec<String> {
    let mut names: Vec<String> = defines.iter().map(|(name, _)| name.clone()).collect();
    names.dedup();
    names
}

/// Names of which it is not known what they are.
fn everywhere(names: &[String]) -> Vec<Defined> {
    let namespaces = [Namespace::Types, Namespace::Values];
    let names = names.iter();
    names
        .flat_map(|name| namespaces.map(|n| (name.clone(), n)))
        .collect()
}

#[cfg(test)]
mod tests;
