//! What the rules of a `macro_rules!` produce as items is made `pub`, too.
//!
//! The rules are no Rust yet (`fn $name() {}`), so this reads tokens: an item's first word, at a place where
//! an item may begin. What a rule produces deeper within (a function's body, a trait's `impl`) stays as it is.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The places within the rules where `pub ` belongs.
pub(crate) fn places(rules: TokenStream) -> Vec<usize> {
    let mut found = Vec::new();
    let trees: Vec<TokenTree> = rules.into_iter().collect();
    for window in trees.windows(3) {
        // `(pattern) => { items }`
        if let [equals, arrow, TokenTree::Group(produced)] = window
            && is_punct(equals, '=')
            && is_punct(arrow, '>')
        {
            items(produced, false, &mut found);
        }
    }
    found
}

/// Items, or the members of an inherent `impl`.
fn items(group: &Group, are_members: bool, found: &mut Vec<usize>) {
    let trees: Vec<TokenTree> = group.stream().into_iter().collect();
    let mut at = 0;
    while at < trees.len() {
        at = item(&trees, at, are_members, found);
    }
}

/// Looks at what begins at `at`; gives the place of what follows it.
fn item(trees: &[TokenTree], at: usize, is_member: bool, found: &mut Vec<usize>) -> usize {
    if let Some(next) = skip_attribute(trees, at) {
        return next;
    }
    if let Some((repeated, next)) = repetition(trees, at) {
        items(repeated, is_member, found);
        return next;
    }
    let (first, public) = after_visibility(trees, at);
    let mut word = first;
    while word_at(trees, word)
        .is_some_and(|w| ["async", "unsafe", "extern", "const"].contains(&&*w))
        && (word_at(trees, word + 1).is_some()
            || matches!(trees.get(word + 1), Some(TokenTree::Literal(_))))
        && defines(trees, word).is_none()
    {
        word += 1;
        while matches!(trees.get(word), Some(TokenTree::Literal(_))) {
            word += 1; // extern "C"
        }
    }
    let end = end_of(trees, word);
    let body = trees.get(end - 1);
    match defines(trees, word) {
        Some(kind) => {
            // A method that stands alone is a member of whatever the call is in: a trait's `impl`, more likely than not.
            let is_lone_method = kind == "fn" && !is_member && takes_self(&trees[word..end]);
            if !public
                && !is_lone_method
                && let Some(first) = trees.get(first)
            {
                found.push(first.span().byte_range().start);
            }
            if kind == "struct" || kind == "union" {
                let is_fields = |tree: &&TokenTree| matches!(tree, TokenTree::Group(g) if g.delimiter() != Delimiter::Bracket);
                if let Some(TokenTree::Group(list)) = trees[word..end].iter().find(is_fields) {
                    fields(list, found);
                }
            }
        }
        None if word_at(trees, word).as_deref() == Some("impl") => {
            let of_trait = trees[word..end]
                .windows(2)
                .any(|pair| is_word(&pair[0], "for") && !is_punct(&pair[1], '<'));
            if let Some(TokenTree::Group(members)) = body.filter(|_| !of_trait) {
                items(members, true, found);
            }
        }
        None => {}
    }
    end
}

/// Whether a function's first parameter is `self`.
fn takes_self(function: &[TokenTree]) -> bool {
    let parameters = function.iter().find_map(|tree| match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some(group),
        _ => None,
    });
    let first = parameters.into_iter().flat_map(|group| group.stream());
    let mut first = first.take_while(|tree| !is_punct(tree, ',') && !is_punct(tree, ':'));
    first.any(|tree| is_word(&tree, "self"))
}

/// The word that defines something at this place: `struct` of `struct $name`.
fn defines(trees: &[TokenTree], at: usize) -> Option<String> {
    let word = word_at(trees, at)?;
    let next = trees.get(at + 1)?;
    let named = matches!(next, TokenTree::Ident(_)) || is_punct(next, '$');
    let known = [
        "fn", "struct", "enum", "union", "trait", "mod", "type", "static", "const",
    ];
    let is_item = known.contains(&word.as_str()) && named;
    // `const fn`, `const _: ...`
    let is_other = word == "const"
        && (is_word(next, "fn")
            || is_word(next, "_")
            || is_word(next, "unsafe")
            || is_word(next, "async")
            || is_word(next, "extern"));
    (is_item && !is_other).then_some(word)
}

