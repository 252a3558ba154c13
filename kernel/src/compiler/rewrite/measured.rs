//! `%%bench`: the statements become the body of a closure that the runtime runs many times.
//!
//! What they compute is handed to `black_box`, so that the optimiser cannot leave it out. Their
//! variables end with each run; those of earlier cells are borrowed.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Stmt};

use crate::compiler::syntax::cell::{self, Parsed};
use crate::compiler::syntax::source::{Edit, Part};

const BLACK_BOX: &str = "::core::hint::black_box(";

/// The edits that make the statements of a text a body to measure.
pub(crate) fn edits(text: &str, parsed: &mut Parsed) -> Vec<Edit> {
    let ranges = parsed.statements.iter().map(|statement| &statement.range);
    let (Some(start), Some(end)) = (
        ranges.clone().map(|range| range.start).min(),
        ranges.map(|range| range.end).max(),
    ) else {
        return Vec::new();
    };
    let (open, close) = if std::mem::take(&mut parsed.awaits) {
        ("::woozle::cell::block_on(async { ", " }) ")
    } else {
        ("", " ")
    };
    let begin = format!("::woozle::cell::measure(&mut || -> ::woozle::cell::Result {{ {open}");
    let mut edits = vec![Edit::before(start, begin, Part::Body)];
    edits.extend(cell::statements(text, black_boxes).into_iter().flatten());
    if let Some(tail) = &parsed.tail {
        edits.push(Edit::before(tail.start, BLACK_BOX, Part::Body));
        edits.push(Edit::after(tail.end, ")", Part::Body));
    }
    edits.push(Edit::after(
        end,
        format!("; ::core::result::Result::<(), ::woozle::cell::Failure>::Ok(()){close}}})?;"),
        Part::Body,
    ));
    edits
}

/// The edits that hand a statement's values to `black_box`.
fn black_boxes(statement: &Stmt) -> Vec<Edit> {
    let value = match statement {
        Stmt::Local(local) => local.init.as_ref().map(|init| &*init.expr),
        Stmt::Expr(value, Some(_)) => Some(value),
        _ => None,
    };
    let Some(value) = value.filter(|value| computes(value)) else {
        return Vec::new();
    };
    let range = value.span().byte_range();
    vec![
        Edit::before(range.start, BLACK_BOX, Part::Body),
        Edit::after(range.end, ")", Part::Body),
    ]
}

/// Whether an expression computes a value of its own. In what borrows a temporary value, that would
/// end with the call of `black_box`.
fn computes(value: &Expr) -> bool {
    let is_computed = matches!(
        value,
        Expr::Call(_)
            | Expr::MethodCall(_)
            | Expr::Binary(_)
            | Expr::Unary(syn::ExprUnary {
                op: syn::UnOp::Not(_) | syn::UnOp::Neg(_),
                ..
            })
            | Expr::Cast(_)
            | Expr::Try(_)
            | Expr::Await(_)
    );
    let mut borrows = Borrows(false);
    if let Expr::Call(call) = value {
        call.args
            .iter()
            .for_each(|argument| borrows.visit_expr(argument));
    }
    let assigns = matches!(value, Expr::Binary(binary) if is_assignment(&binary.op));
    is_computed && !assigns && !borrows.0
}

fn is_assignment(op: &syn::BinOp) -> bool {
    use syn::BinOp::*;
    matches!(
        op,
        AddAssign(_)
            | SubAssign(_)
            | MulAssign(_)
            | DivAssign(_)
            | RemAssign(_)
            | BitXorAssign(_)
            | BitAndAssign(_)
            | BitOrAssign(_)
            | ShlAssign(_)
            | ShrAssign(_)
    )
}

/// Finds a reference to a temporary value.
struct Borrows(bool);

impl Visit<'_> for Borrows {
    fn visit_expr_reference(&mut self, reference: &syn::ExprReference) {
        self.0 |= !matches!(
            *reference.expr,
            Expr::Path(_) | Expr::Field(_) | Expr::Index(_)
        );
        visit::visit_expr_reference(self, reference);
    }

    fn visit_expr_closure(&mut self, _: &syn::ExprClosure) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compiler::syntax::source::Source;
    use crate::compiler::syntax::tokens::Names;

    fn measured(text: &str) -> String {
        let mut parsed = Parsed::new(text, &Names::new()).expect("Rust");
        let edits = edits(text, &mut parsed);
        let source = Source::new(1, text, edits);
        let text = source.render(Part::Body, std::slice::from_ref(&(0..text.len())), ' ');
        text.replace("::core::hint::black_box", "■")
            .replace(
                "::core::result::Result::<(), ::woozle::cell::Failure>::Ok(())",
                "Ok",
            )
            .replace(
                "::woozle::cell::measure(&mut || -> ::woozle::cell::Result",
                "measure(",
            )
    }

    #[test]
    fn what_is_computed_is_kept_from_the_optimiser() {
        for (text, expected) in [
            ("v.len()", " measure( { ■(v.len()); Ok })?;"),
            (
                "let n = f(&v);\nn + 1",
                " measure( { let n = ■(f(&v));\n■(n + 1); Ok })?;",
            ),
            ("f();", " measure( { ■(f());; Ok })?;"),
            ("a += 1;", " measure( { a += 1;; Ok })?;"),
            (
                "let s = Some(&String::new());",
                " measure( { let s = Some(&String::new());; Ok })?;",
            ),
            ("let s = &x();", " measure( { let s = &x();; Ok })?;"),
            (
                "for i in 0..3 { g(i) }",
                " measure( { ■(for i in 0..3 { g(i) }); Ok })?;",
            ),
            (
                "f().await;",
                " measure( { ::woozle::cell::block_on(async { ■(f().await);; Ok }) })?;",
            ),
        ] {
            assert_eq!(measured(text), expected);
        }
    }
}
