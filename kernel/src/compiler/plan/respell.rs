//! Types of variables, where the types that they name have been compiled again.

use super::crate_plan::Plan;
use crate::compiler::names;
use crate::compiler::resolve::session_scope::{Scope, SessionItem};

impl Plan {
    /// A variable's type as this crate and later ones must spell it: a recompiled type that is still
    /// the same is from here on the one in the crate `home` (`crate`, or `::cell_N`).
    pub fn respell(&self, ty: &str, home: &str) -> String {
        let mut ty = ty.to_owned();
        for (n, earlier) in &self.recompiled {
            if self.altered.contains(n) || !earlier.item.is_among_types() {
                continue;
            }
            for name in &earlier.item.names {
                ty = rename(
                    &ty,
                    &format!("{}::{name}", names::crate_path(earlier.home)),
                    &format!("{home}::{name}"),
                );
            }
        }
        ty
    }

    /// The item that a variable's type names and that is no longer what it was, if there is one.
    pub fn outdated_item<'a>(&self, ty: &str, scope: &'a Scope) -> Option<&'a SessionItem> {
        self.outdated_items(ty, scope).next()
    }

    /// Finds the types of variables that the cell mentions, where they are no longer what they were.
    pub(super) fn note_old_types(&mut self, scope: &Scope) {
        let variables = self.reads.iter();
        let variables = variables.filter_map(|name| scope.variables.get(name));
        let items = variables.flat_map(|variable| self.outdated_items(&variable.ty, scope));
        self.changed_types = items.flat_map(|live| live.item.names.clone()).collect();
    }

    fn outdated_items<'a>(
        &self,
        ty: &str,
        scope: &'a Scope,
    ) -> impl Iterator<Item = &'a SessionItem> {
        let altered = self.altered.iter().map(|&n| &scope.items[n]);
        altered.filter(move |live| {
            let home = names::crate_path(live.home);
            let mut names = live.item.names.iter();
            live.item.is_among_types()
                && names.any(|name| rename(ty, &format!("{home}::{name}"), "") != ty)
        })
    }
}

/// Replaces a path in a type.
fn rename(ty: &str, old: &str, new: &str) -> String {
    let mut renamed = String::new();
    let mut rest = ty;
    while let Some(at) = rest.find(old) {
        let after = &rest[at + old.len()..];
        let whole = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        renamed.push_str(&rest[..at]);
        renamed.push_str(if whole { new } else { old });
        rest = after;
    }
    renamed + rest
}

#[cfg(test)]
mod tests {
    use crate::compiler::testing::notebook;

    #[test]
    fn a_type_is_spelled_by_its_new_home_if_it_is_the_same() {
        let notebook = || notebook(&["struct A;\nstruct B(A);\nstruct AB;"]);
        let moved = notebook().cell("impl A { fn f() {} }").plan;
        assert_eq!(moved.recompiled.len(), 2);
        assert_eq!(
            moved.respell("Vec<(::cell_1::A, ::cell_1::AB)>", "crate"),
            "Vec<(crate::A, ::cell_1::AB)>"
        );
        assert_eq!(moved.respell("::cell_1::B", "::cell_2"), "::cell_2::B");
        assert_eq!(moved.respell("::cell_11::A", "::cell_2"), "::cell_11::A");
        let mut changed = notebook();
        let plan = changed.cell("struct A(u8);").plan;
        assert_eq!(plan.respell("::cell_1::B", "::cell_2"), "::cell_1::B");
        for (ty, outdated) in [
            ("::cell_1::A", true),
            ("Vec<::cell_1::B>", true),
            ("::cell_1::AB", false),
            ("::cell_2::A", false),
        ] {
            assert_eq!(
                plan.outdated_item(ty, &changed.scope).is_some(),
                outdated,
                "{ty}"
            );
        }
    }
}
