//! Paths as they stand in `use` declarations, from the session's root on.

use crate::compiler::syntax::item::Item;
use crate::compiler::syntax::refers::contents::Contents;
use crate::compiler::syntax::refers::namespace::Namespace;

/// The names of a path from the root on.
pub(super) fn split(path: &str) -> Vec<String> {
    let names = path.trim_start_matches("::").split("::");
    let names = names.skip_while(|name| matches!(*name, "self" | "crate"));
    names.map(bare).collect()
}

fn bare(name: &str) -> String {
    name.strip_prefix("r#").unwrap_or(name).to_owned()
}

/// A path that stands in a module within an item, as seen from the session's root.
pub(super) fn absolute(
    item: &Item,
    contents: &Contents,
    module: &[String],
    path: &str,
) -> Vec<String> {
    let names: Vec<String> = path.split("::").map(bare).collect();
    let root = item.names.first().cloned();
    let mut base: Vec<String> = root.into_iter().chain(module.iter().cloned()).collect();
    let mut rest = &names[..];
    match names.first().map(String::as_str) {
        Some("") => return names[1..].to_vec(),
        Some("crate") => return names[1..].to_vec(),
        Some("self") => rest = &names[1..],
        Some("super") => {}
        Some(first) => {
            let is_own = contents
                .names
                .contains(&(first.to_owned(), Namespace::Types))
                || contents
                    .names
                    .contains(&(first.to_owned(), Namespace::Values));
            if !is_own {
                return names;
            }
        }
        None => {}
    }
    while rest.first().is_some_and(|name| name == "super") {
        base.pop();
        rest = &rest[1..];
    }
    base.extend(rest.iter().cloned());
    base
}
