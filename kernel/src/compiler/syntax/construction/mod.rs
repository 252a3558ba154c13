//! What a `let` does besides making a value, and what its type is left to.

pub mod neutral;
pub mod plain;

use std::ops::Range;

use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Local, Stmt, Token};

/// A statement that may be held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Whether it is a `let`.
    pub is_let: bool,
    /// Whether its type may depend on what is done with its variables.
    pub may_be_open: bool,
    /// Whether it needs no rustc to know that the type is open, if nothing else in the cell mentions it.
    pub is_surely_open: bool,
    /// Whether all that it does is to make a value.
    pub constructs: bool,
    /// Whether it only makes a value, with a number in it that may have got the default type.
    pub gets_a_default: bool,
    /// The variable that it only puts values into, with a method of std's collections: `v.push(1);`.
    pub fills: Option<String>,
    /// The variable that it calls a method of, for nothing else: `s.add(1);`.
    pub calls_on: Option<String>,
    /// Whether its value is written there.
    pub is_literal: bool,
    /// Whether it calls a function, or a macro, of which nothing is known.
    pub calls: bool,
    /// Whether it only shows what it mentions.
    pub shows: bool,
    /// Whether it is an expression that has a value to show, unless that is `()`.
    pub has_value: bool,
    /// The `let`s within it, in its text.
    pub inner_lets: Vec<Range<usize>>,
}

impl Form {
    /// That of a statement's text.
    pub fn of(text: &str) -> Self {
        let parsed = syn::parse::Parser::parse_str(syn::Block::parse_within, text);
        let parsed = parsed.unwrap_or_default();
        let form = match &parsed[..] {
            [Stmt::Local(local)] => Self::of_let(local),
            [Stmt::Expr(expr, Some(_))] if called_on(expr).is_some() => Self {
                fills: filled(expr),
                calls_on: called_on(expr),
                gets_a_default: has_bare_number(expr),
                ..Self::default()
            },
            [Stmt::Expr(expr, None)] => Self {
                has_value: has_value(expr),
                shows: matches!(expr, Expr::Path(_)) || is_print(expr),
                ..Self::default()
            },
            [Stmt::Macro(call)] => Self {
                shows: is_printing(&call.mac),
                ..Self::default()
            },
            _ => Self::default(),
        };
        let mut calls = Calls(false);
        parsed
            .iter()
            .for_each(|statement| calls.visit_stmt(statement));
        let form = Self {
            calls: calls.0,
            ..form
        };
        proc_macro2::extra::invalidate_current_thread_spans();
        form
    }

    fn of_let(local: &Local) -> Self {
        let init = local.init.as_ref().map(|init| &*init.expr);
        let diverges = local.init.as_ref().is_some_and(|i| i.diverge.is_some());
        let annotated = match &local.pat {
            syn::Pat::Type(typed) => !is_partial(&typed.ty),
            _ => false,
        };
        let mut inner = InnerLets(Vec::new());
        if let Some(init) = init {
            inner.visit_expr(init);
        }
        let constructs = !diverges && init.is_none_or(constructs);
        Self {
            is_let: true,
            may_be_open: !annotated,
            gets_a_default: !annotated && constructs && init.is_some_and(has_bare_number),
            fills: None,
            calls_on: None,
            is_literal: init.is_some_and(is_literal),
            calls: false,
            shows: false,
            is_surely_open: !annotated && !diverges && init.is_some_and(is_surely_open),
            constructs,
            has_value: false,
            inner_lets: inner.0,
        }
    }
}

/// Methods of std's collections that put values into them, and have no value that is of use.
const FILLING: [&str; 6] = [
    "push",
    "push_back",
    "push_front",
    "push_str",
    "insert",
    "extend",
];

/// The variable that an expression puts values into which are only made for that.
fn filled(expr: &Expr) -> Option<String> {
    let Expr::MethodCall(call) = expr else {
        return None;
    };
    let is_filling = FILLING.iter().any(|name| call.method == name);
    let is_first = matches!(&*call.receiver, Expr::Path(_));
    let are_made = call.args.iter().all(constructs);
    called_on(expr).filter(|_| is_filling && is_first && are_made)
}

/// The variable that an expression calls a method of, or methods one after the other.
fn called_on(expr: &Expr) -> Option<String> {
    let Expr::MethodCall(call) = expr else {
        return None;
    };
    match &*call.receiver {
        Expr::Path(path) => path
            .path
            .get_ident()
            .map(crate::compiler::syntax::tokens::name),
        receiver => called_on(receiver),
    }
}

