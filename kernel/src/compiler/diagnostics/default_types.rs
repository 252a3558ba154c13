//! A note of ours on a number that got the default type in an earlier cell, where another one is wanted now.

use std::collections::BTreeSet;

use syn::{Expr, Pat, Stmt};

use super::place::place;
use super::report::Cells;
use crate::compiler::resolve::session_scope::{Scope, Variable};
use crate::compiler::rustc::contract::code::MISMATCHES;
use crate::compiler::rustc::messages::Message;
use crate::compiler::syntax::cell;
use crate::compiler::syntax::construction::{Form, bare_number};
use crate::compiler::syntax::tokens::{self, Names};

const NUMBERS: [&str; 14] = [
    "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "f32",
    "f64",
];

/// The types that a number gets by default: without a point, and with one.
pub(crate) const DEFAULTS: [&str; 2] = ["i32", "f64"];

/// The note on an error, if such a number is behind it.
pub(super) fn advice(error: &Message, cells: &Cells, scope: &Scope) -> Option<String> {
    if !MISMATCHES.contains(&error.code()) {
        return None;
    }
    let found = numbers(error);
    let default = DEFAULTS.into_iter().find(|ty| found.contains(ty))?;
    let mut others = found.into_iter().filter(|ty| *ty != default);
    let (wanted, None) = (others.next()?, others.next()) else {
        return None;
    };
    let mut candidates: Vec<(&String, &Variable, String)> = Vec::new();
    let mentioned = mentioned(error, cells);
    for (name, variable) in &scope.variables {
        if mentioned.contains(name)
            && words(&variable.ty).any(|word| word == default)
            && let Some(number) = number_of(name, variable, cells, scope)
            && let Some(better) = with_type(&number, default, wanted)
        {
            candidates.push((name, variable, better));
        }
    }
    let is_pointed_to = |name: &str| {
        let mut texts = error.spans.iter().filter_map(|span| {
            let (cell, range) = place(span, cells)?;
            cells.get(&cell)?.text.get(range)
        });
        texts.any(|text| words(text).any(|word| word == name))
    };
    let pointed_to = candidates.iter().position(|(name, ..)| is_pointed_to(name));
    let chosen = match (pointed_to, candidates.len()) {
        (Some(n), _) => n,
        (None, 1) => 0,
        _ => return None,
    };
    let (name, variable, better) = &candidates[chosen];
    Some(format!(
        "`{name}` got `{default}` in cell [{}], since nothing there said otherwise; write `{better}` there",
        variable.cell
    ))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
}

/// The types of numbers that an error names.
fn numbers(error: &Message) -> BTreeSet<&'static str> {
    let labels = error.spans.iter().filter_map(|span| span.label.as_deref());
    let texts = labels.chain([error.message.as_str()]);
    let quoted = texts.flat_map(|text| text.split('`').skip(1).step_by(2));
    let words = quoted.flat_map(words);
    words
        .filter_map(|word| NUMBERS.into_iter().find(|number| *number == word))
        .collect()
}

/// The names that the statement mentions which an error is in.
fn mentioned(error: &Message, cells: &Cells) -> Names {
    let mut primary = error.spans.iter().filter(|span| span.is_primary);
    let place = primary.find_map(|span| place(span, cells));
    let Some((source, range)) = place.and_then(|(cell, range)| Some((cells.get(&cell)?, range)))
    else {
        return Names::new();
    };
    let names = cell::statements(&source.text, |statement| {
        let own = syn::spanned::Spanned::span(statement).byte_range();
        let text = own.contains(&range.start).then(|| &source.text[own]);
        text.map_or_else(Vec::new, |text| words(text).map(str::to_owned).collect())
    });
    names.into_iter().flatten().collect()
}

/// The number in the `let` of a variable that has no type there, as it is written.
fn number_of(name: &str, variable: &Variable, cells: &Cells, scope: &Scope) -> Option<String> {
    let source = cells.get(&variable.cell)?;
    let found = cell::statements(&source.text, |statement| {
        let Stmt::Local(local) = statement else {
            return None;
        };
        let Pat::Ident(pattern) = &local.pat else {
            return None;
        };
        let init = &*local.init.as_ref()?.expr;
        let text = &source.text[syn::spanned::Spanned::span(statement).byte_range()];
        let is_it = tokens::name(&pattern.ident) == name;
        let is_own = words(text).any(|word| scope.item(word).is_some());
        let number = bare_number(init).filter(|_| is_it && !is_own)?;
        Some((number, text.to_owned(), is_negative(init)))
    });
    let (number, text, is_negative) = found.into_iter().flatten().next_back()?;
    let sign = if is_negative { "-" } else { "" };
    Form::of(&text)
        .gets_a_default
        .then(|| format!("{sign}{number}"))
}

fn is_negative(init: &Expr) -> bool {
    matches!(init, Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)))
}

/// A number with the type that is wanted, if it can have that.
fn with_type(number: &str, default: &str, wanted: &str) -> Option<String> {
    let is_whole = !number.contains(['.', 'e', 'E']) || number.starts_with("0x");
    let default_of_this = if is_whole { DEFAULTS[0] } else { DEFAULTS[1] };
    let to_float = wanted.starts_with('f');
    let is_decimal = !number.trim_start_matches('-').starts_with("0x");
    let fits = default == default_of_this
        && (to_float && is_decimal || is_whole && !to_float)
        && !(number.starts_with('-') && wanted.starts_with('u'));
    let point = if number.ends_with('.') { "0" } else { "" };
    fits.then(|| format!("{number}{point}{wanted}"))
}

#[cfg(test)]
mod tests;
