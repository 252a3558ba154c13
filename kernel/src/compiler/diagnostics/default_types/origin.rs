//! Where the type of a number was left open, so that it got the default, and what to write there.

use syn::visit::{self, Visit};
use syn::{Expr, Local, Pat, Stmt};

use crate::compiler::diagnostics::report::Cells;
use crate::compiler::resolve::session_scope::{Scope, Variable};
use crate::compiler::syntax::cell;
use crate::compiler::syntax::construction::{Form, bare_number};
use crate::compiler::syntax::tokens::{self, Names};

/// The types that a number gets by default: without a point, and with one.
pub(super) const DEFAULTS: [&str; 2] = ["i32", "f64"];

/// What is looked for, and where.
pub(super) struct Asked<'a> {
    pub(super) default: &'a str,
    pub(super) wanted: &'a str,
    pub(super) cells: &'a Cells,
    pub(super) scope: &'a Scope,
}

/// Where it was left open.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// The variable.
    pub(super) name: String,
    /// The cell of its `let`.
    pub(super) cell: u32,
    /// What would have told the type that is wanted.
    pub(super) better: String,
}

/// A `let` without a type.
struct Open {
    text: String,
    number: Option<String>,
    is_mut: bool,
    /// Whether it is a struct with its fields.
    is_literal: bool,
    /// The parameters of a closure, if it is one that has no types.
    parameters: Option<Vec<String>>,
    /// The type of the user's that it makes with a function of that: `Stack::new()`.
    maker: Option<(String, String)>,
}

/// Where the type of a variable was left open, or that of one which it has its value from.
pub(super) fn of(
    name: &str,
    variable: &Variable,
    asked: &Asked<'_>,
    seen: &mut Names,
) -> Option<Origin> {
    let is_default = words(&variable.ty).any(|word| word == asked.default);
    if !is_default || !seen.insert(name.to_owned()) {
        return None;
    }
    let source = asked.cells.get(&variable.cell)?;
    let statements = cell::statements(&source.text, |statement| {
        let range = syn::spanned::Spanned::span(statement).byte_range();
        (
            source.text[range.clone()].to_owned(),
            open(statement, &source.text[range], name),
        )
    });
    let at = statements.iter().rposition(|(_, open)| open.is_some())?;
    let open = statements[at].1.as_ref()?;
    let mentions = |text: &str| words(text).any(|word| word == name);
    let told = statements.iter().filter(|(text, _)| mentions(text));
    if told
        .clone()
        .any(|(text, _)| words(text).any(|word| word == asked.default))
    {
        return None;
    }
    let origin = |better| {
        Some(Origin {
            name: name.to_owned(),
            cell: variable.cell,
            better,
        })
    };
    let names: Names = words(&open.text).map(str::to_owned).collect();
    let others = names.iter().filter(|other| *other != name);
    let mut others = others.filter_map(|other| asked.scope.variables.get_key_value(other));
    if let Some(found) = others.find_map(|(other, variable)| of(other, variable, asked, seen)) {
        return Some(found);
    }
    let ty = variable.ty.replace(' ', "");
    let is_of = |name: &str| ty.ends_with(&format!("{name}<{}>", asked.default));
    if let Some((ty, call)) = open.maker.as_ref().filter(|(ty, _)| is_of(ty)) {
        let mut numbers = told.filter(|(text, _)| has_number(text, asked));
        let typed = format!("{ty}::<{}>::{call}", asked.wanted);
        return numbers.next().and_then(|_| origin(typed));
    }
    // A function of the user's has a type of its own.
    let mut own = names.iter().filter(|name| asked.scope.item(name).is_some());
    if own.any(|name| !is_of(name)) {
        return None;
    }
    if let Some(parameters) = &open.parameters {
        let [parameter] = &parameters[..] else {
            return None;
        };
        return origin(format!("|{parameter}: {}|", asked.wanted));
    }
    if let Some(number) = &open.number
        && (open.is_literal || Form::of(&open.text).gets_a_default)
    {
        return origin(with_type(number, asked.default, asked.wanted)?);
    }
    // A collection that the same cell has filled, say.
    let mut filled = statements[at..].iter().filter(|(text, _)| mentions(text));
    if !filled.any(|(text, _)| has_number(text, asked)) {
        return None;
    }
    let by = if open.is_mut { "mut " } else { "" };
    let ty = for_people(&variable.ty, asked)?;
    origin(format!("let {by}{name}: {ty}"))
}

