//! A note of ours on a number that got the default type in an earlier cell, where another one is wanted now.

use std::collections::BTreeSet;

use super::origin::{self, Asked, DEFAULTS, Origin, words};
use crate::compiler::diagnostics::place::place;
use crate::compiler::diagnostics::report::Cells;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::contract::code::MISMATCHES;
use crate::compiler::rustc::messages::Message;
use crate::compiler::syntax::cell;
use crate::compiler::syntax::tokens::Names;

const NUMBERS: [&str; 14] = [
    "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "f32",
    "f64",
];

/// The note on an error, if such a number is behind it.
pub(in crate::compiler::diagnostics) fn advice(
    error: &Message,
    cells: &Cells,
    scope: &Scope,
) -> Option<String> {
    if !MISMATCHES.contains(&error.code()) {
        return None;
    }
    let found = numbers(error);
    let default = DEFAULTS.into_iter().find(|ty| found.contains(ty))?;
    let mut others = found.into_iter().filter(|ty| *ty != default);
    let (wanted, None) = (others.next()?, others.next()) else {
        return None;
    };
    let mut candidates: Vec<(&String, Origin)> = Vec::new();
    let mentioned = mentioned(error, cells);
    let asked = Asked {
        default,
        wanted,
        cells,
        scope,
    };
    for (name, variable) in &scope.variables {
        if mentioned.contains(name)
            && let Some(origin) = origin::of(name, variable, &asked, &mut Names::new())
        {
            candidates.push((name, origin));
        }
    }
    let is_pointed_to = |name: &str| {
        let mut texts = error.spans.iter().filter_map(|span| {
            let (cell, range) = place(span, cells)?;
            cells.get(&cell)?.text.get(range)
        });
        texts.any(|text| words(text).any(|word| word == name))
    };
    let pointed_to = candidates.iter().position(|(name, _)| is_pointed_to(name));
    let chosen = match (pointed_to, candidates.len()) {
        (Some(n), _) => n,
        (None, 1) => 0,
        _ => return None,
    };
    let (_, origin) = &candidates[chosen];
    Some(format!(
        "`{}` got `{default}` in cell [{}], since nothing there said otherwise; write `{}` there",
        origin.name, origin.cell, origin.better
    ))
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
