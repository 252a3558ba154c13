//! The temporary values whose lives a `let` extends.

use std::ops::Range;

use syn::spanned::Spanned;
use syn::{Expr, Stmt};

use crate::compiler::syntax::cell;

/// The places of the temporary values in a text whose lives a `let` extends.
pub(crate) fn extended_temporaries(text: &str) -> Vec<Range<usize>> {
    let found = cell::statements(text, |statement| {
        let mut found = Vec::new();
        if let Stmt::Local(local) = statement
            && let Some(init) = &local.init
        {
            extended(&init.expr, &mut found);
        }
        found
    });
    found.into_iter().flatten().collect()
}

fn extended(expr: &Expr, found: &mut Vec<Range<usize>>) {
    match expr {
        Expr::Reference(reference) => {
            // Of a place there is no temporary value, and of `&a().b` it is that of `a()`.
            let mut value = &*reference.expr;
            while let Expr::Field(field) = value {
                value = &field.base;
            }
            if let Expr::Reference(_) = value {
                extended(value, found);
            }
            found.push(value.span().byte_range());
        }
        Expr::Paren(paren) => extended(&paren.expr, found),
        Expr::Group(group) => extended(&group.expr, found),
        Expr::Cast(cast) => extended(&cast.expr, found),
        Expr::Tuple(tuple) => tuple.elems.iter().for_each(|e| extended(e, found)),
        Expr::Array(array) => array.elems.iter().for_each(|e| extended(e, found)),
        Expr::Struct(literal) => literal.fields.iter().for_each(|f| extended(&f.expr, found)),
        _ => {}
    }
}
