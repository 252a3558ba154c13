//! Where a type of another crate is public.
//!
//! `std::any::type_name` says where a type is defined, which need not be where others may name it
//! (`regex::regex::string::Regex` is `regex::Regex`). Which of the likely paths is public, rustc
//! tells, once for each type.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::compiler::codegen::Emitted;
use crate::compiler::names;
use crate::compiler::rustc::contract::level;
use crate::compiler::rustc::layout::ROOT;
use crate::compiler::rustc::messages::Compiled;
use crate::compiler::rustc::toolchain::Toolchain;
use crate::compiler::types::public_paths::{PublicPaths, paths_in};
use crate::compiler::types::reexports;

/// Makes those crates nameable that a type comes from and no cell has asked for: `crossbeam` alone has its channels from
/// `crossbeam_channel`. Of a crate that is there twice it is not known which is meant.
pub fn expose_crates(type_name: &str, toolchain: &mut Toolchain) {
    for path in paths_in(type_name) {
        let root = root(path);
        if is_nameable(root, toolchain) {
            continue;
        }
        let libraries: Vec<PathBuf> = toolchain
            .search
            .iter()
            .flat_map(|folder| libraries(folder, root))
            .collect();
        let builds: BTreeSet<_> = libraries.iter().map(|path| path.file_stem()).collect();
        if builds.len() == 1 {
            let named = libraries.into_iter().map(|path| (root.to_owned(), path));
            toolchain.externs.extend(named);
            toolchain.dependencies.push(root.to_owned());
        }
    }
}

/// The libraries of a crate in a folder, and their metadata.
fn libraries(folder: &Path, name: &str) -> Vec<PathBuf> {
    let begin = format!("lib{name}-");
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let is_meant = |path: &PathBuf| {
        let file = path.file_name().and_then(|file| file.to_str());
        let is_library = |file: &str| file.ends_with(".rlib") || file.ends_with(".rmeta");
        file.is_some_and(|file| file.starts_with(&begin) && is_library(file))
    };
    paths.filter(is_meant).collect()
}

/// Finds out about the paths in a type that are not known yet. `check` gives what rustc says of a source.
pub fn find(
    type_name: &str,
    toolchain: &Toolchain,
    check: &mut dyn FnMut(&Emitted) -> Option<Compiled>,
    known: &mut PublicPaths,
) {
    let dependencies = &toolchain.dependencies;
    let of_dependency = |path: &str| dependencies.iter().any(|name| name == root(path));
    let is_hidden = |path: &str| !is_nameable(root(path), toolchain);
    let unknown: Vec<&str> = paths_in(type_name)
        .filter(|path| of_dependency(path) || is_hidden(path))
        .filter(|path| !known.contains_key(*path))
        .collect();
    if unknown.is_empty() {
        return;
    }
    let candidates: Vec<(&str, String, &str)> = unknown
        .iter()
        .filter_map(|path| Some((*path, path.rsplit_once("::")?)))
        .flat_map(|(path, (module, name))| {
            let modules = if of_dependency(path) {
                modules(module)
            } else {
                dependencies
                    .iter()
                    .flat_map(|by| reexporting_modules(by, module))
                    .collect()
            };
            modules.into_iter().map(move |m| (path, m, name))
        })
        .collect();
    if candidates.is_empty() {
        known.extend(unknown.iter().map(|path| ((*path).to_owned(), None)));
        return;
    }
    let mut text = String::new();
    for (n, (_, module, name)) in candidates.iter().enumerate() {
        text.push_str(&format!("mod c{n} {{ pub use ::{module}::{name}; }}\n"));
    }
    let emitted = Emitted {
        files: vec![(ROOT.to_owned(), text.clone())],
        ..Emitted::default()
    };
    let Some(compiled) = check(&emitted) else {
        return;
    };
    let line_of = |byte: usize| text[..byte.min(text.len())].matches('\n').count();
    let spans = compiled
        .messages
        .iter()
        .filter(|message| message.level == level::ERROR)
        .flat_map(|message| &message.spans);
    let refused: Vec<usize> = spans
        .filter(|span| span.is_primary && span.file_name == ROOT)
        .map(|span| line_of(span.byte_start))
        .collect();
    for path in unknown {
        let mut public = candidates
            .iter()
            .enumerate()
            .filter(|(n, c)| c.0 == path && !refused.contains(n));
        known.insert(
            path.to_owned(),
            public.next().map(|(_, (_, module, _))| module.clone()),
        );
    }
}

/// The modules of the crate `by` in which it may show something of another crate, as `crossbeam` shows `crossbeam_utils`.
fn reexporting_modules(by: &str, module: &str) -> Vec<String> {
    let (root, inner) = module.split_once("::").unwrap_or((module, ""));
    let mut modules = modules(&format!("{by}::{inner}"));
    if let Some(part) = root
        .strip_prefix(by)
        .and_then(|rest| rest.strip_prefix('_'))
    {
        modules.extend(self::modules(&format!("{by}::{part}::{inner}")));
    }
    modules.retain(|module| !module.ends_with("::"));
    modules
}

fn root(path: &str) -> &str {
    path.split("::").next().unwrap_or_default()
}

/// Whether code of a cell can name a crate.
fn is_nameable(root: &str, toolchain: &Toolchain) -> bool {
    reexports::module_of(root).is_some()
        || names::is_crate(root)
        || toolchain.externs.iter().any(|(name, _)| name == root)
}

/// The modules in which something defined in `module` may be public: it and those around it, the
/// outermost first.
fn modules(module: &str) -> Vec<String> {
    let parts: Vec<&str> = module.split("::").collect();
    (1..=parts.len()).map(|n| parts[..n].join("::")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_crate_shows_of_another_may_be_where_it_is_there_or_in_a_module_of_its_name() {
        assert_eq!(
            reexporting_modules("crossbeam", "crossbeam_utils::atomic::cell"),
            [
                "crossbeam",
                "crossbeam::atomic",
                "crossbeam::atomic::cell",
                "crossbeam",
                "crossbeam::utils",
                "crossbeam::utils::atomic",
                "crossbeam::utils::atomic::cell",
            ]
        );
        assert_eq!(reexporting_modules("a", "b"), ["a"]);
    }
}
