//! A cell's text taken apart: items, `use` declarations, statements, the last expression.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, Expr, Item as SynItem, Stmt};

use super::cost;
use super::imports::{self, Use};
use super::item::Item;
use super::item_macros::{defines_items, is_item_macro};
use super::source::Edit;
use super::tokens::{self, Names, Tokens};
use crate::compiler::rewrite::{interrupt_checks, returns};
use tail::{TailKind, is_tail};

pub(crate) mod tail;

/// A cell taken apart.
#[derive(Debug, Default)]
pub struct Parsed {
    /// The items.
    pub items: Vec<Item>,
    /// The `use` declarations.
    pub uses: Vec<Use>,
    /// The places of the `use` declarations.
    pub use_ranges: Vec<Range<usize>>,
    /// The statements, in order; the last expression is the last of them.
    pub statements: Vec<Statement>,
    /// The place of the last expression, if the cell ends with one.
    pub tail: Option<Range<usize>>,
    /// What kind of expression that is.
    pub tail_kind: TailKind,
    /// The places of all that is not a statement: items, `use`, inner attributes.
    pub not_body: Vec<Range<usize>>,
    /// The inner attributes (`#![...]`).
    pub attributes: Vec<Range<usize>>,
    /// Where the statements look whether the cell has been interrupted.
    pub checks: Vec<Edit>,
    /// What the statements end the cell with.
    pub returns: Vec<Edit>,
    /// The statements before which a block begins that `return` breaks out of.
    pub blocks: Vec<usize>,
    /// The variables that the statements assign to, or to a part of them.
    pub assigned: Names,
    /// Whether the statements await something.
    pub awaits: bool,
    /// Whether a variable is bound to something whose type has no name: a closure, an async block.
    pub expects_unnamed: bool,
    /// Whether the statements may run long.
    pub may_run_long: bool,
}

/// A statement.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Its place.
    pub range: Range<usize>,
    /// The names that it mentions.
    pub names: Names,
    /// Of the names that it binds: those that it also mentions outside its pattern.
    pub rereads: Names,
    /// The variables that it binds, at the cell's top level.
    pub binds: Vec<Binding>,
    /// Whether it is a `let` without a value.
    pub declares: bool,
}

impl Statement {
    /// Whether it mentions a name other than by binding it.
    pub fn reads(&self, name: &str) -> bool {
        let is_bound = || self.binds.iter().any(|binding| binding.name == name);
        self.names.contains(name) && (!is_bound() || self.rereads.contains(name))
    }
}

/// A variable that a `let` binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Its name.
    pub name: String,
    /// Whether it is `mut`.
    pub mutable: bool,
    /// Where its name stands.
    pub range: Range<usize>,
}

/// What some editors put before a text.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// Whether the text is made of tokens, with each brace, quote and comment that opens closed again.
pub fn is_paired(text: &str) -> bool {
    let paired = text.parse::<TokenStream>().is_ok();
    proc_macro2::extra::invalidate_current_thread_spans();
    paired
}

/// Whether the text is one expression.
pub fn is_expression(text: &str) -> bool {
    let is_expression = syn::parse_str::<Expr>(text).is_ok();
    proc_macro2::extra::invalidate_current_thread_spans();
    is_expression
}

fn take_apart(input: syn::parse::ParseStream<'_>) -> syn::Result<(Vec<Attribute>, Vec<Stmt>)> {
    Ok((Attribute::parse_inner(input)?, Block::parse_within(input)?))
}

/// Whether the text is right as far as it goes, and only its end comes too early.
pub(crate) fn ends_too_early(text: &str) -> bool {
    let ends = match take_apart.parse_str(text) {
        Ok(_) => false,
        // Where a closed bracket ends too early, the place is that bracket.
        Err(error) => {
            let place = error.span().byte_range();
            place.is_empty() && error.to_string().starts_with(END_OF_INPUT)
        }
    };
    proc_macro2::extra::invalidate_current_thread_spans();
    ends
}

/// What syn's errors at the end of a text begin with.
const END_OF_INPUT: &str = "unexpected end of input";

/// What something finds in the statements of a text, items included; nothing if the text is not Rust.
pub(crate) fn statements<T>(text: &str, find: impl Fn(&Stmt) -> T) -> Vec<T> {
    let parsed = take_apart.parse_str(text);
    let (_, statements) = parsed.unwrap_or_default();
    let found = statements.iter().map(find).collect();
    proc_macro2::extra::invalidate_current_thread_spans();
    found
}

impl Parsed {
    /// Takes a cell apart; `None` if it is not Rust as we know it (rustc says why).
    /// `item_macros` are the session's macros that define items.
    pub fn new(text: &str, item_macros: &Names) -> Option<Self> {
        let parsed = Self::parse(text, item_macros);
        proc_macro2::extra::invalidate_current_thread_spans();
        parsed
    }

    /// The variables that the statements bind, in their order.
    pub fn bindings(&self) -> impl DoubleEndedIterator<Item = &Binding> {
        self.statements
            .iter()
            .flat_map(|statement| &statement.binds)
    }

    /// Whether a statement binds a variable of this name.
    pub fn binds(&self, name: &str) -> bool {
        self.bindings().any(|binding| binding.name == name)
    }

