//! Spelling a type, read from the MIR of one crate, for the code of others.
//!
//! rustc writes a name that is unique among all crates without its path, and erases lifetimes.
//! What a session keeps lives for `'static`, and `std::any::type_name`, which the cell host
//! reports, has the paths (of where things are defined, which need not be public).

use std::collections::BTreeMap;

use proc_macro2::Span;
use syn::visit_mut::{self, VisitMut};
use syn::{Lifetime, Path, Token, Type};

use super::objects;
use super::public_paths::{PublicPaths, paths_in};
use super::reexports;
use crate::compiler::names;
use crate::compiler::rustc::contract::unnamed;
use crate::compiler::syntax::primitives::is_primitive;

/// By the path of a type's definition, the public one that it has besides.
pub type Aliases = BTreeMap<String, String>;

/// Spells a type of the crate `serial` so that any crate can use it; `None` if it has no name.
///
/// `type_name` is the same type as `std::any::type_name` spells it; `known` says where a name
/// without a path is to be found when that does not tell.
pub fn spell(
    ty: &str,
    serial: u32,
    type_name: &str,
    (public_paths, aliases): (&PublicPaths, &Aliases),
    known: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    if is_unnamed(ty) || type_name.contains(unnamed::IN_TYPE_NAME) {
        return None;
    }
    let ty = raw(&ty.replace(unnamed::LIFETIME, "'static"));
    let mut parsed = objects::parse(&ty)?;
    let mut speller = Speller {
        serial,
        public_paths,
        aliases,
        paths: definition_paths(type_name),
        known,
        bound: 0,
        failed: false,
    };
    speller.visit_type_mut(&mut parsed);
    let text = quote::quote!(#parsed).to_string();
    (!speller.failed).then(|| tidy(&text))
}

/// Whether a type has no name, or a part of it has none.
pub fn is_unnamed(ty: &str) -> bool {
    use unnamed::{ASYNC, CLOSURE, COROUTINE, FUNCTION, IMPL};
    [CLOSURE, ASYNC, IMPL, COROUTINE, FUNCTION]
        .iter()
        .any(|unnamed| ty.contains(unnamed))
}

/// Spells a type of a closure's signature within its own crate, before it is known where all its names come from.
pub fn spell_local(ty: &str, known: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    // every elided lifetime is one of the closure's own
    spell_bound(ty, known, 1)
}

/// The same for the type of a variable.
pub fn spell_own(ty: &str, known: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    spell_bound(ty, known, 0)
}

fn spell_bound(ty: &str, known: &dyn Fn(&str) -> Option<String>, bound: usize) -> Option<String> {
    let mut parsed = objects::parse(ty)?;
    let mut speller = Speller {
        serial: 0,
        public_paths: &PublicPaths::new(),
        aliases: &Aliases::new(),
        paths: BTreeMap::new(),
        known,
        bound,
        failed: false,
    };
    speller.visit_type_mut(&mut parsed);
    let text = quote::quote!(#parsed).to_string();
    (!speller.failed).then(|| tidy(&text))
}

/// Writes paths without the blanks that a token stream prints in them.
pub(super) fn tidy(text: &str) -> String {
    const WORDS: [&str; 6] = ["dyn", "mut", "const", "as", "impl", "'static"];
    let mut tidy = String::with_capacity(text.len());
    let mut pieces = text.split("::").map(str::trim_start).peekable();
    while let Some(piece) = pieces.next() {
        let bare = piece.trim_end();
        let last = bare
            .rsplit(|c: char| !(c.is_alphanumeric() || c == '_' || c == '\''))
            .next()
            .unwrap_or_default();
        let glued = !last.is_empty() && !WORDS.contains(&last);
        tidy.push_str(if glued { bare } else { piece });
        if pieces.peek().is_some() {
            tidy.push_str("::");
        }
    }
    tidy
}

struct Speller<'a> {
    serial: u32,
    public_paths: &'a PublicPaths,
    aliases: &'a Aliases,
    paths: BTreeMap<String, String>,
    known: &'a dyn Fn(&str) -> Option<String>,
    /// How many `fn(...)` or `Fn(...)` we are in, whose elided lifetimes are their own.
    bound: usize,
    failed: bool,
}

impl<'a> Speller<'a> {
    /// The public path of a type whose definition's is private.
    fn alias_of(&self, path: &Path) -> Option<&'a String> {
        if self.aliases.is_empty() {
            return None;
        }
        let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        let whole = names.join("::");
        let defined = match &names[..] {
            [name] => self.paths.get(name).cloned(),
            _ => Some(format!("{}::{whole}", names::crate_name(self.serial))),
        };
        let aliases = self.aliases;
        let found = defined.and_then(|defined| aliases.get(&defined));
        found.or_else(|| aliases.get(&whole))
    }

    /// The result of something that can be called: an elided lifetime in it is that of a parameter, if one has any.
    fn visit_result(&mut self, result: &mut syn::ReturnType, is_lent: bool) {
        self.bound += usize::from(is_lent);
        self.visit_return_type_mut(result);
        self.bound -= usize::from(is_lent);
    }

    /// The module of an added crate in which a type is known to be public.
    fn place_of(&self, name: Option<&String>) -> Option<String> {
        self.public_paths.get(self.paths.get(name?)?)?.clone()
    }
}

