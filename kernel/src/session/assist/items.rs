//! Entries from items: the item itself, its fields, variants and methods.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Expr, Field, Fields, ImplItem, Item, Lit, Meta, Signature, TraitItem, Type};

use super::entry::{Entry, Kind};
use crate::session::report::spelling;

/// The entries of an item, whose text is given.
pub(super) fn entries(item: &Item, text: &str) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut add = |kind, name: String, head: TokenStream, attributes: &[Attribute]| {
        found.push(Entry {
            doc: doc(attributes),
            definition: Some(text.to_owned()),
            ..Entry::new(kind, name, tidy(&head))
        });
    };
    match item {
        Item::Fn(function) => {
            let (name, head) = (&function.sig.ident, function.sig.to_token_stream());
            add(Kind::Function, name.to_string(), head, &function.attrs);
        }
        Item::Struct(item) => {
            let (name, generics) = (&item.ident, &item.generics);
            let head = quote::quote!(struct #name #generics);
            add(Kind::Struct, name.to_string(), head, &item.attrs);
            found.extend(fields(&name.to_string(), &item.fields));
        }
        Item::Enum(item) => {
            let (name, generics) = (&item.ident, &item.generics);
            let head = quote::quote!(enum #name #generics);
            add(Kind::Enum, name.to_string(), head, &item.attrs);
            let owner = name.to_string();
            found.extend(item.variants.iter().map(|variant| {
                let mut bare = variant.clone();
                bare.attrs.clear();
                Entry {
                    owner: Some(owner.clone()),
                    doc: doc(&variant.attrs),
                    ..Entry::new(
                        Kind::Variant,
                        variant.ident.to_string(),
                        tidy(&bare.to_token_stream()),
                    )
                }
            }));
        }
        Item::Union(item) => {
            let name = &item.ident;
            add(
                Kind::Union,
                name.to_string(),
                quote::quote!(union #name),
                &item.attrs,
            );
        }
        Item::Trait(item) => {
            let (name, generics) = (&item.ident, &item.generics);
            let head = quote::quote!(trait #name #generics);
            add(Kind::Trait, name.to_string(), head, &item.attrs);
            let owner = name.to_string();
            found.extend(item.items.iter().filter_map(|member| match member {
                TraitItem::Fn(method) => Some(function(&owner, &method.sig, &method.attrs)),
                _ => None,
            }));
        }
        Item::Type(item) => {
            let (name, ty) = (&item.ident, &item.ty);
            add(
                Kind::Type,
                name.to_string(),
                quote::quote!(type #name = #ty),
                &item.attrs,
            );
        }
        Item::Const(item) => {
            let (name, ty) = (&item.ident, &item.ty);
            add(
                Kind::Constant,
                name.to_string(),
                quote::quote!(const #name: #ty),
                &item.attrs,
            );
        }
        Item::Static(item) => {
            let (name, ty) = (&item.ident, &item.ty);
            add(
                Kind::Static,
                name.to_string(),
                quote::quote!(static #name: #ty),
                &item.attrs,
            );
        }
        Item::Mod(item) => {
            let name = &item.ident;
            add(
                Kind::Module,
                name.to_string(),
                quote::quote!(mod #name),
                &item.attrs,
            );
        }
        Item::Macro(item) => {
            if let Some(name) = &item.ident {
                let head = quote::quote!(macro_rules! #name);
                add(Kind::Macro, name.to_string(), head, &item.attrs);
            }
        }
        Item::Impl(item) => {
            if let Some(owner) = type_name(&item.self_ty) {
                found.extend(item.items.iter().filter_map(|member| match member {
                    ImplItem::Fn(method) => Some(function(&owner, &method.sig, &method.attrs)),
                    ImplItem::Const(constant) => Some(Entry {
                        owner: Some(owner.clone()),
                        doc: doc(&constant.attrs),
                        ..Entry::new(
                            Kind::Constant,
                            constant.ident.to_string(),
                            format!(
                                "const {}: {}",
                                constant.ident,
                                tidy(&constant.ty.to_token_stream())
                            ),
                        )
                    }),
                    _ => None,
                }));
            }
        }
        _ => {}
    }
    found
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