/// A statement as the `let` of a variable that has no type there.
fn open(statement: &Stmt, text: &str, name: &str) -> Option<Open> {
    let Stmt::Local(local) = statement else {
        return None;
    };
    let Pat::Ident(pattern) = &local.pat else {
        return None;
    };
    let init = &*local.init.as_ref()?.expr;
    let sign = match init {
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => "-",
        _ => "",
    };
    (tokens::name(&pattern.ident) == name).then(|| Open {
        text: text.to_owned(),
        number: bare_number(init).map(|number| format!("{sign}{number}")),
        is_literal: matches!(init, Expr::Struct(_)),
        is_mut: pattern.mutability.is_some(),
        parameters: parameters(local),
        maker: maker(init),
    })
}

/// The parameters of the closure that a `let` binds, if none has a type.
fn parameters(local: &Local) -> Option<Vec<String>> {
    let Expr::Closure(closure) = &*local.init.as_ref()?.expr else {
        return None;
    };
    let names = closure.inputs.iter().map(|input| match input {
        Pat::Ident(pattern) => Some(tokens::name(&pattern.ident)),
        _ => None,
    });
    names.collect()
}

/// The type and the function of `Stack::new()`.
fn maker(init: &Expr) -> Option<(String, String)> {
    let Expr::Call(call) = init else { return None };
    let Expr::Path(path) = &*call.func else {
        return None;
    };
    let segments: Vec<_> = path.path.segments.iter().collect();
    let [ty, function] = &segments[..] else {
        return None;
    };
    let is_bare = ty.arguments.is_none() && call.args.is_empty();
    let (ty, function) = (tokens::name(&ty.ident), tokens::name(&function.ident));
    let is_type = ty.starts_with(char::is_uppercase) && is_bare;
    is_type.then(|| (ty, format!("{function}()")))
}

/// Whether there is a number without a type in a statement that would have the default one.
fn has_number(text: &str, asked: &Asked<'_>) -> bool {
    struct Numbers<'a>(&'a str, bool);
    impl Visit<'_> for Numbers<'_> {
        fn visit_expr(&mut self, expr: &Expr) {
            let number = bare_number(expr);
            self.1 |= number.is_some_and(|number| default_of(&number) == self.0);
            visit::visit_expr(self, expr);
        }
    }
    let parsed = syn::parse::Parser::parse_str(syn::Block::parse_within, text);
    let mut numbers = Numbers(asked.default, false);
    for statement in parsed.iter().flatten() {
        numbers.visit_stmt(statement);
    }
    numbers.1
}

/// A type of std's, with the number's that is wanted, as one writes it.
fn for_people(ty: &str, asked: &Asked<'_>) -> Option<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut shown = String::new();
    let mut rest = ty;
    while let Some(start) = rest.find(|c| is_part(c) || c == ':') {
        let end = rest[start..].find(|c| !(is_part(c) || c == ':'));
        let path = &rest[start..end.map_or(rest.len(), |end| start + end)];
        let name = path.rsplit("::").next().unwrap_or(path);
        shown.push_str(&rest[..start]);
        shown.push_str(if name == asked.default {
            asked.wanted
        } else {
            name
        });
        rest = &rest[start + path.len()..];
    }
    shown.push_str(rest);
    for (blanks, none) in [
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        ("&'static ", "&"),
    ] {
        shown = shown.replace(blanks, none);
    }
    (!shown.contains("dyn ") && !shown.contains("impl ")).then_some(shown)
}

fn is_whole(number: &str) -> bool {
    !number.contains(['.', 'e', 'E']) || number.starts_with("0x")
}

fn default_of(number: &str) -> &'static str {
    if is_whole(number) {
        DEFAULTS[0]
    } else {
        DEFAULTS[1]
    }
}

/// A number with the type that is wanted, if it can have that.
pub(super) fn with_type(number: &str, default: &str, wanted: &str) -> Option<String> {
    let is_whole = is_whole(number);
    let default_of_this = default_of(number);
    let to_float = wanted.starts_with('f');
    let is_decimal = !number.trim_start_matches('-').starts_with("0x");
    let fits = default == default_of_this
        && (to_float && is_decimal || is_whole && !to_float)
        && !(number.starts_with('-') && wanted.starts_with('u'));
    let point = if number.ends_with('.') { "0" } else { "" };
    fits.then(|| format!("{number}{point}{wanted}"))
}

/// The words of a text.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests;