    fn parse(text: &str, item_macros: &Names) -> Option<Self> {
        if text.starts_with(BYTE_ORDER_MARK) {
            return None; // the tokens' places would not count it
        }
        let stream: TokenStream = text.parse().ok()?;
        let tokens = Tokens::new(stream.clone());
        let (attributes, mut statements) = take_apart.parse2(stream).ok()?;
        let mut parsed = Self {
            attributes: attributes.iter().map(|a| a.span().byte_range()).collect(),
            ..Self::default()
        };
        parsed.not_body.clone_from(&parsed.attributes);
        let mut item_macros = item_macros.clone();
        item_macros.extend(statements.iter().filter_map(|statement| match statement {
            Stmt::Item(SynItem::Macro(rules)) => defines_items(rules),
            _ => None,
        }));
        let tail = statements.pop_if(|last| is_tail(last, &item_macros));
        for statement in &statements {
            let range = statement.span().byte_range();
            match statement {
                Stmt::Item(SynItem::Use(declaration)) => {
                    parsed.uses.extend(imports::of(declaration));
                    parsed.use_ranges.push(range.clone());
                    parsed.not_body.push(range);
                }
                Stmt::Item(item) => {
                    parsed.items.push(Item::new(item, range.clone(), &tokens));
                    parsed.not_body.push(range);
                }
                Stmt::Macro(call) if is_item_macro(&call.mac, &item_macros) => {
                    parsed
                        .items
                        .push(Item::of_macro_call(&call.mac, range.clone(), &tokens));
                    parsed.not_body.push(range);
                }
                Stmt::Expr(Expr::Verbatim(empty), _) if empty.is_empty() => {}
                _ => parsed.statement(statement, range, &tokens),
            }
        }
        if let Some(tail) = &tail {
            let range = tail.span().byte_range();
            parsed.statement(tail, range.clone(), &tokens);
            parsed.tail_kind = TailKind::of(tail);
            parsed.tail = Some(range);
        }
        let is_statement = |statement: &&Stmt| {
            let range = statement.span().byte_range();
            parsed.statements.iter().any(|own| own.range == range)
        };
        let statements = statements.iter().chain(&tail).filter(is_statement);
        let binds = parsed.statements.iter().map(|own| own.binds.len());
        let statements: Vec<(&Stmt, usize)> = statements.zip(binds).collect();
        (parsed.returns, parsed.blocks) = returns::of(&statements);
        Some(parsed)
    }

    fn statement(&mut self, statement: &Stmt, range: Range<usize>, tokens: &Tokens) {
        self.checks.extend(interrupt_checks::loops(statement));
        if let Some(last) = self.statements.last() {
            self.checks.push(interrupt_checks::between(&last.range));
        }
        let mut binds = Vec::new();
        let mut rereads = Names::new();
        let mut declares = false;
        if let Stmt::Local(local) = statement {
            let pattern = match &local.pat {
                syn::Pat::Type(typed) => &*typed.pat,
                pattern => pattern,
            };
            let nested = !matches!(pattern, syn::Pat::Ident(_));
            Bindings {
                found: &mut binds,
                nested,
            }
            .visit_pat(&local.pat);
            let after = local.pat.span().byte_range().end..range.end;
            rereads = tokens.names(&after);
            let init = local.init.as_ref().map(|init| &*init.expr);
            declares = init.is_none();
            self.expects_unnamed |= matches!(init, Some(Expr::Closure(_) | Expr::Async(_)));
        }
        self.may_run_long |= cost::statement_may_run_long(tokens, &range);
        TopLevel(self).visit_stmt(statement);
        self.statements.push(Statement {
            names: tokens.names(&range),
            range,
            rereads,
            binds,
            declares,
        });
    }
}

/// Collects the variables of a pattern.
struct Bindings<'a> {
    found: &'a mut Vec<Binding>,
    nested: bool,
}

impl Visit<'_> for Bindings<'_> {
    fn visit_pat_ident(&mut self, pattern: &syn::PatIdent) {
        let name = tokens::name(&pattern.ident);
        // Within a pattern, a capitalised name is a constant or a variant, such as `None`.
        let constant = self.nested
            && pattern.subpat.is_none()
            && pattern.mutability.is_none()
            && name.starts_with(char::is_uppercase);
        if !constant {
            self.found.retain(|other| other.name != name);
            self.found.push(Binding {
                name,
                mutable: pattern.mutability.is_some(),
                range: pattern.ident.span().byte_range(),
            });
        }
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_expr(&mut self, _: &Expr) {}
}

/// Finds what is assigned and what is awaited, outside async blocks, closures and items.
struct TopLevel<'a>(&'a mut Parsed);

impl Visit<'_> for TopLevel<'_> {
    fn visit_expr_assign(&mut self, assign: &syn::ExprAssign) {
        Assigned(&mut self.0.assigned).visit_expr(&assign.left);
        visit::visit_expr_assign(self, assign);
    }

    fn visit_expr_await(&mut self, expr: &syn::ExprAwait) {
        self.0.awaits = true;
        visit::visit_expr_await(self, expr);
    }

    fn visit_macro(&mut self, call: &syn::Macro) {
        self.0.awaits |= awaits(call.tokens.clone());
    }

    fn visit_expr_async(&mut self, _: &syn::ExprAsync) {}

    fn visit_expr_closure(&mut self, _: &syn::ExprClosure) {}

    fn visit_item(&mut self, _: &SynItem) {}
}

/// The variables on the left of a `=`.
struct Assigned<'a>(&'a mut Names);

impl Visit<'_> for Assigned<'_> {
    fn visit_expr_path(&mut self, expr: &syn::ExprPath) {
        self.0.extend(expr.path.get_ident().map(tokens::name));
    }
}

/// Whether `.await` is among the tokens of a macro call.
fn awaits(tokens: TokenStream) -> bool {
    let mut after_dot = false;
    tokens.into_iter().any(|token| {
        let found = match &token {
            TokenTree::Group(group) => awaits(group.stream()),
            TokenTree::Ident(ident) => after_dot && ident == "await",
            _ => false,
        };
        after_dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
        found
    })
}

#[cfg(test)]
mod tests;
