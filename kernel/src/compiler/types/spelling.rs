//! Spelling a type, read from the MIR of one crate, for the code of others.
//!
//! rustc writes a name that is unique among all crates without its path, and erases lifetimes.
//! What a session keeps lives for `'static`, and `std::any::type_name`, which the cell host
//! reports, has the paths (of where things are defined, which need not be public).

use std::collections::BTreeMap;

use proc_macro2::Span;
use syn::visit_mut::{self, VisitMut};
use syn::{Lifetime, Path, Token, Type};

use super::public_paths::{PublicPaths, paths_in};
use super::reexports;
use crate::compiler::names;
use crate::compiler::rustc::contract::unnamed;
use crate::compiler::syntax::primitives::is_primitive;

/// Spells a type of the crate `serial` so that any crate can use it; `None` if it has no name.
///
/// `type_name` is the same type as `std::any::type_name` spells it; `known` says where a name
/// without a path is to be found when that does not tell.
pub fn spell(
    ty: &str,
    serial: u32,
    type_name: &str,
    public_paths: &PublicPaths,
    known: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    if is_unnamed(ty) || type_name.contains(unnamed::IN_TYPE_NAME) {
        return None;
    }
    let mut parsed: Type = syn::parse_str(&ty.replace(unnamed::LIFETIME, "'static")).ok()?;
    let mut speller = Speller {
        serial,
        public_paths,
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

/// Spells a type within its own crate, before it is known where all its names come from.
pub fn spell_local(ty: &str, known: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut parsed: Type = syn::parse_str(ty).ok()?;
    // every elided lifetime is one of the closure's own
    let mut speller = Speller {
        serial: 0,
        public_paths: &PublicPaths::new(),
        paths: BTreeMap::new(),
        known,
        bound: 1,
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
    paths: BTreeMap<String, String>,
    known: &'a dyn Fn(&str) -> Option<String>,
    /// How many `fn(...)` or `Fn(...)` we are in, whose elided lifetimes are their own.
    bound: usize,
    failed: bool,
}

impl Speller<'_> {
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
        visit_mut::visit_parenthesized_generic_arguments_mut(self, arguments);
        self.bound -= 1;
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
        visit_mut::visit_type_fn_ptr_mut(self, pointer);
        self.bound -= 1;
    }
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

/// By last name, the paths in a type as `std::any::type_name` spells it.
fn definition_paths(type_name: &str) -> BTreeMap<String, String> {
    let mut paths = BTreeMap::new();
    for path in paths_in(type_name) {
        if let Some((_, last)) = path.rsplit_once("::").filter(|(_, last)| !last.is_empty()) {
            paths.insert(last.to_owned(), path.to_owned());
        }
    }
    paths
}

#[cfg(test)]
mod tests;
