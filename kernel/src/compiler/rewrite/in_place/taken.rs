//! What closures and async blocks with `move` take with them: the variables, where their names are references.

use std::collections::BTreeMap;
use std::ops::Range;

use syn::spanned::Spanned;
use syn::{BinOp, Expr};

use crate::compiler::syntax::source::{Edit, Part};
use crate::compiler::syntax::tokens::Names;

/// A use of a variable.
pub(super) struct Use {
    pub(super) name: String,
    /// What makes it one of the place.
    pub(super) edit: Edit,
    /// Where a field of it is read, and its path: `.a.b`.
    pub(super) field: Option<(Range<usize>, String)>,
    /// The fields that it is a use of: of `v.a.b`, those are `.a` and `.a.b`.
    pub(super) fields: Vec<(Range<usize>, String)>,
    /// Whether it may be seen there that it is changed.
    pub(super) is_change: bool,
}

impl Use {
    /// Notes that it is one of a field: of `v.a.b`, what was noted of `v.a`.
    pub(super) fn becomes_field(&mut self, field: &syn::ExprField) {
        let path = match &*field.base {
            Expr::Path(_) => Some(String::new()),
            Expr::Field(_) => self.field.take().map(|(_, path)| path),
            _ => None,
        };
        let member = match &field.member {
            syn::Member::Named(name) => name.to_string(),
            syn::Member::Unnamed(index) => index.index.to_string(),
        };
        let range = field.span().byte_range();
        let known = self.fields.last();
        let is_next = known.map_or(matches!(&*field.base, Expr::Path(_)), |(known, _)| {
            *known == field.base.span().byte_range()
        });
        if is_next {
            let known = known.map_or("", |(_, path)| path.as_str());
            let path = format!("{known}.{member}");
            self.fields.push((range.clone(), path));
        }
        self.field = path.map(|path| (range, format!("{path}.{member}")));
    }
}

/// The uses within something that takes what it names with it, as `move` says. `body` is what it runs; `mutable` are the variables
/// that are `mut`.
///
/// Of a variable of which it reads one field, it takes that field, unless it is in `all`; otherwise all of it, which is more than
/// Rust's closures do.
pub(super) fn along(
    uses: Vec<Use>,
    whole: &Range<usize>,
    body: &Range<usize>,
    mutable: &Names,
    all: &Names,
) -> Vec<Use> {
    let mut by_name: BTreeMap<String, Vec<Use>> = BTreeMap::new();
    for one in uses {
        by_name.entry(one.name.clone()).or_default().push(one);
    }
    let mut along = Vec::new();
    let mut add = |name: &str, edit: Edit| {
        along.push(Use {
            name: name.to_owned(),
            edit,
            field: None,
            fields: Vec::new(),
            is_change: false,
        });
    };
    for (name, uses) in by_name {
        let mut fields = uses.iter().map(|one| one.field.as_ref());
        let first = fields.next().flatten().map(|(_, path)| path.clone());
        let same =
            |field: Option<&(Range<usize>, String)>| field.map(|(_, path)| path) == first.as_ref();
        let path = first
            .clone()
            .filter(|_| fields.all(same) && !all.contains(&name));
        let binding = if mutable.contains(&name) {
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
            let first = format!("{{ let _ = &{name}; ");
            add(&name, Edit::before(body.start, first, Part::Body));
            " } }"
        };
        add(&name, Edit::after(whole.end, end, Part::Body));
    }
    along
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