/// The fields of a struct.
fn fields(list: &Group, found: &mut Vec<usize>) {
    let named = list.delimiter() == Delimiter::Brace;
    let trees: Vec<TokenTree> = list.stream().into_iter().collect();
    let (mut at, mut depth) = (0, 0_usize);
    let mut begins = true;
    while at < trees.len() {
        if begins {
            if let Some(next) = skip_attribute(&trees, at) {
                at = next;
                continue;
            }
            if let Some((repeated, next)) = repetition(&trees, at) {
                fields_of(repeated, list.delimiter(), found);
                at = next;
                continue;
            }
            let (first, public) = after_visibility(&trees, at);
            let name_end = first
                + if trees.get(first).is_some_and(|t| is_punct(t, '$')) {
                    2
                } else {
                    1
                };
            let is_field = !named || trees.get(name_end).is_some_and(|t| is_punct(t, ':'));
            if is_field
                && !public
                && let Some(first) = trees.get(first)
            {
                found.push(first.span().byte_range().start);
            }
            begins = false;
        }
        match &trees[at] {
            TokenTree::Punct(p) if p.as_char() == '<' => depth += 1,
            TokenTree::Punct(p) if p.as_char() == '>' => depth = depth.saturating_sub(1),
            TokenTree::Punct(p) if p.as_char() == ',' && depth == 0 => begins = true,
            _ => {}
        }
        at += 1;
    }
}

/// The fields within a repetition, `$( $field: $ty ),*`.
fn fields_of(repeated: &Group, delimiter: Delimiter, found: &mut Vec<usize>) {
    let mut list = Group::new(delimiter, repeated.stream());
    list.set_span(repeated.span());
    fields(&list, found);
}

/// What follows `#[...]`.
fn skip_attribute(trees: &[TokenTree], at: usize) -> Option<usize> {
    let is_attribute = is_punct(trees.get(at)?, '#')
        && matches!(trees.get(at + 1)?, TokenTree::Group(g) if g.delimiter() == Delimiter::Bracket);
    is_attribute.then_some(at + 2)
}

/// `$( ... ) separator? operator`: its content, and what follows.
fn repetition(trees: &[TokenTree], at: usize) -> Option<(&Group, usize)> {
    let TokenTree::Group(repeated) = trees.get(at + 1)? else {
        return None;
    };
    if !is_punct(&trees[at], '$') || repeated.delimiter() != Delimiter::Parenthesis {
        return None;
    }
    let is_operator = |tree: &TokenTree| ['*', '+', '?'].iter().any(|c| is_punct(tree, *c));
    let operator = trees[at + 2..].iter().take(2).position(is_operator)?;
    Some((repeated, at + 2 + operator + 1))
}

/// The place behind `pub`, `pub(...)` or `$vis`, and whether there was one.
fn after_visibility(trees: &[TokenTree], at: usize) -> (usize, bool) {
    if trees.get(at).is_some_and(|tree| is_word(tree, "pub")) {
        let restricted = matches!(trees.get(at + 1), Some(TokenTree::Group(g)) if g.delimiter() == Delimiter::Parenthesis);
        return (at + 1 + usize::from(restricted), true);
    }
    // `$vis fn`: a variable before the word of an item
    if trees.get(at).is_some_and(|tree| is_punct(tree, '$')) && defines(trees, at + 2).is_some() {
        return (at + 2, true);
    }
    (at, false)
}

/// Where what begins at `at` has ended: behind its `;` or its braces.
fn end_of(trees: &[TokenTree], at: usize) -> usize {
    let ends = |tree: &TokenTree| {
        is_punct(tree, ';')
            || matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
    };
    let length = trees[at.min(trees.len())..].iter().position(ends);
    length.map_or(trees.len(), |length| at + length + 1)
}

fn word_at(trees: &[TokenTree], at: usize) -> Option<String> {
    match trees.get(at)? {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    }
}

fn is_word(tree: &TokenTree, word: &str) -> bool {
    matches!(tree, TokenTree::Ident(own) if own == word)
}

fn is_punct(tree: &TokenTree, c: char) -> bool {
    matches!(tree, TokenTree::Punct(own) if own.as_char() == c)
}
