//! Functions of earlier cells, by how rustc names what they have made: `{closure@cell_2::compose<i32, String>::{closure#0}}`,
//! `{async fn body of Shop::fetch()}`, `{closure@<Shop as Make>::make::{closure#0}}`.

use std::collections::BTreeMap;

use syn::visit_mut::{self, VisitMut};
use syn::{
    GenericArgument, GenericParam, Generics, ImplItem, Item, PathArguments, Signature, TraitItem,
    Type,
};

use crate::compiler::names;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::mir;

/// The result's type of the function, with what its parameters stand for.
pub(super) fn result(path: &str, scope: &Scope) -> Option<Type> {
    let maker = Maker::of(path)?;
    let live = scope
        .items
        .iter()
        .rev()
        .filter(|item| item.dormant.is_none());
    let texts = live.map(|live| &live.source.text[live.item.range.clone()]);
    let mut texts = texts.filter(|text| text.contains(maker.function));
    texts.find_map(|text| {
        let item = syn::parse_str::<Item>(text).ok()?;
        maker.look_at(&item, None)
    })
}

/// What a path says of a function.
#[derive(Debug, PartialEq, Eq)]
struct Maker<'a> {
    function: &'a str,
    arguments: Vec<&'a str>,
    /// What it is in: a type, a trait or a module.
    owner: Option<&'a str>,
    owners_arguments: Vec<&'a str>,
    /// The trait that has the method for that type.
    of_trait: Option<&'a str>,
}

impl<'a> Maker<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let end = mir::depths(path).find(|(at, c, depth)| match c {
            '{' => path[..*at].ends_with("::"),
            '(' => *depth == 1,
            _ => false,
        });
        let path = path[..end.map_or(path.len(), |(at, ..)| at)].trim_end_matches("::");
        let mut segments = segments(path);
        let (function, arguments) = generic(segments.pop()?);
        let owner = segments.pop().filter(|owner| !names::is_crate(owner));
        let owner = owner.map(|owner| {
            let inner = owner
                .strip_prefix('<')
                .and_then(|rest| rest.strip_suffix('>'));
            inner.map_or(owner, |inner| inner.strip_prefix("impl ").unwrap_or(inner))
        });
        let (ty, of_trait) = match owner.and_then(|owner| owner.split_once(" as ")) {
            Some((ty, of_trait)) => (Some(ty), Some(last_name(of_trait))),
            None => (owner, None),
        };
        let (owner, owners_arguments) = match ty {
            Some(ty) => {
                let (_, arguments) = generic(ty);
                (Some(last_name(ty)), arguments)
            }
            None => (None, Vec::new()),
        };
        Some(Self {
            function,
            arguments,
            owner,
            owners_arguments,
            of_trait,
        })
    }

    /// The result's type, if the function is an item, or in it.
    fn look_at(&self, item: &Item, module: Option<&str>) -> Option<Type> {
        let is_owner = |name: &syn::Ident| self.owner.is_some_and(|owner| name == owner);
        match item {
            Item::Fn(function) => {
                let is_here = self.owner.is_none() || self.owner == module;
                let is_it = is_here && self.of_trait.is_none();
                self.result(&function.sig, &BTreeMap::new())
                    .filter(|_| is_it)
            }
            Item::Mod(inner) => {
                let name = inner.ident.to_string();
                let (_, items) = inner.content.as_ref()?;
                items
                    .iter()
                    .find_map(|item| self.look_at(item, Some(&name)))
            }
            Item::Trait(definition) if is_owner(&definition.ident) => {
                definition.items.iter().find_map(|item| match item {
                    TraitItem::Fn(method) => self.result(&method.sig, &BTreeMap::new()),
                    _ => None,
                })
            }
            Item::Impl(block) => {
                let Type::Path(own) = &*block.self_ty else {
                    return None;
                };
                let own = own.path.segments.last()?;
                let of_trait = block
                    .trait_
                    .as_ref()
                    .and_then(|(path, _)| path.segments.last());
                let is_same_trait = match (of_trait, self.of_trait) {
                    (Some(of_trait), Some(wanted)) => of_trait.ident == wanted,
                    (None, None) => true,
                    _ => false,
                };
                if !is_owner(&own.ident) || !is_same_trait {
                    return None;
                }
                let known = self.of_the_type(&block.generics, &own.arguments);
                block.items.iter().find_map(|item| match item {
                    ImplItem::Fn(method) => self.result(&method.sig, &known),
                    _ => None,
                })
            }
            _ => None,
        }
    }

    /// What the parameters of an `impl` stand for that are arguments of its type.
    fn of_the_type(
        &self,
        generics: &Generics,
        arguments: &PathArguments,
    ) -> BTreeMap<syn::Ident, Type> {
        let PathArguments::AngleBracketed(arguments) = arguments else {
            return BTreeMap::new();
        };
        let is_parameter = |name: &syn::Ident| generics.type_params().any(|own| own.ident == *name);
        let arguments = arguments.args.iter();
        let arguments =
            arguments.filter(|argument| !matches!(argument, GenericArgument::Lifetime(_)));
        let pairs = arguments.zip(&self.owners_arguments);
        let pairs = pairs.filter_map(|(parameter, argument)| {
            let GenericArgument::Type(Type::Path(parameter)) = parameter else {
                return None;
            };
            let name = parameter
                .path
                .get_ident()
                .filter(|name| is_parameter(name))?;
            Some((name.clone(), syn::parse_str(argument).ok()?))
        });
        pairs.collect()
    }

    fn result(&self, signature: &Signature, known: &BTreeMap<syn::Ident, Type>) -> Option<Type> {
        if signature.ident != self.function {
            return None;
        }
        let mut result = match &signature.output {
            syn::ReturnType::Type(_, result) => (**result).clone(),
            syn::ReturnType::Default => syn::parse_quote!(()),
        };
        // What stands for `impl Trait` follows the parameters that have names.
        let parameters = signature.generics.params.iter();
        let parameters = parameters.filter_map(|parameter| match parameter {
            GenericParam::Type(ty) => Some(Some(&ty.ident)),
            GenericParam::Const(_) => Some(None),
            GenericParam::Lifetime(_) => None,
        });
        let pairs = parameters.zip(&self.arguments);
        let types = pairs
            .filter_map(|(name, argument)| Some((name?.clone(), syn::parse_str(argument).ok()?)));
        let mut types: BTreeMap<_, _> = types.collect();
        types.extend(known.clone());
        Arguments(types).visit_type_mut(&mut result);
        Some(result)
    }
}