/// Whether a type has a part that is to be inferred.
fn is_partial(ty: &syn::Type) -> bool {
    struct Infer(bool);
    impl Visit<'_> for Infer {
        fn visit_type_infer(&mut self, _: &syn::TypeInfer) {
            self.0 = true;
        }
    }
    let mut infer = Infer(false);
    infer.visit_type(ty);
    infer.0
}

/// Looks for calls of functions of which nothing is known.
struct Calls(bool);

impl Visit<'_> for Calls {
    fn visit_expr_call(&mut self, call: &syn::ExprCall) {
        self.0 |= !is_constructor(&call.func);
        visit::visit_expr_call(self, call);
    }

    fn visit_macro(&mut self, call: &syn::Macro) {
        self.0 |= !is_printing(call) && !["vec", "format"].iter().any(|n| call.path.is_ident(n));
    }
}

/// Whether an expression is a literal, or made of literals alone.
fn is_literal(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Array(array) => array.elems.iter().all(is_literal),
        Expr::Tuple(tuple) => tuple.elems.iter().all(is_literal),
        Expr::Repeat(repeat) => is_literal(&repeat.expr) && is_literal(&repeat.len),
        Expr::Reference(reference) => is_literal(&reference.expr),
        Expr::Unary(unary) => is_literal(&unary.expr),
        Expr::Macro(call) => {
            let is_vec = call.mac.path.is_ident("vec");
            is_vec && elements(&call.mac).is_some_and(|elements| elements.iter().all(is_literal))
        }
        Expr::Call(call) => {
            let is_string = matches!(&*call.func, Expr::Path(path)
                if path.path.segments.len() == 2 && path.path.segments[0].ident == "String");
            is_string && call.args.iter().all(is_literal)
        }
        Expr::MethodCall(call) => call.method == "to_string" && is_literal(&call.receiver),
        _ => false,
    }
}

struct InnerLets(Vec<Range<usize>>);

impl Visit<'_> for InnerLets {
    fn visit_local(&mut self, local: &Local) {
        self.0.push(local.pat.span().byte_range());
        visit::visit_local(self, local);
    }
}

/// Of what an expression of the prelude is the value, it does not say.
fn is_surely_open(init: &Expr) -> bool {
    let path = |expr: &Expr, path: &[&str]| {
        matches!(expr, Expr::Path(found) if found.qself.is_none()
            && found.path.segments.iter().all(|segment| segment.arguments.is_none())
            && found.path.segments.iter().map(|segment| segment.ident.to_string()).eq(path.iter().copied()))
    };
    match init {
        Expr::Macro(call) => call.mac.path.is_ident("vec") && call.mac.tokens.is_empty(),
        Expr::Call(call) if call.args.is_empty() => {
            path(&call.func, &["Vec", "new"]) || path(&call.func, &["Default", "default"])
        }
        init => path(init, &["None"]),
    }
}

/// Whether a number without a type of its own is among what an expression consists of.
fn has_bare_number(expr: &Expr) -> bool {
    bare_number(expr).is_some()
}

/// The first number without a type of its own in an expression, as it is written.
pub fn bare_number(expr: &Expr) -> Option<String> {
    struct Numbers(Option<String>);
    impl Numbers {
        fn add(&mut self, suffix: &str, literal: &dyn ToString) {
            if suffix.is_empty() && self.0.is_none() {
                self.0 = Some(literal.to_string());
            }
        }
    }
    impl Visit<'_> for Numbers {
        fn visit_lit_int(&mut self, literal: &syn::LitInt) {
            self.add(literal.suffix(), literal);
        }
        fn visit_lit_float(&mut self, literal: &syn::LitFloat) {
            self.add(literal.suffix(), literal);
        }
        fn visit_macro(&mut self, call: &syn::Macro) {
            for element in elements(call).unwrap_or_default() {
                self.visit_expr(&element);
            }
        }
        fn visit_expr_closure(&mut self, _: &syn::ExprClosure) {}
    }
    let mut numbers = Numbers(None);
    numbers.visit_expr(expr);
    numbers.0
}

/// Functions that only make a value of what they are given.
const CONSTRUCTORS: [&str; 18] = [
    "new",
    "with_capacity",
    "with_hasher",
    "default",
    "channel",
    "sync_channel",
    "bounded",
    "unbounded",
    "from",
    "empty",
    "repeat",
    "once",
    "clone",
    "pin",
    "downgrade",
    "Some",
    "Ok",
    "Err",
];

/// Methods that only make a value of what they are called on.
const CONVERSIONS: [&str; 7] = [
    "clone",
    "into",
    "to_owned",
    "to_string",
    "to_vec",
    "iter",
    "as_str",
];

