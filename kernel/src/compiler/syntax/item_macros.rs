//! Macros that define items: `macro_rules!` whose rules produce some, and calls of such macros.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{ItemMacro, Macro};

use super::tokens::Names;

/// Words after which a name is defined.
pub(super) const ITEM_WORDS: [&str; 9] = [
    "static", "struct", "enum", "fn", "trait", "type", "mod", "union", "const",
];

/// Macros of std and well-known crates that define items.
const ITEM_MACROS: [&str; 3] = ["thread_local", "lazy_static", "bitflags"];

/// Whether a macro call in statement position defines items.
pub fn is_item_macro(call: &Macro, session: &Names) -> bool {
    call.path.segments.last().is_some_and(|last| {
        let name = last.ident.to_string();
        ITEM_MACROS.contains(&name.as_str()) || session.contains(&name)
    })
}

/// The name of a `macro_rules!`, if the first thing that its rules produce is an item.
pub fn defines_items(rules: &ItemMacro) -> Option<String> {
    let name = rules.ident.as_ref()?.to_string();
    let mut before = [' '; 2];
    for tree in rules.mac.tokens.clone() {
        match tree {
            TokenTree::Group(produced) if before == ['=', '>'] => {
                return begins_with_item(produced.stream()).then_some(name);
            }
            TokenTree::Punct(punct) => before = [before[1], punct.as_char()],
            _ => before = [' '; 2],
        }
    }
    None
}

/// Whether what a rule produces begins with an item, perhaps within `$(...)*` or behind `$vis`.
fn begins_with_item(produced: TokenStream) -> bool {
    let mut trees = produced.into_iter();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Ident(word) => {
                let word = word.to_string();
                if ["const", "async", "unsafe", "extern"].contains(&word.as_str()) {
                    continue; // of a function, or of an expression
                }
                return ["pub", "impl"].contains(&word.as_str())
                    || ITEM_WORDS.contains(&word.as_str());
            }
            TokenTree::Punct(punct) if punct.as_char() == '#' => {}
            TokenTree::Group(attribute) if attribute.delimiter() == Delimiter::Bracket => {}
            TokenTree::Punct(punct) if punct.as_char() == '$' => match trees.next() {
                Some(TokenTree::Group(repeated)) => {
                    if begins_with_item(repeated.stream()) {
                        return true;
                    }
                    trees.next(); // `*`
                }
                Some(TokenTree::Ident(_)) => {}
                _ => return false,
            },
            _ => return false,
        }
    }
    false
}
