//! An item: what it defines, what it mentions, and how its text must change to be used from
//! other cells.

use std::ops::Range;

use proc_macro2::Delimiter;
use syn::spanned::Spanned;
use syn::{ImplItem, Item as SynItem, Macro, Type};

use super::cost;
use super::item_macros::{ITEM_WORDS, defines_items};
use super::primitives::is_primitive;
use super::source::{Edit, Part};
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
    /// Its place in the cell.
    pub range: Range<usize>,
    /// The names that it mentions.
    pub mentions: Names,
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
        let names = defined_names(item);
        let is_item_macro = matches!(item, SynItem::Macro(rules) if defines_items(rules).is_some());
        let (statics, mut edits) = statics::of(item, &tokens.normalised(&range), tokens);
        edits.extend(visibility::edits(item, tokens));
        edits.extend(no_inline::edits(item, tokens));
        Self {
            is_item_macro,
            statics,
            calculates: cost::calculates(item),
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
            ..Self::with(Kind::Static, names, range, edits, tokens)
        }
    }

    /// Takes names that are known from elsewhere for what they are: arguments, not what the macro defines.
    pub fn mention(&mut self, is_known: impl Fn(&str) -> bool) {
        if self.is_guessed {
            let known = self.names.extract_if(.., |name| is_known(name));
            self.mentions.extend(known);
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
        let may_run_long = calls_itself || cost::may_run_long(tokens, &range);
        let text = tokens.normalised(&range);
        Self {
            kind,
            names,
            mentions,
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
                trait_root: path.and_then(|path| path.segments.first()).map(ident),
                self_name: self_name(&item.self_ty),
                names: tokens.names(&head),
                head: tokens.normalised(&head),
                members: item.items.iter().filter_map(member).collect(),
            })
        }
        _ => Kind::Other,
    }
}

fn self_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        Type::Reference(reference) => self_name(&reference.elem),
        Type::Paren(inner) => self_name(&inner.elem),
        Type::Group(inner) => self_name(&inner.elem),
        _ => None,
    }
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

fn defined_names(item: &SynItem) -> Vec<String> {
    if let SynItem::ForeignMod(block) = item {
        let names = block.items.iter().filter_map(|item| match item {
            syn::ForeignItem::Fn(item) => Some(item.sig.ident.to_string()),
            syn::ForeignItem::Static(item) => Some(item.ident.to_string()),
            syn::ForeignItem::Type(item) => Some(item.ident.to_string()),
            _ => None,
        });
        return names.collect();
    }
    defined_name(item).into_iter().collect()
}

fn defined_name(item: &SynItem) -> Option<String> {
    let ident = match item {
        SynItem::Const(item) => &item.ident,
        SynItem::Enum(item) => &item.ident,
        SynItem::Fn(item) => &item.sig.ident,
        SynItem::Macro(item) => item.ident.as_ref()?,
        SynItem::Mod(item) => &item.ident,
        SynItem::Static(item) => &item.ident,
        SynItem::Struct(item) => &item.ident,
        SynItem::Trait(item) => &item.ident,
        SynItem::TraitAlias(item) => &item.ident,
        SynItem::Type(item) => &item.ident,
        SynItem::Union(item) => &item.ident,
        _ => return None,
    };
    let name = tokens::name(ident);
    (name != "_").then_some(name)
}

#[cfg(test)]
mod tests;