/// The segments of a path.
fn segments(path: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    let mut start = 0;
    for (at, c, depth) in mir::depths(path) {
        if c == ':' && depth == 0 {
            if start < at {
                segments.push(&path[start..at]);
            }
            start = at + 1;
        }
    }
    segments.push(&path[start..]);
    segments
}

/// A name and its generic arguments.
fn generic(segment: &str) -> (&str, Vec<&str>) {
    let Some((name, rest)) = segment.split_once('<') else {
        return (segment, Vec::new());
    };
    let mut arguments = mir::split(rest.strip_suffix('>').unwrap_or(rest));
    arguments.retain(|argument| !mir::is_lifetime(argument));
    (name, arguments)
}

/// The last name of a path, without its arguments.
fn last_name(path: &str) -> &str {
    let path = path.split('<').next().unwrap_or_default();
    path.rsplit("::").next().unwrap_or_default()
}

/// Puts types in the place of a function's parameters.
struct Arguments(BTreeMap<syn::Ident, Type>);

impl VisitMut for Arguments {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        let own = match &*ty {
            Type::Path(path) if path.qself.is_none() => path.path.get_ident(),
            _ => None,
        };
        match own.and_then(|name| self.0.get(name)) {
            Some(argument) => *ty = argument.clone(),
            None => visit_mut::visit_type_mut(self, ty),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compiler::testing::Notebook;

    #[test]
    fn the_function_that_made_something_is_found_by_its_path() {
        let mut notebook = Notebook::default();
        notebook.define("fn compose<A, B, C>(f: impl Fn(A) -> B, g: impl Fn(B) -> C) -> impl Fn(A) -> C { move |x| g(f(x)) }");
        notebook.define("struct Shop; impl Shop { fn counter() -> impl FnMut() -> u32 { || 1 } async fn fetch<'a, T>(&'a self, t: T) -> Vec<T> {} }");
        notebook.define("trait Make { fn make(&self) -> impl Fn(); }\nimpl Make for Shop { fn make(&self) -> impl Fn() { || () } }");
        notebook.define(
            "struct W<T>(T); impl<T: Copy> W<T> { fn get(&self) -> impl Fn() -> T { || 1 } }",
        );
        notebook.define("mod m { fn mk() -> impl Fn(u8) -> u8 { |x| x } struct S; impl S { fn mk() -> impl Fn(i8) { |x| () } } }");
        for (path, expected) in [
            (
                "cell_1::compose<i32, u8, String, impl Fn(A) -> B, {closure@a}>::{closure#0}}",
                "impl Fn(i32) -> String",
            ),
            (
                "compose<Vec<(u8, u8)>, u8, fn(u8) -> u8, F, G>::{closure#0}}",
                "impl Fn(Vec<(u8, u8)>) -> fn(u8) -> u8",
            ),
            ("Shop::counter::{closure#0}}", "impl FnMut() -> u32"),
            ("Shop::fetch<'_, i32>()}", "Vec<i32>"),
            ("<Shop as Make>::make::{closure#0}}", "impl Fn()"),
            ("W<u8>::get::{closure#0}}", "impl Fn() -> u8"),
            ("cell_5::<impl W<u8>>::get::{closure#0}}", "impl Fn() -> u8"),
            ("mk::{closure#0}}", "impl Fn(u8) -> u8"),
            ("cell_5::m::mk::{closure#0}}", "impl Fn(u8) -> u8"),
            ("S::mk::{closure#0}}", "impl Fn(i8)"),
            ("not_there::{closure#0}}", ""),
        ] {
            let found = result(path, &notebook.scope);
            let found = found
                .map(|ty| quote::quote!(#ty).to_string())
                .unwrap_or_default();
            let dense = |text: &str| text.replace(' ', "");
            assert_eq!(dense(&found), dense(expected), "{path}");
        }
    }
}
