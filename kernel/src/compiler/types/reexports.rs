//! `woozle::names`, which re-exports the public names of std and of the bundled crates, in a module for each.

/// Crates whose public names are all in `woozle::names`, and the module of it that has them.
const REEXPORTED: [(&str, &str); 8] = [
    ("std", "std"),
    ("core", "std"),
    ("alloc", "std"),
    ("woozle", "woozle"),
    ("ndarray", "ndarray"),
    ("rayon", "rayon"),
    ("rand", "rand"),
    ("indicatif", "indicatif"),
];

/// The module of `woozle::names` with the names of a crate.
pub(crate) fn module_of(root: &str) -> Option<&'static str> {
    let found = REEXPORTED.iter().find(|(name, _)| *name == root);
    found.map(|(_, module)| *module)
}

/// A type's text without what names have in `woozle::names`.
pub(crate) fn without_reexports(text: &str) -> String {
    let mut plain = text.to_owned();
    for (_, module) in REEXPORTED {
        plain = plain.replace(&format!("woozle::names::{module}::"), "");
    }
    plain.replace("woozle::names::", "")
}