impl VisitMut for Speller<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Type::Never(_) = ty {
            *ty = Type::Path(never());
            return;
        }
        visit_mut::visit_type_mut(self, ty);
    }

    fn visit_return_type_mut(&mut self, result: &mut syn::ReturnType) {
        // Of a function that does not return: that is stable.
        if !matches!(result, syn::ReturnType::Type(_, ty) if matches!(**ty, Type::Never(_))) {
            visit_mut::visit_return_type_mut(self, result);
        }
    }

    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        if reference.lifetime.is_none() && self.bound == 0 {
            reference.lifetime = Some(Lifetime::new("'static", Span::call_site()));
        }
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" && self.bound == 0 {
            *lifetime = Lifetime::new("'static", Span::call_site());
        }
    }

    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        arguments: &mut syn::ParenthesizedGenericArguments,
    ) {
        self.bound += 1;
        arguments
            .inputs
            .iter_mut()
            .for_each(|input| self.visit_type_mut(&mut input.ty));
        self.bound -= 1;
        let lends = arguments.inputs.iter().any(|input| lends(&input.ty));
        self.visit_result(&mut arguments.output, lends);
    }

    fn visit_type_path_mut(&mut self, ty: &mut syn::TypePath) {
        if ty.qself.is_some() {
            self.failed = true; // a projection that rustc did not resolve
        }
        visit_mut::visit_type_path_mut(self, ty);
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if path.leading_colon.is_some() {
            return;
        }
        if let Some(public) = self.alias_of(path) {
            let Ok(mut public) = syn::parse_str::<Path>(&format!("::{public}")) else {
                self.failed = true;
                return;
            };
            if let (Some(last), Some(own)) = (public.segments.last_mut(), path.segments.pop()) {
                last.arguments = own.arguments;
            }
            *path = public;
            return;
        }
        let first = path.segments[0].ident.to_string();
        if path.segments.len() > 1 {
            let path_names: Vec<String> =
                path.segments.iter().map(|s| s.ident.to_string()).collect();
            let own = names::crate_name(self.serial);
            let local = format!("{own}::{}", path_names.join("::"));
            if self.paths.values().any(|path| *path == local) {
                self.failed |= !prefix(path, &own);
            } else if let Some(place) = self.place_of(path_names.last()) {
                // rustc's path leads through a crate that shows it under another name.
                let last = path.segments.pop();
                path.segments = last.into_iter().collect();
                self.failed |= !prefix(path, &place);
            } else if path_names == unnamed::ATOMIC {
                // Its own path is not stable.
                let last = path.segments.pop();
                path.segments = last.into_iter().collect();
                self.failed |= !prefix(path, "woozle::names::std");
            } else {
                path.leading_colon = Some(Token![::](Span::call_site()));
            }
            return;
        }
        if is_primitive(&first) {
            return;
        }
        let place = match self.paths.get(&first) {
            Some(defined) if self.public_paths.contains_key(defined) => {
                let place = self.public_paths.get(defined).cloned().flatten();
                self.failed |= place.is_none();
                place
            }
            Some(defined) => {
                let (root, _) = defined.split_once("::").unwrap_or((defined, ""));
                match reexports::module_of(root) {
                    Some(module) => Some(format!("woozle::names::{module}")),
                    None => defined
                        .rsplit_once("::")
                        .map(|(module, _)| module.to_owned()),
                }
            }
            None => (self.known)(&first).or_else(|| Some("woozle::names".to_owned())),
        };
        if let Some(place) = place {
            self.failed |= !prefix(path, &place);
        }
    }

    fn visit_type_fn_ptr_mut(&mut self, pointer: &mut syn::TypeFnPtr) {
        self.bound += 1;
        pointer
            .inputs
            .iter_mut()
            .for_each(|input| self.visit_type_mut(&mut input.ty));
        self.bound -= 1;
        let lends = pointer.inputs.iter().any(|input| lends(&input.ty));
        self.visit_result(&mut pointer.output, lends);
    }
}

/// Whether a lifetime is elided in a type.
fn lends(ty: &Type) -> bool {
    elides(&quote::quote!(#ty).to_string())
}

/// Whether a lifetime is elided in a type's text.
pub fn elides(ty: &str) -> bool {
    let mut references = ty.split('&').skip(1);
    references.any(|rest| !rest.trim_start().starts_with('\'')) || ty.contains("'_")
}

/// What `!` is called where rustc does not take it for a type.
fn never() -> syn::TypePath {
    syn::parse_quote!(::woozle::cell::Never)
}

/// Puts a module path before a path; it is absolute but for `crate`. False if it is no path.
fn prefix(path: &mut Path, module: &str) -> bool {
    let Ok(mut whole) = syn::parse_str::<Path>(module) else {
        return false;
    };
    whole.segments.extend(std::mem::take(&mut path.segments));
    whole.leading_colon = (module != "crate").then(|| Token![::](Span::call_site()));
    *path = whole;
    true
}

/// A type with `r#` before the parts of paths that are keywords: rustc leaves it out.
fn raw(ty: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '#';
    let mut text = String::with_capacity(ty.len());
    let mut rest = ty;
    while let Some(start) = rest.find(is_word) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c| !is_word(c)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        text.push_str(before);
        let in_path = text.ends_with("::") || after.starts_with("::");
        if in_path && syn::parse_str::<syn::Ident>(&format!("r#{word}")).is_ok() && !is_ident(word)
        {
            text.push_str("r#");
        }
        text.push_str(word);
        rest = after;
    }
    text + rest
}

fn is_ident(word: &str) -> bool {
    syn::parse_str::<syn::Ident>(word).is_ok()
}

/// By last name, the paths in a type as `std::any::type_name` spells it.
fn definition_paths(type_name: &str) -> BTreeMap<String, String> {
    let mut paths = BTreeMap::new();
    for path in paths_in(type_name) {
        let path = raw(path);
        if let Some((_, last)) = path.rsplit_once("::").filter(|(_, last)| !last.is_empty()) {
            paths.insert(last.to_owned(), path.clone());
        }
    }
    paths
}

#[cfg(test)]
mod tests;
