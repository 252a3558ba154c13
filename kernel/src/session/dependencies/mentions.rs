//! Which of the session's crates a cell's code is about.

use std::collections::BTreeSet;

use crate::compiler::names;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::syntax::imports::Brings;

/// Whether code names a crate: itself, by what earlier cells have imported from it, or by items of theirs that do.
pub(super) fn mentions(code: &str, name: &str, scope: &Scope) -> bool {
    let mut todo = vec![code];
    let mut seen = BTreeSet::new();
    while let Some(text) = todo.pop() {
        if names::mentions(text, name) {
            return true;
        }
        let is_named_by =
            |path: &str| path.trim_start_matches("::").split("::").next() == Some(name);
        let imports = scope.uses.iter().filter(|own| is_named_by(&own.leaf.path));
        for import in imports {
            let is_used = match &import.leaf.brings {
                Brings::Name(name) => names::mentions(text, name),
                // It may be anything.
                Brings::Glob | Brings::Methods => true,
            };
            if is_used {
                return true;
            }
        }
        for (n, own) in scope.items.iter().enumerate() {
            let mut own_names = own.item.names.iter();
            if own_names.any(|name| names::mentions(text, name)) && seen.insert(n) {
                todo.extend(own.source.text.get(own.item.range.clone()));
            }
        }
    }
    false
}
