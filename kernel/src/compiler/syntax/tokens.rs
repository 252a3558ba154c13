//! The tokens of a cell, flat and with their places.

use std::collections::BTreeSet;
use std::ops::Range;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

/// Names that a piece of code mentions.
pub type Names = BTreeSet<String>;

/// A token.
#[derive(Debug, Clone)]
pub struct Token {
    /// Its place in the cell.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// How many groups it lies in.
    pub depth: usize,
}

/// The kinds of tokens, as far as they matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A name or keyword, as [`name`] writes it.
    Ident(String),
    /// Punctuation.
    Punct(char),
    /// A literal.
    Literal(String),
    /// A whole group; its tokens follow.
    Group(Delimiter),
}

/// A name as it is compared: without `r#`, unless it is a keyword without that.
pub fn name(ident: &Ident) -> String {
    let text = ident.to_string();
    match text.strip_prefix("r#") {
        Some(bare) if bare != "gen" && syn::parse_str::<Ident>(bare).is_ok() => bare.to_owned(),
        _ => text,
    }
}

impl Token {
    /// Whether it is this name or keyword.
    pub fn is_ident(&self, name: &str) -> bool {
        matches!(&self.kind, Kind::Ident(own) if own == name)
    }
}

/// All tokens of a cell, in their order.
#[derive(Debug, Default)]
pub struct Tokens(Vec<Token>);

impl Tokens {
    /// Lays a token stream flat.
    pub fn new(stream: TokenStream) -> Self {
        let mut tokens = Vec::new();
        flatten(stream, 0, &mut tokens);
        Self(tokens)
    }

    /// The tokens that begin in a range.
    pub fn within(&self, range: &Range<usize>) -> &[Token] {
        let start = self
            .0
            .partition_point(|token| token.range.start < range.start);
        let end = self
            .0
            .partition_point(|token| token.range.start < range.end);
        &self.0[start..end]
    }

    /// The place of the first token that is not part of an attribute.
    pub fn after_attributes(&self, range: &Range<usize>) -> usize {
        let mut at = range.start;
        loop {
            let mut tokens = self.within(&(at..range.end)).iter();
            match tokens.next() {
                Some(Token {
                    kind: Kind::Punct('#'),
                    ..
                }) => {}
                Some(token) => return token.range.start,
                None => return range.start,
            }
            let group = tokens.find(|token| token.kind == Kind::Group(Delimiter::Bracket));
            match group {
                Some(group) => at = group.range.end.max(at + 1),
                None => return range.start,
            }
        }
    }

    /// The names that a range mentions: its identifiers, but for fields and methods, and the names
    /// in the braces of its string literals (they may be formatted).
    pub fn names(&self, range: &Range<usize>) -> Names {
        let tokens = self.within(range);
        let mut names = Names::new();
        for (n, token) in tokens.iter().enumerate() {
            match &token.kind {
                Kind::Ident(name) if !follows_dot(&tokens[..n]) => {
                    names.insert(name.clone());
                }
                Kind::Literal(text) if text.contains('"') => names_in_format(text, &mut names),
                _ => {}
            }
        }
        names
    }

    /// All names: those that [`names`](Self::names) finds, and the fields and methods.
    pub fn all_names(&self) -> (Names, Names) {
        let after_dot = |n: &usize| follows_dot(&self.0[..*n]);
        let fields = (0..self.0.len()).filter(after_dot);
        let fields = fields.filter_map(|n| match &self.0[n].kind {
            Kind::Ident(name) => Some(name.clone()),
            _ => None,
        });
        (self.names(&(0..usize::MAX)), fields.collect())
    }

    /// The tokens of a range as one line, to tell whether two pieces of code are the same.
    pub fn normalised(&self, range: &Range<usize>) -> String {
        let mut text = String::new();
        for token in self.within(range) {
            match &token.kind {
                Kind::Ident(word) | Kind::Literal(word) => text.push_str(word),
                Kind::Punct(punct) => text.push(*punct),
                Kind::Group(delimiter) => text.push_str(&format!("{delimiter:?}")),
            }
            // without it, moving a token into a group would make no difference
            text.push_str(&format!("@{} ", token.depth));
        }
        text
    }
}

fn follows_dot(before: &[Token]) -> bool {
    let dot = |n: usize| {
        before
            .len()
            .checked_sub(n)
            .is_some_and(|at| before[at].kind == Kind::Punct('.'))
    };
    dot(1) && !dot(2)
}

/// The names in the braces of a text to format.
pub fn formatted(text: &str) -> Names {
    let mut names = Names::new();
    names_in_format(text, &mut names);
    names
}

/// The texts among tokens.
pub fn texts(stream: TokenStream) -> Vec<String> {
    let mut texts = Vec::new();
    for tree in stream {
        match tree {
            TokenTree::Group(group) => texts.extend(self::texts(group.stream())),
            TokenTree::Literal(literal) => {
                if let syn::Lit::Str(text) = syn::Lit::new(literal) {
                    texts.push(text.value());
                }
            }
            _ => {}
        }
    }
    texts
}

fn names_in_format(literal: &str, names: &mut Names) {
    for piece in literal.split('{').skip(1) {
        let end = piece
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(piece.len());
        if !piece[..end].is_empty() && !piece.starts_with(|c: char| c.is_ascii_digit()) {
            names.insert(piece[..end].to_owned());
        }
        // a width or precision: {x:w$.p$}
        for word in piece
            .split('}')
            .next()
            .unwrap_or_default()
            .split('$')
            .rev()
            .skip(1)
        {
            let start = word
                .rfind(|c: char| !(c.is_alphanumeric() || c == '_'))
                .map_or(0, |n| n + 1);
            if !word[start..].is_empty() {
                names.insert(word[start..].to_owned());
            }
        }
    }
}

fn flatten(stream: TokenStream, depth: usize, tokens: &mut Vec<Token>) {
    for tree in stream {
        let range = tree.span().byte_range();
        let after_quote = tokens
            .last()
            .is_some_and(|last| last.kind == Kind::Punct('\'') && last.range.end == range.start);
        let kind = match &tree {
            TokenTree::Ident(ident) if after_quote => Kind::Literal(format!("'{ident}")), // a lifetime
            TokenTree::Ident(ident) => Kind::Ident(name(ident)),
            TokenTree::Punct(punct) => Kind::Punct(punct.as_char()),
            TokenTree::Literal(literal) => Kind::Literal(literal.to_string()),
            TokenTree::Group(group) => Kind::Group(group.delimiter()),
        };
        tokens.push(Token { range, kind, depth });
        if let TokenTree::Group(group) = tree {
            flatten(group.stream(), depth + 1, tokens);
        }
    }
}

#[cfg(test)]
mod tests;
