//! The types of a cell whose errors are told by their Display form: those with an `impl` of `Display` or `Error`.

use syn::{GenericParam, Item, Meta, Token, Type};

/// The paths of such types that an item makes known, by its text.
pub fn of(text: &str) -> Vec<String> {
    if !text.contains("Display") && !text.contains("Error") {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Ok(item) = syn::parse_str::<Item>(text) {
        collect(&item, "", &mut found);
    }
    proc_macro2::extra::invalidate_current_thread_spans();
    found
}

fn collect(item: &Item, module: &str, found: &mut Vec<String>) {
    match item {
        Item::Impl(block) if is_without_parameters(&block.generics) => {
            let of_trait = block.trait_.as_ref().map(|(path, _)| path);
            let name = of_trait.and_then(|path| path.segments.last());
            let is_told = name.is_some_and(|last| last.ident == "Display" || last.ident == "Error");
            if let (true, Type::Path(path)) = (is_told, &*block.self_ty) {
                let of_type = &path.path;
                // `crate::m::E` is spelled as it is; in a module, a name alone is the module's.
                found.extend(
                    of_type
                        .get_ident()
                        .map(|ident| format!("crate::{module}{ident}")),
                );
            }
        }
        Item::Struct(item)
            if derives_error(&item.attrs) && is_without_parameters(&item.generics) =>
        {
            found.push(format!("crate::{module}{}", item.ident));
        }
        Item::Enum(item) if derives_error(&item.attrs) && is_without_parameters(&item.generics) => {
            found.push(format!("crate::{module}{}", item.ident));
        }
        Item::Mod(inner) => {
            let module = format!("{module}{}::", inner.ident);
            let items = inner.content.iter().flat_map(|(_, items)| items);
            items.for_each(|item| collect(item, &module, found));
        }
        _ => {}
    }
}

/// Whether nothing about it is generic: only then is it one type.
fn is_without_parameters(generics: &syn::Generics) -> bool {
    let mut parameters = generics.params.iter();
    !parameters.any(|parameter| {
        matches!(
            parameter,
            GenericParam::Type(_) | GenericParam::Lifetime(_) | GenericParam::Const(_)
        )
    })
}

/// Whether thiserror, say, makes the `impl`.
fn derives_error(attributes: &[syn::Attribute]) -> bool {
    let derives = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"));
    let paths = derives.filter_map(|attribute| match &attribute.meta {
        Meta::List(list) => list
            .parse_args_with(syn::punctuated::Punctuated::<syn::Path, Token![,]>::parse_terminated)
            .ok(),
        _ => None,
    });
    let is_error = |path: &syn::Path| {
        path.segments
            .last()
            .is_some_and(|last| last.ident == "Error")
    };
    paths.flatten().any(|path| is_error(&path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_with_a_display_form_are_found() {
        for (text, expected) in [
            ("impl std::fmt::Display for E { }", &["crate::E"][..]),
            ("impl Error for E {}", &["crate::E"]),
            ("impl<T> Error for E<T> {}", &[]),
            ("impl Display for E<'_> {}", &[]),
            ("impl From<Error> for E {}", &[]),
            (
                "#[derive(Debug, thiserror::Error)] enum E { A }",
                &["crate::E"],
            ),
            (
                "mod m { pub mod n { impl Error for E {} } impl Error for F {} }",
                &["crate::m::n::E", "crate::m::F"],
            ),
            ("struct Error;", &[]),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
