//! The last expression of a cell.

use syn::{Attribute, Expr, Stmt};

use crate::compiler::syntax::item_macros::is_item_macro;
use crate::compiler::syntax::tokens::Names;

/// What the last expression is, as far as it is shown differently.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TailKind {
    /// A value to show.
    #[default]
    Value,
    /// One with attributes, which only a statement may have.
    Attributed,
    /// `Ok(())`, as at the end of a `main`: there is nothing to show.
    Done,
    /// Another `Ok(..)`: of what type its error is, nothing says.
    Ok,
    /// An `Err(..)`, which ends the cell.
    Err,
}

impl TailKind {
    pub(super) fn of(tail: &Stmt) -> Self {
        let is_outer = |attributes: &[Attribute]| {
            let mut attributes = attributes.iter();
            attributes.any(|attribute| matches!(attribute.style, syn::AttrStyle::Outer))
        };
        match tail {
            Stmt::Macro(call) if is_outer(&call.attrs) => Self::Attributed,
            Stmt::Expr(expr, _) if is_outer(attributes(expr)) => Self::Attributed,
            Stmt::Expr(Expr::Call(call), _) => Self::of_call(call),
            _ => Self::Value,
        }
    }

    fn of_call(call: &syn::ExprCall) -> Self {
        let Expr::Path(function) = &*call.func else {
            return Self::Value;
        };
        let is_unit = |expr: &Expr| matches!(expr, Expr::Tuple(tuple) if tuple.elems.is_empty());
        // With `::<..>` its type is known.
        match function.path.get_ident() {
            Some(ok) if ok == "Ok" && call.args.iter().all(is_unit) => Self::Done,
            Some(ok) if ok == "Ok" => Self::Ok,
            Some(err) if err == "Err" => Self::Err,
            _ => Self::Value,
        }
    }
}

/// The attributes of an expression that may stand as a statement with some; those of others are no Rust.
fn attributes(expr: &Expr) -> &[Attribute] {
    match expr {
        Expr::Async(e) => &e.attrs,
        Expr::Await(e) => &e.attrs,
        Expr::Block(e) => &e.attrs,
        Expr::Break(e) => &e.attrs,
        Expr::Call(e) => &e.attrs,
        Expr::Closure(e) => &e.attrs,
        Expr::Const(e) => &e.attrs,
        Expr::Continue(e) => &e.attrs,
        Expr::Field(e) => &e.attrs,
        Expr::ForLoop(e) => &e.attrs,
        Expr::If(e) => &e.attrs,
        Expr::Index(e) => &e.attrs,
        Expr::Lit(e) => &e.attrs,
        Expr::Loop(e) => &e.attrs,
        Expr::Macro(e) => &e.attrs,
        Expr::Match(e) => &e.attrs,
        Expr::MethodCall(e) => &e.attrs,
        Expr::Paren(e) => &e.attrs,
        Expr::Path(e) => &e.attrs,
        Expr::Return(e) => &e.attrs,
        Expr::Struct(e) => &e.attrs,
        Expr::Try(e) => &e.attrs,
        Expr::TryBlock(e) => &e.attrs,
        Expr::Unsafe(e) => &e.attrs,
        Expr::While(e) => &e.attrs,
        _ => &[],
    }
}

/// Whether the cell's last statement is an expression to show.
pub(super) fn is_tail(statement: &Stmt, item_macros: &Names) -> bool {
    match statement {
        Stmt::Expr(Expr::Verbatim(tokens), _) if tokens.is_empty() => false,
        Stmt::Expr(_, None) => true,
        Stmt::Macro(call) => call.semi_token.is_none() && !is_item_macro(&call.mac, item_macros),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compiler::syntax::cell::Parsed;

    #[test]
    fn the_last_expression_is_of_a_kind() {
        for (text, kind) in [
            ("1", TailKind::Value),
            ("#[cfg(unix)] { f(); }", TailKind::Attributed),
            ("#[allow(unused)] for i in 0..3 { }", TailKind::Attributed),
            ("#[allow(unused)] match 3 { _ => 1 }", TailKind::Attributed),
            ("#[allow(unused)] m!()", TailKind::Attributed),
            ("#[allow(unused)] f(1)", TailKind::Attributed),
            ("{ #![allow(unused)] 1 }", TailKind::Value),
            ("Ok(())", TailKind::Done),
            ("Ok(5)", TailKind::Ok),
            ("Err(\"e\")", TailKind::Err),
            ("Ok::<u8, String>(3)", TailKind::Value),
        ] {
            let parsed = Parsed::new(text, &Names::new()).expect("Rust");
            assert_eq!(parsed.tail_kind, kind, "{text}");
        }
    }
}