/// Whether all that an expression does is to make a value.
fn constructs(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) | Expr::Path(_) | Expr::Closure(_) => true,
        Expr::Array(array) => array.elems.iter().all(constructs),
        Expr::Tuple(tuple) => tuple.elems.iter().all(constructs),
        Expr::Repeat(repeat) => constructs(&repeat.expr),
        Expr::Struct(made) => {
            made.fields.iter().all(|field| constructs(&field.expr))
                && made.rest.as_deref().is_none_or(constructs)
        }
        Expr::Reference(reference) => constructs(&reference.expr),
        Expr::Paren(inner) => constructs(&inner.expr),
        Expr::Try(tried) => constructs(&tried.expr),
        Expr::Unary(unary) => constructs(&unary.expr),
        Expr::Cast(cast) => constructs(&cast.expr),
        Expr::Field(field) => constructs(&field.base),
        Expr::Binary(binary) => {
            is_plain(&binary.op) && constructs(&binary.left) && constructs(&binary.right)
        }
        Expr::Range(range) => {
            let mut ends = range.start.iter().chain(&range.end);
            ends.all(|end| constructs(end))
        }
        Expr::Call(call) => is_constructor(&call.func) && call.args.iter().all(constructs),
        Expr::MethodCall(call) => {
            let is_conversion = CONVERSIONS.iter().any(|name| call.method == name);
            is_conversion && constructs(&call.receiver) && call.args.iter().all(constructs)
        }
        Expr::Macro(call) => call.mac.path.is_ident("vec") && makes_elements(&call.mac),
        _ => false,
    }
}

/// Whether an operator assigns nothing.
fn is_plain(op: &syn::BinOp) -> bool {
    use syn::BinOp::{Add, BitAnd, BitOr, BitXor, Div, Mul, Rem, Shl, Shr, Sub};
    matches!(
        op,
        Add(_)
            | Sub(_)
            | Mul(_)
            | Div(_)
            | Rem(_)
            | Shl(_)
            | Shr(_)
            | BitAnd(_)
            | BitOr(_)
            | BitXor(_)
    )
}

fn is_constructor(function: &Expr) -> bool {
    let Expr::Path(path) = function else {
        return false;
    };
    let last = path.path.segments.last();
    last.is_some_and(|last| {
        let name = last.ident.to_string();
        // A tuple struct, or a variant.
        CONSTRUCTORS.contains(&&*name) || name.starts_with(char::is_uppercase)
    })
}

/// Whether the elements of a `vec!` are only made.
fn makes_elements(call: &syn::Macro) -> bool {
    elements(call).is_some_and(|elements| elements.iter().all(constructs))
}

/// The elements of a `vec!`; of a repeated one, that and how often.
fn elements(call: &syn::Macro) -> Option<Vec<Expr>> {
    let list = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
    if let Ok(elements) = list {
        return Some(elements.into_iter().collect());
    }
    let repeated = call.parse_body_with(|input: syn::parse::ParseStream<'_>| {
        let element: Expr = input.parse()?;
        input.parse::<Token![;]>()?;
        let count: Expr = input.parse()?;
        Ok(vec![element, count])
    });
    repeated.ok()
}

/// Whether an expression without a semicolon is there for its value.
fn has_value(expr: &Expr) -> bool {
    match expr {
        Expr::ForLoop(_) | Expr::While(_) | Expr::Assign(_) => false,
        Expr::If(branch) => branch.else_branch.is_some() && ends_in_value(&branch.then_branch),
        Expr::Block(block) => ends_in_value(&block.block),
        Expr::Unsafe(block) => ends_in_value(&block.block),
        Expr::Match(choice) => choice.arms.iter().all(|arm| has_value(&arm.body)),
        Expr::Binary(binary) => is_plain(&binary.op),
        expr => !is_print(expr),
    }
}

/// Whether an expression is a macro call that prints.
fn is_print(expr: &Expr) -> bool {
    matches!(expr, Expr::Macro(call) if is_printing(&call.mac))
}

fn is_printing(call: &syn::Macro) -> bool {
    let name = call.path.segments.last().map(|last| last.ident.to_string());
    let printing = ["print", "println", "eprint", "eprintln"];
    name.is_some_and(|name| printing.contains(&&*name))
}

fn ends_in_value(block: &syn::Block) -> bool {
    matches!(block.stmts.last(), Some(Stmt::Expr(expr, None)) if has_value(expr))
}

#[cfg(test)]
mod tests;
