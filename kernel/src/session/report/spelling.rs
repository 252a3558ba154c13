//! Types, signatures and sizes as one writes them.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

use crate::compiler::diagnostics;
use crate::compiler::types::lifetimes;

/// The text of a token stream, without the blanks that stand between any two tokens. What is no Rust stays as it is.
pub(crate) fn tidy(tokens: &str) -> String {
    let stream = match tokens.parse::<TokenStream>() {
        Ok(stream) if !tokens.contains(['{', '@']) => stream,
        _ => return tokens.trim().to_owned(),
    };
    let mut words = Vec::new();
    collect(stream, &mut words);
    let mut text = String::new();
    for (n, word) in words.iter().enumerate() {
        if n > 0 && is_apart(&words[n - 1], word) {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// The tokens, with brackets, signs and lifetimes in one piece each.
fn collect(stream: TokenStream, words: &mut Vec<String>) {
    let mut joins = false;
    for token in stream {
        let (text, next_joins) = match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                words.push(open.to_owned());
                collect(group.stream(), words);
                words.push(close.to_owned());
                joins = false;
                continue;
            }
            TokenTree::Punct(sign) => {
                let is_joint = sign.spacing() == Spacing::Joint && "':-=".contains(sign.as_char());
                (sign.to_string(), is_joint)
            }
            other => (other.to_string(), false),
        };
        match words.last_mut() {
            Some(last) if joins => last.push_str(&text),
            _ => words.push(text),
        }
        joins = next_joins;
    }
}

/// Whether a blank stands between two tokens.
fn is_apart(before: &str, after: &str) -> bool {
    let is_word =
        |text: &str| text.starts_with(|c: char| c.is_alphanumeric() || "_'\"#".contains(c));
    let binds_loosely = |word: &str| ["=", "+", "->", "==", "=>"].contains(&word);
    match (before, after) {
        (_, "," | ";" | ")" | "]" | ":") | ("(" | "[", _) => false,
        ("," | ";" | ":", _) => true,
        _ if binds_loosely(before) || binds_loosely(after) => true,
        ("dyn" | "impl" | "mut" | "const" | "as" | "in" | "where", _) => after != ">",
        _ if before.starts_with('\'') => after != ">",
        (")" | "]" | ">", word) => is_word(word),
        _ => is_word(before) && is_word(after),
    }
}

/// A type as the user would write it: without what only generated code needs.
pub(crate) fn plain_type(ty: &str) -> String {
    let ty = ty.replace(lifetimes::ALWAYS, "'static");
    let mut plain = tidy(&diagnostics::plain(&tidy(&ty)));
    for before in ["", "<", "(", "[", " ", "&"] {
        let absolute = format!("{before}::");
        if before.is_empty() {
            plain = plain.strip_prefix(&absolute).unwrap_or(&plain).to_owned();
        } else {
            plain = plain.replace(&absolute, before);
        }
    }
    plain
}

/// A number of bytes as one says it.
pub(crate) fn bytes_shown(bytes: u64) -> String {
    match bytes {
        bytes if bytes >= 1 << 30 && bytes % (1 << 30) == 0 => format!("{} GB", bytes >> 30),
        bytes => format!("{} MB", bytes >> 20),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_read_as_they_are_written() {
        let cases = [
            ("::woozle::names::Vec < u8 >", "Vec<u8>"),
            ("(::a::B<::c::D>, &::e::F)", "(a::B<c::D>, &e::F)"),
            (
                "::woozle::names::JoinHandle<::woozle::cell::Never>",
                "JoinHandle<!>",
            ),
            (
                "::std::collections::HashMap<u8, ::cell_3::Point>",
                "std::collections::HashMap<u8, Point>",
            ),
            (
                "Box < dyn Fn (i32) -> Option < & 'static str > + Send >",
                "Box<dyn Fn(i32) -> Option<&'static str> + Send>",
            ),
            ("(i32 , [u8 ; 4])", "(i32, [u8; 4])"),
            (
                "::std::boxed::Box<dyn ::std::iter::Iterator<Item = ::woozle::names::String> + ::woozle::names::Send>",
                "std::boxed::Box<dyn std::iter::Iterator<Item = String> + Send>",
            ),
            (
                "Box < dyn :: std :: fmt :: Debug + Send >",
                "Box<dyn std::fmt::Debug + Send>",
            ),
            ("()", "()"),
            (
                "Box<dyn ::std::error::Error + Send + Sync + 'static>",
                "Box<dyn std::error::Error + Send + Sync + 'static>",
            ),
            ("fn(& 'a mut T, ...) -> !", "fn(&'a mut T, ...) -> !"),
            (
                "::std::boxed::Box<dyn for<'a> Fn(&'a [u8]) -> *const u8>",
                "std::boxed::Box<dyn for<'a> Fn(&'a [u8]) -> *const u8>",
            ),
            ("{closure@cell [3]:1:2: 1:9}", "{closure@cell [3]:1:2: 1:9}"),
        ];
        for (ty, expected) in cases {
            assert_eq!(plain_type(ty), expected);
        }
    }

    #[test]
    fn signatures_read_as_they_are_written() {
        let signature =
            "fn f < T : Clone > (& mut self , a : (u8 , u8)) -> Result < T , () > where T : Send";
        assert_eq!(
            tidy(signature),
            "fn f<T: Clone>(&mut self, a: (u8, u8)) -> Result<T, ()> where T: Send"
        );
    }
}
