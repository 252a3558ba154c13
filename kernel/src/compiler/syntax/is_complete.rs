//! Whether a cell's text is complete, for consoles that ask before they run it.

use crate::compiler::syntax::cell::{BYTE_ORDER_MARK, Parsed, ends_too_early};
use crate::compiler::syntax::tokens::Names;

/// What a console does with the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completeness {
    /// It runs it.
    Complete,
    /// It asks for another line, which begins with this many blanks.
    Incomplete(usize),
    /// It runs it, and gets the error.
    Invalid,
}

/// Whether a text can be run, or goes on.
pub fn completeness(text: &str) -> Completeness {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    if text.trim_start().starts_with(':') || Parsed::new(text, &Names::new()).is_some() {
        return Completeness::Complete;
    }
    match open(text) {
        Some(depth) => Completeness::Incomplete(depth * 4),
        // such as `let x = 1` or `a +`: right so far, if something more makes it whole
        None if ends_too_early(text) => Completeness::Incomplete(0),
        None if Parsed::new(&format!("{text};"), &Names::new()).is_some() => {
            Completeness::Incomplete(0)
        }
        None => Completeness::Invalid,
    }
}

/// How many brackets, strings and comments are open at the end; `None` if all are closed, or one
/// is closed that was not open.
fn open(text: &str) -> Option<usize> {
    let mut brackets = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = if rest.starts_with("//") {
            rest.find('\n').map_or("", |at| &rest[at..])
        } else if rest.starts_with("/*") {
            match after_comment(rest) {
                Some(after) => after,
                None => return Some(brackets.len()),
            }
        } else if let Some(hashes) = raw_string(rest) {
            let start = rest.find('"').map_or(rest.len(), |at| at + 1);
            let end = format!("\"{}", "#".repeat(hashes));
            match rest[start..].find(&end) {
                Some(at) => &rest[start + at + end.len()..],
                None => return Some(brackets.len()),
            }
        } else if c == '"' {
            match after_string(after) {
                Some(after) => after,
                None => return Some(brackets.len()),
            }
        } else if c == '\'' {
            after_char(after)
        } else {
            match c {
                '(' => brackets.push(')'),
                '[' => brackets.push(']'),
                '{' => brackets.push('}'),
                ')' | ']' | '}' if brackets.pop() != Some(c) => return None,
                _ => {}
            }
            after
        };
    }
    (!brackets.is_empty()).then_some(brackets.len())
}

fn after_comment(text: &str) -> Option<&str> {
    let mut depth = 0;
    let mut at = 0;
    loop {
        let (open, close) = (text[at..].find("/*"), text[at..].find("*/"));
        match (open, close?) {
            (Some(open), close) if open < close => {
                depth += 1;
                at += open + 2;
            }
            (_, close) => {
                depth -= 1;
                at += close + 2;
                if depth == 0 {
                    return Some(&text[at..]);
                }
            }
        }
    }
}

/// The number of hashes, if a raw string begins here.
fn raw_string(text: &str) -> Option<usize> {
    let after = ["r", "br", "cr"]
        .iter()
        .find_map(|start| text.strip_prefix(start))?;
    let bare = after.trim_start_matches('#');
    bare.starts_with('"').then_some(after.len() - bare.len())
}

fn after_string(text: &str) -> Option<&str> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(&text[at + 1..]),
            _ => {}
        }
    }
    None
}

/// What follows a character literal; a lifetime is nothing special.
fn after_char(text: &str) -> &str {
    let mut chars = text.char_indices();
    match chars.next() {
        Some((_, '\\')) => {
            chars.next();
            let escape = chars.find(|(_, c)| *c == '\'');
            escape.map_or("", |(at, _)| &text[at + 1..])
        }
        Some(_) => match chars.next() {
            Some((at, '\'')) => &text[at + 1..],
            _ => text,
        },
        None => text,
    }
}

#[cfg(test)]
mod tests;
