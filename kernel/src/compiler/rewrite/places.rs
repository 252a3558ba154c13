//! `file!()`, `column!()` and `module_path!()` in a cell's text: what they are there, rather than in the generated file. What
//! `Location::caller()` and `std::any::type_name` give is changed as the cell runs.

use std::ops::Range;

use woozle::protocol::NOTEBOOK;

use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::item::Kind as ItemKind;
use crate::compiler::syntax::source::{Edit, Part, cell_name};
use crate::compiler::syntax::tokens::{Kind, Token, Tokens};

/// The edits for a text of this number.
pub(crate) fn edits(text: &str, number: u32, parsed: &Parsed) -> Vec<Edit> {
    let words = ["file!", "column!", "module_path!", "caller", "type_name"];
    if !words.iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    let Ok(stream) = text.parse() else {
        return Vec::new();
    };
    let all = Tokens::new(stream);
    proc_macro2::extra::invalidate_current_thread_spans();
    let tokens = all.within(&(0..text.len()));
    let mut edits = Vec::new();
    for n in 0..tokens.len() {
        if let Some((range, function)) = call(tokens, n) {
            let mut items = parsed.items.iter();
            let item = items.rfind(|item| item.range.contains(&range.start));
            let is_const = item.is_some_and(|item| text[item.range.clone()].contains("const "));
            let is_macro = item.is_some_and(|item| item.kind == ItemKind::Macro);
            if !is_const && !is_macro && item.is_none_or(|item| item.kind != ItemKind::Static) {
                let part = match item {
                    Some(_) => Part::Items,
                    None => Part::Body,
                };
                let before = format!("::woozle::cell::{function}(");
                edits.push(Edit::before(range.start, before, part));
                edits.push(Edit::after(range.end, ")", part));
            }
            continue;
        }
        let [
            Token {
                kind: Kind::Ident(word),
                ..
            },
            bang,
            group,
            ..,
        ] = &tokens[n..]
        else {
            continue;
        };
        let is_call = bang.kind == Kind::Punct('!')
            && matches!(group.kind, Kind::Group(_))
            && text[group.range.clone()][1..group.range.len() - 1]
                .trim()
                .is_empty();
        let start = tokens[start_of_path(tokens, n)].range.start;
        let item = parsed.items.iter().find(|item| item.range.contains(&start));
        // Where a macro of the user's has it, it is about the macro's call.
        if !is_call || item.is_some_and(|item| item.kind == ItemKind::Macro) {
            continue;
        }
        let is_at_call = |word: &str| match word {
            "file" => Some(format!("{:?}", cell_name(number))),
            "column" => Some(format!("{}u32", column(text, start))),
            "module_path" => Some(format!("{:?}", module(tokens, start))),
            _ => None,
        };
        if let Some(value) = is_at_call(word) {
            let part = match item {
                Some(_) => Part::Items,
                None => Part::Body,
            };
            edits.push(Edit::replace(start..group.range.end, value, part));
        }
    }
    edits
}

/// A call of one of std's functions that tell a place or a name, and what makes that the user's; `n` is at the function's name.
fn call(tokens: &[Token], n: usize) -> Option<(Range<usize>, &'static str)> {
    let Kind::Ident(word) = &tokens[n].kind else {
        return None;
    };
    let (within, function) = match word.as_str() {
        "caller" => ("Location", "caller"),
        "type_name" | "type_name_of_val" => ("any", "type_name"),
        _ => return None,
    };
    let is_colon = |n: usize| tokens[n].kind == Kind::Punct(':');
    let is_of_it = n >= 3 && is_colon(n - 1) && is_colon(n - 2) && tokens[n - 3].is_ident(within);
    // Behind a turbofish.
    let mut open = 0;
    let group = tokens[n + 1..].iter().find(|token| {
        match token.kind {
            Kind::Punct('<') => open += 1,
            Kind::Punct('>') => open -= 1,
            _ => {}
        }
        open == 0 && matches!(token.kind, Kind::Group(_))
    });
    let group = group.filter(|_| is_of_it)?;
    let start = tokens[start_of_path(tokens, n)].range.start;
    Some((start..group.range.end, function))
}

/// Where the path begins that ends with a token: `std::file` at `std`.
fn start_of_path(tokens: &[Token], mut n: usize) -> usize {
    let is_colon = |n: usize| tokens[n].kind == Kind::Punct(':');
    while n >= 2 && is_colon(n - 1) && is_colon(n - 2) {
        n -= 2;
        if n >= 1 && matches!(tokens[n - 1].kind, Kind::Ident(_)) {
            n -= 1;
        }
    }
    n
}

/// The column, as rustc counts them.
fn column(text: &str, at: usize) -> usize {
    let line = text[..at].rsplit('\n').next().unwrap_or_default();
    line.chars().count() + 1
}

/// The modules around a place.
fn module(tokens: &[Token], at: usize) -> String {
    let mut path = NOTEBOOK.to_owned();
    for window in tokens.windows(3) {
        if let [
            word,
            Token {
                kind: Kind::Ident(name),
                ..
            },
            body,
        ] = window
            && word.is_ident("mod")
            && matches!(body.kind, Kind::Group(_))
            && body.range.contains(&at)
        {
            path.push_str("::");
            path.push_str(name);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compiler::syntax::tokens::Names;

    fn edited(text: &str) -> String {
        let parsed = Parsed::new(text, &Names::new()).expect("Rust");
        let mut edits = edits(text, 3, &parsed);
        edits.sort_by_key(|edit| edit.range.start);
        let mut shown = text.to_owned();
        for edit in edits.into_iter().rev() {
            shown.replace_range(edit.range, &edit.text);
        }
        shown
    }

    #[test]
    fn places_are_those_of_the_text() {
        for (text, expected) in [
            ("f(file!(), line!())", "f(\"cell [3]\", line!())"),
            ("::std::file!()", "\"cell [3]\""),
            ("let é = 1; std::column!()", "let é = 1; 12u32"),
            (
                "mod a { mod b { fn f() { m!(module_path!()); } } }",
                "mod a { mod b { fn f() { m!(\"notebook::a::b\"); } } }",
            ),
            (
                "macro_rules! m { () => { file!() } }",
                "macro_rules! m { () => { file!() } }",
            ),
            ("file!(x); file", "file!(x); file"),
            (
                "println!(\"{}\", std::any::type_name_of_val(&f));",
                "println!(\"{}\", ::woozle::cell::type_name(std::any::type_name_of_val(&f)));",
            ),
            (
                "fn f<T>() -> String { any::type_name::<Vec<T>>().into() }",
                "fn f<T>() -> String { ::woozle::cell::type_name(any::type_name::<Vec<T>>()).into() }",
            ),
            (
                "Location::caller()",
                "::woozle::cell::caller(Location::caller())",
            ),
            ("me.caller(); type_name(1)", "me.caller(); type_name(1)"),
            (
                "const L: &Location = Location::caller();",
                "const L: &Location = Location::caller();",
            ),
        ] {
            assert_eq!(edited(text), expected);
        }
    }
}
