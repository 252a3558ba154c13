//! Types of variables that borrow: the lifetime in them.

use super::spelling::tidy;
use proc_macro2::Span;
use syn::visit_mut::{self, VisitMut};
use syn::{GenericArgument, Lifetime, PathArguments, Type, TypeParamBound};

/// A spelled type with another lifetime in the place of each `'static`; `None` if it is no type.
pub fn living_for(ty: &str, lifetime: &str) -> Option<String> {
    let mut parsed: Type = syn::parse_str(ty).ok()?;
    Respelled(Lifetime::new(lifetime, Span::call_site())).visit_type_mut(&mut parsed);
    Some(tidy(&quote::quote!(#parsed).to_string()))
}

/// The lifetime in a spelled type of what lives for ever, where `'static` stands for that of the variable.
pub const ALWAYS: &str = "'always";

/// Which of the lifetimes in a type are the variable's own; the others are of what lives for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// All.
    All,
    /// The first one.
    First,
    /// The last one.
    Last,
    /// All but those of trait objects that name none. Unlike the others, it is asked of types that may live for less.
    AllButObjects,
}

impl Own {
    /// What is tried next.
    pub fn next(self) -> Option<Self> {
        match self {
            Self::All => Some(Self::First),
            Self::First => Some(Self::Last),
            Self::Last | Self::AllButObjects => None,
        }
    }

    /// A spelled type with [`ALWAYS`] in the place of each `'static` that is not the variable's own.
    pub fn among(self, ty: &str) -> Option<String> {
        let mut parsed: Type = syn::parse_str(ty).ok()?;
        if self == Self::AllButObjects {
            let always = Lifetime::new(ALWAYS, Span::call_site());
            Objects(always).visit_type_mut(&mut parsed);
            return Some(tidy(&quote::quote!(#parsed).to_string()));
        }
        let mut count = Counted { seen: 0, own: None };
        count.visit_type_mut(&mut parsed.clone());
        let own = match self {
            Self::All | Self::AllButObjects => return Some(ty.to_owned()),
            Self::First => 0,
            Self::Last => count.seen.checked_sub(1)?,
        };
        let mut marked = Counted {
            seen: 0,
            own: Some(own),
        };
        marked.visit_type_mut(&mut parsed);
        Some(tidy(&quote::quote!(#parsed).to_string()))
    }
}

/// Gives trait objects that name no lifetime this one.
struct Objects(Lifetime);

impl VisitMut for Objects {
    fn visit_type_trait_object_mut(&mut self, object: &mut syn::TypeTraitObject) {
        visit_mut::visit_type_trait_object_mut(self, object);
        live_for(object, &self.0);
    }

    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        visit_mut::visit_type_reference_mut(self, reference);
        in_parentheses(reference);
    }
}

/// Adds a lifetime to the bounds of a trait object that has none.
fn live_for(object: &mut syn::TypeTraitObject, lifetime: &Lifetime) {
    let has_one = |bound: &TypeParamBound| matches!(bound, TypeParamBound::Lifetime(_));
    if !object.bounds.iter().any(has_one) {
        let lifetime = TypeParamBound::Lifetime(lifetime.clone());
        object.bounds.push(lifetime);
    }
}

/// Counts the lifetimes of a type, and marks all but one.
struct Counted {
    seen: usize,
    own: Option<usize>,
}

impl Counted {
    /// Whether the next lifetime is to be marked.
    fn is_marked(&mut self) -> bool {
        self.seen += 1;
        self.own.is_some_and(|own| own + 1 != self.seen)
    }
}

impl VisitMut for Counted {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "static" && self.is_marked() {
            *lifetime = Lifetime::new(ALWAYS, Span::call_site());
        }
    }

    fn visit_type_trait_object_mut(&mut self, object: &mut syn::TypeTraitObject) {
        visit_mut::visit_type_trait_object_mut(self, object);
        let has_one = |bound: &TypeParamBound| matches!(bound, TypeParamBound::Lifetime(_));
        if !object.bounds.iter().any(has_one) && self.is_marked() {
            let lifetime = Lifetime::new(ALWAYS, Span::call_site());
            object.bounds.push(TypeParamBound::Lifetime(lifetime));
        }
    }

    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        visit_mut::visit_type_reference_mut(self, reference);
        in_parentheses(reference);
    }
}

/// Puts a trait object in parentheses behind a reference, as it may have more than one bound.
fn in_parentheses(reference: &mut syn::TypeReference) {
    if matches!(*reference.elem, Type::TraitObject(_)) {
        let object = &reference.elem;
        *reference.elem = syn::parse_quote!((#object));
    }
}

/// Whether something in a spelled type may be borrowed.
pub fn may_borrow(ty: &str) -> bool {
    ty.contains("'static") || ty.contains("dyn ")
}

/// What is in a `Box`, if the type is one.
pub fn in_box(ty: &str) -> Option<String> {
    let inner = boxed(&syn::parse_str(ty).ok()?)?;
    Some(tidy(&quote::quote!(#inner).to_string()))
}

/// The items' type of a boxed iterator, the output's of a future, or the result's of what can be called with nothing that may be
/// borrowed: those are only given away. Any other type is itself.
pub fn given_away(ty: &str) -> String {
    let given = syn::parse_str(ty).ok().and_then(|ty| given(&ty));
    given.map_or_else(
        || ty.to_owned(),
        |given| tidy(&quote::quote!(#given).to_string()),
    )
}

fn boxed(ty: &Type) -> Option<Type> {
    inner(ty, "Box")
}

/// The one type argument of a path that ends in this name.
fn inner(ty: &Type, name: &str) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| last.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) if arguments.args.len() == 1 => Some(inner.clone()),
        _ => None,
    }
}

fn given(ty: &Type) -> Option<Type> {
    let pinned = inner(ty, "Pin");
    let Type::TraitObject(object) = boxed(pinned.as_ref().unwrap_or(ty))? else {
        return None;
    };
    let Some(TypeParamBound::Trait(bound)) = object.bounds.first() else {
        return None;
    };
    let last = bound.path.segments.last()?;
    let is_giving = last.ident == "Iterator" || last.ident == "Future";
    let arguments = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments,
        PathArguments::Parenthesized(signature) => {
            let inputs = &signature.inputs;
            let is_given = may_borrow(&quote::quote!(#inputs).to_string());
            return match &signature.output {
                syn::ReturnType::Type(_, result) if !is_given => Some((**result).clone()),
                _ => None,
            };
        }
        PathArguments::None => return None,
    };
    match arguments.args.first() {
        Some(GenericArgument::AssocType(given)) if is_giving => Some(given.ty.clone()),
        _ => None,
    }
}

struct Respelled(Lifetime);

impl VisitMut for Respelled {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "static" {
            *lifetime = self.0.clone();
        } else if lifetime.ident == ALWAYS[1..] {
            *lifetime = Lifetime::new("'static", Span::call_site());
        }
    }

    fn visit_type_trait_object_mut(&mut self, object: &mut syn::TypeTraitObject) {
        visit_mut::visit_type_trait_object_mut(self, object);
        live_for(object, &self.0);
    }

    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        visit_mut::visit_type_reference_mut(self, reference);
        in_parentheses(reference);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dense(text: &str) -> String {
        text.replace(' ', "")
    }

    #[test]
    fn each_static_becomes_the_lifetime() {
        for (ty, expected) in [
            ("&'static str", "&'a str"),
            (
                "::a::Guard<'static, (&'static i32, u8)>",
                "::a::Guard<'a, (&'a i32, u8)>",
            ),
            (
                "Box<dyn FnMut(i32) -> i32 + Send>",
                "Box<dyn FnMut(i32) -> i32 + Send + 'a>",
            ),
            ("&'static dyn Any", "&'a (dyn Any + 'a)"),
            ("fn(&str) -> &str", "fn(&str) -> &str"),
        ] {
            let spelled = living_for(ty, "'a").expect("a type");
            assert_eq!(dense(&spelled), dense(expected));
        }
    }

    #[test]
    fn lifetimes_that_are_not_the_variable_s_are_static_for_ever() {
        for (ty, own, expected) in [
            (
                "&'static mut Vec<&'static str>",
                Own::All,
                "&'a mut Vec<&'a str>",
            ),
            (
                "&'static mut Vec<&'static str>",
                Own::First,
                "&'a mut Vec<&'static str>",
            ),
            ("S<'static, 'static>", Own::Last, "S<'static, 'a>"),
            (
                "&'static mut Option<Box<dyn Fn(u8)>>",
                Own::First,
                "&'a mut Option<Box<dyn Fn(u8) + 'static>>",
            ),
            (
                "&'static [Box<dyn A>]",
                Own::AllButObjects,
                "&'a [Box<dyn A + 'static>]",
            ),
            (
                "(&'static (dyn A + Send), Box<dyn A + 'static>)",
                Own::AllButObjects,
                "(&'a (dyn A + Send + 'static), Box<dyn A + 'a>)",
            ),
            (
                "&'static mut dyn A",
                Own::First,
                "&'a mut (dyn A + 'static)",
            ),
        ] {
            let marked = own.among(ty).expect("a type");
            let spelled = living_for(&marked, "'a").expect("a type");
            assert_eq!(dense(&spelled), dense(expected));
        }
    }

    #[test]
    fn an_iterator_only_gives_its_items_away() {
        let ty = "::std::boxed::Box<dyn ::std::iter::Iterator<Item = &'static Vec<u8>>>";
        assert_eq!(dense(&given_away(ty)), dense("&'static Vec<u8>"));
        assert_eq!(given_away("&'static str"), "&'static str");
    }

    #[test]
    fn what_is_called_only_gives_its_result_away() {
        for (ty, given) in [
            (
                "Box<dyn Fn(u8) -> Option<&'static str> + Send>",
                "Option<&'static str>",
            ),
            ("Box<dyn Fn(&str) -> &'static str>", "&'static str"),
            (
                "Box<dyn FnMut(&'static str) -> &'static str>",
                "Box<dyn FnMut(&'static str) -> &'static str>",
            ),
            ("Box<dyn FnMut(u8)>", "Box<dyn FnMut(u8)>"),
        ] {
            assert_eq!(dense(&given_away(ty)), dense(given));
        }
    }
}
