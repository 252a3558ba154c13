//! What to import, where a name of the runtime's or of a crate that comes with it is not known.

use super::library;
use crate::compiler::diagnostics::report::Report;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::contract::code::NOT_FOUND;
use crate::compiler::rustc::contract::phrase;

/// Derive macros that are there without `:dep`; rustc suggests no import of those.
const DERIVES: [(&str, &str); 2] = [
    ("Serialize", "serde::Serialize"),
    ("Deserialize", "serde::Deserialize"),
];

/// How the names that these errors miss can be imported, one line for each.
pub(crate) fn import_hints(reports: &[Report], scope: &Scope) -> Vec<String> {
    let mut hints: Vec<String> = Vec::new();
    for report in reports {
        let Some(name) = missing(report) else {
            continue;
        };
        // A cell that failed would have defined it; that is told.
        if scope.lost.contains_key(name) {
            continue;
        }
        let derives = DERIVES.iter().filter(|(derive, _)| *derive == name);
        let mut paths: Vec<String> = derives.map(|(_, path)| (*path).to_owned()).collect();
        paths.extend(library::paths_of(name));
        let imports: Vec<String> = paths.iter().map(|path| format!("`use {path};`")).collect();
        if !imports.is_empty() {
            let hint = format!("`{name}` can be imported: {}", imports.join(" or "));
            if !hints.contains(&hint) {
                hints.push(hint);
            }
        }
    }
    hints
}

/// The name that an error misses.
fn missing(report: &Report) -> Option<&str> {
    let is_missing =
        NOT_FOUND.contains(&&*report.code) || report.message.starts_with(phrase::CANNOT_FIND);
    let name = report.message.split('`').nth(1)?;
    is_missing.then_some(name)
}
