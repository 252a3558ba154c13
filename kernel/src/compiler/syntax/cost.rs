//! How much there is to run in a cell's code: what optimising it is decided by.

use std::ops::Range;

use proc_macro2::Delimiter;
use syn::visit::Visit;
use syn::{BinOp, Item};

use crate::compiler::syntax::tokens::{Kind as TokenKind, Tokens};

/// Whether code holds a loop or a closure.
pub fn may_run_long(tokens: &Tokens, range: &Range<usize>) -> bool {
    let tokens = tokens.within(range);
    tokens.iter().enumerate().any(|(n, token)| {
        let closure = || {
            token.kind == TokenKind::Punct('|')
                && n > 0
                && (tokens[n - 1].is_ident("move")
                    || matches!(
                        &tokens[n - 1].kind,
                        TokenKind::Group(Delimiter::Parenthesis) | TokenKind::Punct(',' | '=')
                    ))
        };
        let looped = || {
            // `for` of `impl Trait for Type` and of `for<'a>` is no loop
            token.is_ident("for")
                && tokens[n..]
                    .iter()
                    .any(|next| next.is_ident("in") && next.depth == token.depth)
        };
        token.is_ident("while") || token.is_ident("loop") || looped() || closure()
    })
}

/// Whether a statement may run long. A loop over a collection or a small range does not count:
/// optimising it costs more than it saves.
pub fn statement_may_run_long(tokens: &Tokens, range: &Range<usize>) -> bool {
    const FEW: u64 = 10_000;
    let tokens = tokens.within(range);
    let mut rounds: u64 = 1;
    for (n, token) in tokens.iter().enumerate() {
        if token.is_ident("while") || token.is_ident("loop") {
            return true;
        }
        if !token.is_ident("for") {
            continue;
        }
        let same_depth = || tokens[n..].iter().filter(|next| next.depth == token.depth);
        let iterated: Vec<&TokenKind> = same_depth()
            .skip_while(|next| !next.is_ident("in"))
            .skip(1)
            .map(|next| &next.kind)
            .take_while(|kind| **kind != TokenKind::Group(Delimiter::Brace))
            .collect();
        rounds = rounds.saturating_mul(match range_end(&iterated) {
            Some(Some(end)) => end,
            Some(None) => return true,
            None => 10,
        });
    }
    rounds > FEW
}

/// Of the tokens of a range: its end, if that is a literal. `None` if they are not a range.
fn range_end(tokens: &[&TokenKind]) -> Option<Option<u64>> {
    let dots = tokens
        .windows(2)
        .position(|pair| *pair[0] == TokenKind::Punct('.') && *pair[1] == TokenKind::Punct('.'))?;
    let end: Vec<&&TokenKind> = tokens[dots + 2..]
        .iter()
        .filter(|kind| ***kind != TokenKind::Punct('='))
        .collect();
    Some(match end.as_slice() {
        [TokenKind::Literal(text)] => {
            let digits: String = text
                .chars()
                .filter(|c| *c != '_')
                .take_while(char::is_ascii_digit)
                .collect();
            digits.parse().ok()
        }
        _ => None,
    })
}

/// Whether an item's functions have operators, and call no macros: `println!` alone takes longer to optimise than all
/// that a small cell computes.
pub fn calculates(item: &Item) -> bool {
    let mut found = Operators::default();
    found.visit_item(item);
    found.operators && !found.macros
}

#[derive(Default)]
struct Operators {
    operators: bool,
    macros: bool,
}

impl Visit<'_> for Operators {
    fn visit_bin_op(&mut self, op: &BinOp) {
        self.operators |= !matches!(
            op,
            BinOp::Eq(_) | BinOp::Ne(_) | BinOp::And(_) | BinOp::Or(_)
        );
    }

    fn visit_macro(&mut self, _: &syn::Macro) {
        self.macros = true;
    }

    fn visit_item_const(&mut self, _: &syn::ItemConst) {}

    fn visit_item_static(&mut self, _: &syn::ItemStatic) {}

    // An array's length.
    fn visit_type(&mut self, _: &syn::Type) {}

    fn visit_variant(&mut self, _: &syn::Variant) {}
}

#[cfg(test)]
mod tests {

    #[test]
    fn what_calculates_is_told_from_what_prints() {
        for (text, calculates) in [
            ("fn f(x: f64) -> f64 { x * x }", true),
            (
                "impl P { fn norm(&self) -> f64 { (self.x * self.x).sqrt() } }",
                true,
            ),
            ("fn f(x: &mut u8) { *x <<= 1; }", true),
            ("fn f(x: i32) -> i32 { println!(\"{x}\"); x + 1 }", false),
            ("fn f(x: &str) -> bool { x == \"a\" || x == \"b\" }", false),
            ("struct S([u8; 2 * 3]);", false),
            ("static S: u64 = 1 << 20;", false),
            ("enum E { A = 1 << 3 }", false),
            ("macro_rules! m { () => { 1 + 1 } }", false),
        ] {
            let item = syn::parse_str(text).expect("an item");
            assert_eq!(super::calculates(&item), calculates, "{text}");
        }
    }
}
