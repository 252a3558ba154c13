//! Entries from items: the item itself, its fields, variants and methods.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Attribute, Expr, Field, Fields, Ident, ImplItem, ImplItemConst, Item, Lit, Meta, Signature,
    TraitItem, Type, Variant,
};

use super::entry::{Entry, Kind};
use crate::session::report::spelling;

/// The entries of an item, whose text is given.
pub(super) fn entries(item: &Item, text: &str) -> Vec<Entry> {
    let own = head(item).map(|(kind, name, head, attributes)| Entry {
        doc: doc(attributes),
        definition: Some(text.to_owned()),
        ..Entry::new(kind, name.to_string(), tidy(&head))
    });
    own.into_iter().chain(members(item)).collect()
}

/// What an item is, its name, how it begins, and its attributes.
fn head(item: &Item) -> Option<(Kind, &Ident, TokenStream, &[Attribute])> {
    Some(match item {
        Item::Fn(item) => {
            let head = item.sig.to_token_stream();
            (Kind::Function, &item.sig.ident, head, &item.attrs)
        }
        Item::Struct(item) => {
            let (name, generics) = (&item.ident, &item.generics);
            (
                Kind::Struct,
                name,
                quote!(struct #name #generics),
                &item.attrs,
            )
        }
        Item::Enum(item) => {
            let (name, generics) = (&item.ident, &item.generics);
            (Kind::Enum, name, quote!(enum #name #generics), &item.attrs)
        }
        Item::Union(item) => {
            let name = &item.ident;
            (Kind::Union, name, quote!(union #name), &item.attrs)
        }
        Item::Trait(item) => {
            let (name, generics) = (&item.ident, &item.generics);
            (
                Kind::Trait,
                name,
                quote!(trait #name #generics),
                &item.attrs,
            )
        }
        Item::Type(item) => {
            let (name, ty) = (&item.ident, &item.ty);
            (Kind::Type, name, quote!(type #name = #ty), &item.attrs)
        }
        Item::Const(item) => {
            let (name, ty) = (&item.ident, &item.ty);
            (Kind::Constant, name, quote!(const #name: #ty), &item.attrs)
        }
        Item::Static(item) => {
            let (name, ty) = (&item.ident, &item.ty);
            (Kind::Static, name, quote!(static #name: #ty), &item.attrs)
        }
        Item::Mod(item) => {
            let name = &item.ident;
            (Kind::Module, name, quote!(mod #name), &item.attrs)
        }
        Item::Macro(item) => {
            let name = item.ident.as_ref()?;
            (Kind::Macro, name, quote!(macro_rules! #name), &item.attrs)
        }
        _ => return None,
    })
}

/// The entries of an item's fields, variants, methods and constants.
fn members(item: &Item) -> Vec<Entry> {
    match item {
        Item::Struct(item) => fields(&item.ident.to_string(), &item.fields),
        Item::Enum(item) => {
            let owner = item.ident.to_string();
            let variants = item.variants.iter();
            variants.map(|each| variant(&owner, each)).collect()
        }
        Item::Trait(item) => {
            let owner = item.ident.to_string();
            let methods = item.items.iter().filter_map(|member| match member {
                TraitItem::Fn(method) => Some(function(&owner, &method.sig, &method.attrs)),
                _ => None,
            });
            methods.collect()
        }
        Item::Impl(item) => {
            let Some(owner) = type_name(&item.self_ty) else {
                return Vec::new();
            };
            let members = item.items.iter().filter_map(|member| match member {
                ImplItem::Fn(method) => Some(function(&owner, &method.sig, &method.attrs)),
                ImplItem::Const(each) => Some(constant(&owner, each)),
                _ => None,
            });
            members.collect()
        }
        _ => Vec::new(),
    }
}

fn variant(owner: &str, variant: &Variant) -> Entry {
    let mut bare = variant.clone();
    bare.attrs.clear();
    let head = tidy(&bare.to_token_stream());
    Entry {
        owner: Some(owner.to_owned()),
        doc: doc(&variant.attrs),
        ..Entry::new(Kind::Variant, variant.ident.to_string(), head)
    }
}

fn constant(owner: &str, constant: &ImplItemConst) -> Entry {
    let (name, ty) = (&constant.ident, tidy(&constant.ty.to_token_stream()));
    Entry {
        owner: Some(owner.to_owned()),
        doc: doc(&constant.attrs),
        ..Entry::new(
            Kind::Constant,
            name.to_string(),
            format!("const {name}: {ty}"),
        )
    }
}

fn function(owner: &str, signature: &Signature, attributes: &[Attribute]) -> Entry {
    let kind = match signature.receiver() {
        Some(_) => Kind::Method,
        None => Kind::Function,
    };
    Entry {
        owner: Some(owner.to_owned()),
        doc: doc(attributes),
        ..Entry::new(
            kind,
            signature.ident.to_string(),
            tidy(&signature.to_token_stream()),
        )
    }
}

fn fields(owner: &str, fields: &Fields) -> Vec<Entry> {
    let entry = |(n, field): (usize, &Field)| {
        let name = field
            .ident
            .as_ref()
            .map_or(n.to_string(), ToString::to_string);
        let signature = format!("{name}: {}", tidy(&field.ty.to_token_stream()));
        Entry {
            owner: Some(owner.to_owned()),
            doc: doc(&field.attrs),
            ..Entry::new(Kind::Field, name, signature)
        }
    };
    fields.iter().enumerate().map(entry).collect()
}

/// The name of a type without its path and arguments.
pub(super) fn type_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        Type::Reference(reference) => type_name(&reference.elem),
        Type::Paren(inner) => type_name(&inner.elem),
        _ => None,
    }
}

/// The documentation in the attributes, in Markdown.
pub(super) fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                Expr::Lit(literal) => match &literal.lit {
                    Lit::Str(text) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        });
    let lines: Vec<String> = lines
        .map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned())
        .collect();
    lines.join("\n").trim().to_owned()
}

fn tidy(tokens: &TokenStream) -> String {
    spelling::tidy(&tokens.to_string())
}
