//! What closures and async blocks with `move` take with them: the variables, where their names are references.

use std::collections::BTreeMap;
use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{BinOp, Expr};

use super::{Use, Uses};
use crate::compiler::syntax::source::{Edit, Part};

impl Uses {
    /// Something that takes what it names with it, as `move` says: the variables, not the references to them. `body` is what it
    /// runs.
    ///
    /// Of a variable of which it reads one field, it takes that field; otherwise all of it, which is more than Rust's closures do.
    pub(super) fn take_along(
        &mut self,
        whole: Range<usize>,
        body: Range<usize>,
        walk: impl FnOnce(&mut Self),
    ) {
        let before = self.uses.len();
        walk(self);
        let mut by_name: BTreeMap<String, Vec<Use>> = BTreeMap::new();
        for one in self.uses.drain(before..) {
            by_name.entry(one.name.clone()).or_default().push(one);
        }
        let mut add = |name: &str, edit: Edit| {
            self.uses.push(Use {
                name: name.to_owned(),
                edit,
                field: None,
            });
        };
        for (name, uses) in by_name {
            let mut fields = uses.iter().map(|one| one.field.as_ref());
            let first = fields.next().flatten().map(|(_, path)| path.clone());
            let same = |field: Option<&(Range<usize>, String)>| {
                field.map(|(_, path)| path) == first.as_ref()
            };
            let path = first
                .clone()
                .filter(|_| fields.all(same) && !self.whole.contains(&name));
            let binding = if self.mutable.contains(&name) {
                "#[allow(unused_mut)] let mut"
            } else {
                "let"
            };
            let end = if let Some(path) = path {
                for (range, _) in uses.into_iter().filter_map(|one| one.field) {
                    add(&name, Edit::replace(range, name.clone(), Part::Body));
                }
                let take = format!("{{ {binding} {name} = (*{name}){path}; ");
                add(&name, Edit::before(whole.start, take, Part::Body));
                " }"
            } else {
                let take = format!("{{ {binding} {name} = (*{name}); ");
                add(&name, Edit::before(whole.start, take, Part::Body));
                let all = format!("{{ let _ = &{name}; ");
                add(&name, Edit::before(body.start, all, Part::Body));
                " } }"
            };
            add(&name, Edit::after(whole.end, end, Part::Body));
        }
    }

    /// Visits what is changed: taking a copy of a field would not be the same.
    pub(super) fn changed(&mut self, place: &Expr) {
        let before = self.uses.len();
        self.visit_expr(place);
        for one in &mut self.uses[before..] {
            one.field = None;
        }
    }

    /// Notes that what was noted since is about a field.
    pub(super) fn of_field(&mut self, field: &syn::ExprField, before: usize) {
        let [one] = &mut self.uses[before..] else {
            return;
        };
        let path = match &*field.base {
            Expr::Path(_) => Some(String::new()),
            Expr::Field(_) => one.field.take().map(|(_, path)| path),
            _ => None,
        };
        let member = match &field.member {
            syn::Member::Named(name) => name.to_string(),
            syn::Member::Unnamed(index) => index.index.to_string(),
        };
        one.field = path.map(|path| (field.span().byte_range(), format!("{path}.{member}")));
    }
}

/// Whether an operator is one such as `+=`.
pub(super) fn is_assignment(operator: &BinOp) -> bool {
    let is_comparison = matches!(
        operator,
        BinOp::Eq(_) | BinOp::Le(_) | BinOp::Ge(_) | BinOp::Ne(_)
    );
    let text = quote::ToTokens::to_token_stream(operator).to_string();
    text.ends_with('=') && !is_comparison
}
