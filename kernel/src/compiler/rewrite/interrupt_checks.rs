//! Where a cell looks whether it has been interrupted: between its statements, and at the beginning of each
//! round of their loops. Functions and closures are left as fast as rustc makes them.

use std::ops::Range;

use syn::visit::{self, Visit};
use syn::{Attribute, Block, Stmt};

use crate::compiler::syntax::source::{Edit, Part, start_of};

/// What looks.
const CHECK: &str = " ::woozle::cell::check();";

/// The edits for the loops of a statement.
pub fn loops(statement: &Stmt) -> Vec<Edit> {
    let mut loops = Loops(Vec::new());
    loops.visit_stmt(statement);
    loops.0
}

/// The edit after a statement that is not the cell's last: there, so that the place is that of the statement that was
/// interrupted.
pub fn between(statement: &Range<usize>) -> Edit {
    Edit::after(statement.end, CHECK, Part::Body)
}

struct Loops(Vec<Edit>);

impl Loops {
    fn add(&mut self, attributes: &[Attribute], body: &Block) {
        let at = start_of(body, attributes);
        self.0.push(Edit::after(at, CHECK, Part::Body));
    }
}

impl Visit<'_> for Loops {
    fn visit_expr_for_loop(&mut self, expr: &syn::ExprForLoop) {
        self.add(&expr.attrs, &expr.body);
        visit::visit_expr_for_loop(self, expr);
    }

    fn visit_expr_loop(&mut self, expr: &syn::ExprLoop) {
        self.add(&expr.attrs, &expr.body);
        visit::visit_expr_loop(self, expr);
    }

    fn visit_expr_while(&mut self, expr: &syn::ExprWhile) {
        self.add(&expr.attrs, &expr.body);
        visit::visit_expr_while(self, expr);
    }

    fn visit_expr_closure(&mut self, _: &syn::ExprClosure) {}

    fn visit_expr_async(&mut self, _: &syn::ExprAsync) {}

    fn visit_expr_const(&mut self, _: &syn::ExprConst) {}

    fn visit_item(&mut self, _: &syn::Item) {}

    // An array's length, a const argument.
    fn visit_type(&mut self, _: &syn::Type) {}

    fn visit_generic_argument(&mut self, _: &syn::GenericArgument) {}

    fn visit_expr_repeat(&mut self, expr: &syn::ExprRepeat) {
        self.visit_expr(&expr.expr);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> String {
        let block: Block = syn::parse_str(&format!("{{{text}}}")).expect("Rust");
        let mut edits: Vec<Edit> = block.stmts.iter().flat_map(loops).collect();
        edits.sort_by_key(|edit| edit.range.start);
        let mut shown = format!("{{{text}}}");
        for edit in edits.iter().rev() {
            shown.insert(edit.range.start, '✓');
        }
        shown
    }

    #[test]
    fn loops_of_statements_are_checked_and_those_of_functions_are_not() {
        for (text, shown) in [
            ("loop { }", "{loop {✓ }}"),
            (
                "let n = 'a: while f() { for i in 0..3 {} };",
                "{let n = 'a: while f() {✓ for i in 0..3 {✓} };}",
            ),
            ("if a { loop {} }", "{if a { loop {✓} }}"),
            (
                "for x in { loop { break v } } {}",
                "{for x in { loop {✓ break v } } {✓}}",
            ),
            ("let f = || loop {};", "{let f = || loop {};}"),
            ("fn f() { loop {} }", "{fn f() { loop {} }}"),
            (
                "let a = [0; { loop { break 3 } }];",
                "{let a = [0; { loop { break 3 } }];}",
            ),
            ("async { loop {} };", "{async { loop {} };}"),
            (
                "loop { #![allow(unused)] x(); }",
                "{loop { #![allow(unused)]✓ x(); }}",
            ),
        ] {
            assert_eq!(checked(text), shown);
        }
    }
}
