//! `return` among a cell's statements: it leaves the cell, whose statements are in a closure that returns a `Result`.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Stmt, Token};

use crate::compiler::syntax::source::{Edit, Part};

/// What `return;` gives back.
const DONE: &str = " ::core::result::Result::Ok(())";

/// The same where it is not sure that it leaves the cell: a macro may put it into a closure.
const DONE_IN_MACRO: &str = " ::woozle::cell::done()";

/// What makes that of any other value.
const RETURNED: &str = "::woozle::cell::returned(";

/// The edits for a statement.
pub fn of(statement: &Stmt) -> Vec<Edit> {
    let mut returns = Returns {
        edits: Vec::new(),
        in_macro: false,
    };
    returns.visit_stmt(statement);
    returns.edits
}

struct Returns {
    edits: Vec<Edit>,
    in_macro: bool,
}

impl Returns {
    fn bare(&mut self, end: usize) {
        let done = if self.in_macro { DONE_IN_MACRO } else { DONE };
        self.edits.push(Edit::after(end, done, Part::Body));
    }

    /// The arguments of a macro: expressions, or statements, or such in braces among what only the macro knows.
    fn tokens(&mut self, tokens: TokenStream) {
        if !mentions_return(tokens.clone()) {
            return;
        }
        let expressions = Punctuated::<Expr, Token![,]>::parse_terminated;
        if let Ok(expressions) = expressions.parse2(tokens.clone()) {
            expressions.iter().for_each(|expr| self.visit_expr(expr));
        } else if let Ok(statements) = Block::parse_within.parse2(tokens.clone()) {
            statements
                .iter()
                .for_each(|statement| self.visit_stmt(statement));
        } else {
            self.loose(tokens);
        }
    }

    fn loose(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(word) if word == "return" => {
                    let is_bare = match tokens.peek() {
                        None => true,
                        Some(TokenTree::Punct(next)) => [',', ';'].contains(&next.as_char()),
                        Some(_) => false,
                    };
                    if is_bare {
                        self.bare(word.span().byte_range().end);
                    }
                }
                _ => {}
            }
        }
    }
}

impl Visit<'_> for Returns {
    fn visit_expr_return(&mut self, expr: &syn::ExprReturn) {
        match &expr.expr {
            None => self.bare(expr.return_token.span.byte_range().end),
            // Its error's type would be unknown.
            Some(value) if is_result(value) => {}
            Some(_) if self.in_macro => {}
            Some(value) => {
                let range = value.span().byte_range();
                self.edits
                    .push(Edit::before(range.start, RETURNED, Part::Body));
                self.edits.push(Edit::after(range.end, ")", Part::Body));
            }
        }
        visit::visit_expr_return(self, expr);
    }

    fn visit_macro(&mut self, call: &syn::Macro) {
        let before = std::mem::replace(&mut self.in_macro, true);
        self.tokens(call.tokens.clone());
        self.in_macro = before;
    }

    fn visit_expr_async(&mut self, _: &syn::ExprAsync) {}

    fn visit_expr_closure(&mut self, _: &syn::ExprClosure) {}

    fn visit_item(&mut self, _: &syn::Item) {}
}

/// Whether an expression is an `Ok(..)` or an `Err(..)`.
fn is_result(expr: &Expr) -> bool {
    let Expr::Call(call) = expr else { return false };
    let Expr::Path(function) = &*call.func else {
        return false;
    };
    let last = function.path.segments.last();
    last.is_some_and(|last| last.ident == "Ok" || last.ident == "Err")
}

fn mentions_return(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => mentions_return(group.stream()),
        TokenTree::Ident(word) => word == "return",
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str) -> String {
        let block: Block = syn::parse_str(&format!("{{{text}}}")).expect("Rust");
        let mut edits: Vec<Edit> = block.stmts.iter().flat_map(of).collect();
        edits.sort_by_key(|edit| edit.range.start);
        let mut shown = format!("{{{text}}}");
        for edit in edits.iter().rev() {
            let mark = match &*edit.text {
                DONE => "✓",
                DONE_IN_MACRO => "✓?",
                RETURNED => "(",
                other => other,
            };
            shown.insert_str(edit.range.start, mark);
        }
        shown
    }

    #[test]
    fn what_leaves_the_cell_gives_a_result() {
        for (text, shown) in [
            ("return;", "{return✓;}"),
            ("if a { return f(); }", "{if a { return (f()); }}"),
            ("return Ok(());", "{return Ok(());}"),
            ("let f = || return;", "{let f = || return;}"),
            ("fn f() { return }", "{fn f() { return }}"),
            ("m!(a, { return; });", "{m!(a, { return✓?; });}"),
            ("m!(|| { return; });", "{m!(|| { return; });}"),
            ("m!(\"{}\", return);", "{m!(\"{}\", return✓?);}"),
            (
                "select! { v = f => { if v { return; } } else => return, }",
                "{select! { v = f => { if v { return✓?; } } else => return✓?, }}",
            ),
            ("m! { let a = 1; return; }", "{m! { let a = 1; return✓?; }}"),
            ("m!(\"return\");", "{m!(\"return\");}"),
        ] {
            assert_eq!(edited(text), shown);
        }
    }
}
