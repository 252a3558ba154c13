//! Libraries in other languages that a cell names by `#[link]`.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, Meta, Token};

/// Such a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeLibrary {
    name: String,
    is_static: bool,
    modifiers: String,
}

impl NativeLibrary {
    /// What `cc` is told.
    pub(super) fn arguments(&self) -> Vec<String> {
        let name = if self.modifiers.contains("+verbatim") {
            format!("-l:{}", self.name)
        } else {
            format!("-l{}", self.name)
        };
        let is_whole = self.modifiers.contains("+whole-archive");
        let (begin, end) = match (self.is_static, is_whole) {
            (true, true) => (
                "-Wl,-Bstatic,--whole-archive",
                "-Wl,--no-whole-archive,-Bdynamic",
            ),
            (true, false) => ("-Wl,-Bstatic", "-Wl,-Bdynamic"),
            (false, _) => return vec![name],
        };
        vec![begin.to_owned(), name, end.to_owned()]
    }
}

/// What the `#[link]` attributes in a text name.
pub fn libraries_in(text: &str) -> Vec<NativeLibrary> {
    let mut libraries = Vec::new();
    if text.contains("link")
        && let Ok(tokens) = text.parse::<TokenStream>()
    {
        collect(tokens, &mut libraries);
    }
    libraries
}

fn collect(tokens: TokenStream, libraries: &mut Vec<NativeLibrary>) {
    let mut after_hash = false;
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            let attribute = syn::parse2::<Meta>(group.stream()).ok();
            match attribute.filter(|meta| after_hash && meta.path().is_ident("link")) {
                Some(Meta::List(list)) => libraries.extend(library(list.tokens)),
                _ => collect(group.stream(), libraries),
            }
        }
        after_hash = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#');
    }
}

/// From what stands in the parentheses of `#[link(...)]`.
fn library(tokens: TokenStream) -> Option<NativeLibrary> {
    let metas = Punctuated::<Meta, Token![,]>::parse_terminated;
    let metas = metas.parse2(tokens).ok()?;
    let value = |key: &str| {
        metas.iter().find_map(|meta| match meta {
            Meta::NameValue(pair) if pair.path.is_ident(key) => match &pair.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        })
    };
    Some(NativeLibrary {
        name: value("name")?,
        is_static: value("kind").as_deref() == Some("static"),
        modifiers: value("modifiers").unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_attribute_names_is_told_to_the_linker() {
        let text = r#"
            #[link(name = "z")] unsafe extern "C" { fn zlibVersion() -> *const u8; }
            mod inner {
                #[link(name = "honey", kind = "static", modifiers = "+whole-archive")]
                unsafe extern "C" {}
                #[link(name = "libtea.so.1", modifiers = "+verbatim")] unsafe extern "C" {}
            }
            fn link(name: &str) { link("a") }
        "#;
        let arguments: Vec<_> = libraries_in(text)
            .iter()
            .flat_map(NativeLibrary::arguments)
            .collect();
        let expected = [
            "-lz",
            "-Wl,-Bstatic,--whole-archive",
            "-lhoney",
            "-Wl,--no-whole-archive,-Bdynamic",
            "-l:libtea.so.1",
        ];
        assert_eq!(arguments, expected);
    }
}
