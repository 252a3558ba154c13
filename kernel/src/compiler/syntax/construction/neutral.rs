//! Uses of a number that tell nothing of its type, and which its type makes no difference to: it is printed, compared with its like,
//! counted. Those of a collection of numbers are looked at likewise.

use syn::visit::{self, Visit};
use syn::{BinOp, Expr, Pat, Stmt};

use super::is_printing;
use crate::compiler::syntax::primitives::is_primitive;
use crate::compiler::syntax::tokens::{self, Names, Tokens};

/// Whether all uses of a variable in a statement's text are of that kind.
pub fn uses_are_neutral(text: &str, name: &str) -> bool {
    let parsed = syn::parse::Parser::parse_str(syn::Block::parse_within, text);
    let is_neutral = parsed.is_ok_and(|statements| {
        // What a cell shows.
        if let [Stmt::Expr(Expr::Path(_), None)] = &statements[..] {
            return true;
        }
        let mut uses = Uses {
            tracked: Names::from([name.to_owned()]),
            other: false,
        };
        statements
            .iter()
            .for_each(|statement| uses.visit_stmt(statement));
        !uses.other
    });
    proc_macro2::extra::invalidate_current_thread_spans();
    is_neutral
}

/// Looks for other uses.
struct Uses {
    /// The variable, and what goes over its elements.
    tracked: Names,
    other: bool,
}

impl Uses {
    fn is_tracked(&self, expr: &Expr) -> bool {
        let name = match expr {
            Expr::Path(path) => path.path.get_ident(),
            _ => None,
        };
        name.is_some_and(|name| self.tracked.contains(&tokens::name(name)))
    }

    /// Whether it is the variable, an element of it, or a number: it is of the same type as another one of these.
    fn is_alike(&mut self, expr: &Expr) -> bool {
        match expr {
            Expr::Lit(_) => true,
            Expr::Index(index) => {
                self.visit_expr(&index.index);
                self.is_tracked(&index.expr)
            }
            Expr::Unary(unary) => self.is_alike(&unary.expr),
            Expr::Reference(reference) => self.is_alike(&reference.expr),
            Expr::Paren(inner) => self.is_alike(&inner.expr),
            expr => self.is_tracked(expr),
        }
    }

    /// Whether it goes over the variable's elements.
    fn is_over(&mut self, expr: &Expr) -> bool {
        match expr {
            Expr::Range(range) => {
                let ends = [&range.start, &range.end];
                let is_tracked = |uses: &mut Self| {
                    let mut ends = ends.iter().filter_map(|end| end.as_deref());
                    ends.any(|end| uses.is_tracked(end))
                };
                let mut all = ends.into_iter().flatten();
                is_tracked(self) && all.all(|end| self.is_alike(end))
            }
            Expr::Reference(reference) => {
                reference.mutability.is_none() && self.is_over(&reference.expr)
            }
            Expr::MethodCall(call) => {
                let is_known = ITERATORS.iter().any(|name| call.method == name);
                is_known && call.args.is_empty() && self.is_over(&call.receiver)
            }
            expr => self.is_tracked(expr),
        }
    }
}

/// Methods that give a collection's elements, as they are.
const ITERATORS: [&str; 6] = ["iter", "into_iter", "enumerate", "rev", "copied", "cloned"];

impl Visit<'_> for Uses {
    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Binary(binary) if is_comparison(&binary.op) => {
                let (left, right) = (self.is_alike(&binary.left), self.is_alike(&binary.right));
                if !(left && right) {
                    visit::visit_expr_binary(self, binary);
                }
            }
            Expr::MethodCall(call)
                if ["len", "is_empty"].iter().any(|name| call.method == name)
                    && self.is_tracked(&call.receiver) => {}
            Expr::ForLoop(each) if self.is_over(&each.expr) => {
                let before = self.tracked.clone();
                let mut bound = Bound(Names::new());
                bound.visit_pat(&each.pat);
                self.tracked.extend(bound.0);
                self.visit_block(&each.body);
                self.tracked = before;
            }
            expr => {
                self.other |= self.is_tracked(expr);
                visit::visit_expr(self, expr);
            }
        }
    }

    fn visit_macro(&mut self, call: &syn::Macro) {
        let (mut names, more) = Tokens::new(call.tokens.clone()).all_names();
        names.extend(more);
        let tells = |name: &String| is_primitive(name);
        let is_shown = is_printing(call) && !names.iter().any(tells);
        self.other |= !is_shown && names.iter().any(|name| self.tracked.contains(name));
    }
}

fn is_comparison(op: &BinOp) -> bool {
    use BinOp::{Eq, Ge, Gt, Le, Lt, Ne};
    matches!(op, Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_))
}

/// The names in a pattern.
struct Bound(Names);

impl Visit<'_> for Bound {
    fn visit_pat(&mut self, pattern: &Pat) {
        if let Pat::Ident(name) = pattern {
            self.0.insert(tokens::name(&name.ident));
        }
        visit::visit_pat(self, pattern);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_is_neutral_if_it_tells_no_type() {
        for (text, expected) in [
            ("n", true),
            ("println!(\"{n} {:?}\", &n[1..3])", true),
            ("if n[i] < n[i - 1] || i == n.len() { start = i; }", true),
            (
                "for (i, x) in n.iter().enumerate() { println!(\"{i} {x}\"); }",
                true,
            ),
            ("for x in n { if x > 3 { count += 1; } }", true),
            ("for i in 0..n { println!(\"{i}\"); }", true),
            ("for i in 0..n { v.push(i); }", false),
            ("let length = n.len();", true),
            ("for x in n { sum += x; }", false),
            ("for x in n { take(x); }", false),
            ("let first = n[0];", false),
            ("n += 1;", false),
            ("n.push(1);", false),
            ("if n < limit {}", false),
            ("println!(\"{}\", n as u8)", false),
            ("assert_eq!(n, other)", false),
            ("f(&n)", false),
        ] {
            assert_eq!(uses_are_neutral(text, "n"), expected, "{text}");
        }
    }
}
