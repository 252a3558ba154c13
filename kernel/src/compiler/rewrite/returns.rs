//! `return` among a cell's statements: it leaves the cell, whose statements are in a closure that returns a `Result`.
//!
//! What was bound before is kept. So where there is something, the statements from there on are in a block, which `return`
//! breaks out of; what follows it keeps the variables:
//!
//! ```text
//! let a = 1; let woozle_left_1 = 'woozle_1: { if a == 1 { break 'woozle_1 true; } let b = 2;
//! /* keeps b */ false };
//! /* keeps a */
//! ```

use std::ops::Range;

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

/// The edits for the statements, which are given with the number of variables that each binds, and the statements before
/// which a block begins.
pub fn of(statements: &[(&Stmt, usize)]) -> (Vec<Edit>, Vec<usize>) {
    let mut edits = Vec::new();
    let mut blocks = Vec::new();
    let mut has_bound = false;
    let mut end = 0;
    for (n, (statement, bound)) in statements.iter().enumerate() {
        let mut returns = Returns {
            edits: Vec::new(),
            bare: Vec::new(),
            in_macro: false,
        };
        returns.visit_stmt(statement);
        edits.extend(returns.edits);
        if !returns.bare.is_empty() && has_bound {
            blocks.push(n);
            has_bound = false;
            let head = format!(" {}", block_head(blocks.len()));
            edits.push(Edit::after(end, head, Part::Body));
        }
        for range in returns.bare {
            edits.push(match blocks.len() {
                0 => Edit::replace(range, format!("return{DONE}"), Part::Body),
                n => Edit::replace(range, format!("break 'woozle_{n} true"), Part::Body),
            });
        }
        has_bound |= *bound > 0;
        end = statement.span().byte_range().end;
    }
    (edits, blocks)
}

fn block_head(n: usize) -> String {
    format!("let woozle_left_{n} = 'woozle_{n}: {{")
}

/// What ends such a block.
pub fn block_end() -> &'static str {
    "false };\n"
}

struct Returns {
    edits: Vec<Edit>,
    /// Where the cell is left with all being well.
    bare: Vec<Range<usize>>,
    in_macro: bool,
}

impl Returns {
    fn bare(&mut self, range: Range<usize>) {
        if self.in_macro {
            self.edits
                .push(Edit::after(range.end, DONE_IN_MACRO, Part::Body));
        } else {
            self.bare.push(range);
        }
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
                        self.bare(word.span().byte_range());
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
            None => self.bare(expr.return_token.span.byte_range()),
            Some(value) if is_unit(value) && !self.in_macro => self.bare(expr.span().byte_range()),
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

/// Whether an expression is `()` or `Ok(())`.
fn is_unit(expr: &Expr) -> bool {
    match expr {
        Expr::Tuple(tuple) => tuple.elems.is_empty(),
        Expr::Call(call) => {
            let is_ok = matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Ok"));
            is_ok && call.args.iter().all(is_unit)
        }
        _ => false,
    }
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
        let binds = |statement: &Stmt| usize::from(matches!(statement, Stmt::Local(_)));
        let statements: Vec<_> = block.stmts.iter().map(|s| (s, binds(s))).collect();
        let (mut edits, _) = of(&statements);
        edits.sort_by_key(|edit| edit.range.start);
        let mut shown = format!("{{{text}}}");
        for edit in edits.into_iter().rev() {
            shown.replace_range(edit.range, &edit.text);
        }
        let shown = shown.replace(DONE_IN_MACRO, "✓?").replace(DONE, "✓");
        shown.replace(RETURNED, "(")
    }

    #[test]
    fn what_leaves_the_cell_gives_a_result() {
        for (text, shown) in [
            ("return;", "{return✓;}"),
            ("if a { return f(); }", "{if a { return (f()); }}"),
            ("return Ok(());", "{return✓;}"),
            ("return Err(e);", "{return Err(e);}"),
            (
                "let a = 1; if a { return; } let Some(b) = c else { return () }; return Ok(());",
                "{let a = 1; let woozle_left_1 = 'woozle_1: { if a { break 'woozle_1 true; } \
                 let Some(b) = c else { break 'woozle_1 true }; let woozle_left_2 = 'woozle_2: { break 'woozle_2 true;}",
            ),
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
