//! Paths of files in a cell's text: relative ones are relative to the notebook's folder, though rustc finds the text elsewhere.
//!
//! The files of `mod name;` are linked to beside the crate's root ([`modules`]), so that what they include in their turn is
//! found, too.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Literal, TokenStream, TokenTree};

use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::source::{Edit, Part};

/// Macros that read a file.
const READERS: [&str; 3] = ["include", "include_str", "include_bytes"];

/// The edits that make the paths of a text absolute.
pub(crate) fn edits(text: &str, parsed: &Parsed, folder: &Path) -> Vec<Edit> {
    if !text.contains("include") && !text.contains("path") {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Ok(tokens) = text.parse() {
        find(tokens, &mut found);
    }
    let edits = found.into_iter().filter_map(|literal| {
        let path = syn::parse_str::<syn::LitStr>(&literal.to_string()).ok()?;
        let path = PathBuf::from(path.value());
        let absolute = path.is_relative().then(|| folder.join(path))?;
        let range = literal.span().byte_range();
        let is_in_item = |item: &std::ops::Range<usize>| item.contains(&range.start);
        let mut items = parsed.items.iter().map(|item| &item.range);
        let part = match items.any(is_in_item) {
            true => Part::Items,
            false => Part::Body,
        };
        let absolute = absolute.to_str()?;
        Some(Edit::replace(range, format!("{absolute:?}"), part))
    });
    let edits = edits.collect();
    proc_macro2::extra::invalidate_current_thread_spans();
    edits
}

/// Finds `include_str!("PATH")`, also with `concat!("PATH", ...)`, and `#[path = "PATH"]`.
fn find(tokens: TokenStream, found: &mut Vec<Literal>) {
    let mut before: [String; 2] = Default::default();
    for token in tokens {
        let word = match &token {
            TokenTree::Group(group) => {
                let is_reader = before[1] == "!" && READERS.contains(&&*before[0]);
                match is_reader.then(|| first_literal(group.stream())).flatten() {
                    Some(literal) => found.push(literal),
                    None => find(group.stream(), found),
                }
                if before[1] == "#" && group.delimiter() == Delimiter::Bracket {
                    found.extend(path_attribute(group.stream()));
                }
                String::new()
            }
            other => other.to_string(),
        };
        before = [std::mem::take(&mut before[1]), word];
    }
}

/// The literal that a macro's arguments begin with, itself or in a `concat!`.
fn first_literal(arguments: TokenStream) -> Option<Literal> {
    let mut arguments = arguments.into_iter();
    match arguments.next()? {
        TokenTree::Literal(literal) => Some(literal),
        TokenTree::Ident(word) if word == "concat" => {
            match (arguments.next()?, arguments.next()?) {
                (TokenTree::Punct(_), TokenTree::Group(inner)) => first_literal(inner.stream()),
                _ => None,
            }
        }
        _ => None,
    }
}

fn path_attribute(attribute: TokenStream) -> Option<Literal> {
    let mut tokens = attribute.into_iter();
    match (tokens.next()?, tokens.next()?, tokens.next()?) {
        (TokenTree::Ident(word), TokenTree::Punct(_), TokenTree::Literal(literal))
            if word == "path" =>
        {
            Some(literal)
        }
        _ => None,
    }
}

/// The modules in the text of an item whose own text is in files: `mod name;`, or one in braces with such a one in it.
pub(crate) fn modules(text: &str) -> Option<String> {
    if !text.contains("mod") || !text.contains(';') {
        return None;
    }
    let item = syn::parse_str::<syn::Item>(text);
    proc_macro2::extra::invalidate_current_thread_spans();
    match item {
        Ok(syn::Item::Mod(module)) if is_in_files(&module) => Some(module.ident.to_string()),
        _ => None,
    }
}

fn is_in_files(module: &syn::ItemMod) -> bool {
    match &module.content {
        None => !module.attrs.iter().any(|a| a.path().is_ident("path")),
        Some((_, items)) => items
            .iter()
            .any(|item| matches!(item, syn::Item::Mod(inner) if is_in_files(inner))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compiler::syntax::source::Source;
    use crate::compiler::syntax::tokens::Names;

    fn edited(text: &str) -> String {
        let parsed = Parsed::new(text, &Names::new()).expect("Rust");
        let edits = edits(text, &parsed, Path::new("/n"));
        let part = edits.first().map_or(Part::Body, |edit| edit.part);
        let source = Source::new(1, text, edits);
        source.render(part, std::slice::from_ref(&(0..text.len())), ' ')
    }

    #[test]
    fn relative_paths_are_the_notebooks() {
        for (text, expected) in [
            ("include_str!(\"a.txt\")", "include_str!(\"/n/a.txt\")"),
            (
                "f(std::include_bytes!(r\"../b\"), 1);",
                "f(std::include_bytes!(\"/n/../b\"), 1);",
            ),
            ("include!(\"/abs.rs\");", "include!(\"/abs.rs\");"),
            (
                "include_str!(concat!(\"a\", \".txt\"))",
                "include_str!(concat!(\"/n/a\", \".txt\"))",
            ),
            (
                "include_str!(concat!(env!(\"HOME\"), \"/a\"))",
                "include_str!(concat!(env!(\"HOME\"), \"/a\"))",
            ),
            (
                "#[path = \"sub/m.rs\"] mod m;",
                "#[path = \"/n/sub/m.rs\"] mod m;",
            ),
            ("f(\"include\", path(\"x\"))", "f(\"include\", path(\"x\"))"),
            (
                "const A: &str = include_str!(\"a\");",
                "const A: &str = include_str!(\"/n/a\");",
            ),
        ] {
            assert_eq!(edited(text), format!(" {expected}"));
        }
    }

    #[test]
    fn modules_in_files_are_found() {
        for (text, expected) in [
            ("mod a;", Some("a")),
            ("pub mod a { mod b; }", Some("a")),
            ("mod a { fn f() { g(); } }", None),
            ("#[path = \"x.rs\"] mod a;", None),
            ("fn mod_a() { ; }", None),
        ] {
            assert_eq!(modules(text).as_deref(), expected, "{text}");
        }
    }
}
