//! Variables that a macro of the user's binds: `bind!(seven = 7);`, whose rules have `let $name`.
//!
//! Which of the arguments are bound, only rustc knows; those that are not are taken back (`refine::unbound`).

use proc_macro2::{TokenStream, TokenTree};
use syn::Stmt;
use syn::spanned::Spanned;

use super::cell::{self, Binding, Parsed};
use super::item::Kind;
use super::tokens;

/// Adds to the statements what calls of macros seem to bind. `earlier` has the names and texts of earlier cells' macros;
/// `is_known` says whether a name is one of a variable already.
pub(crate) fn add<'a>(
    text: &str,
    parsed: &mut Parsed,
    earlier: impl Iterator<Item = (&'a String, &'a str)>,
    is_known: impl Fn(&str) -> bool,
) {
    let own = parsed.items.iter().filter(|item| item.kind == Kind::Macro);
    let own = own.filter_map(|item| Some((item.names.first()?, &text[item.range.clone()])));
    let own = own.filter(|(_, text)| binds(text)).map(|(name, _)| name);
    let earlier = earlier.filter(|(_, text)| binds(text));
    let earlier = earlier.map(|(name, _)| name);
    let mut binding: Vec<String> = own.cloned().collect();
    binding.extend(earlier.cloned());
    if binding.is_empty() {
        return;
    }
    let found = cell::statements(text, |statement| {
        let Stmt::Macro(call) = statement else {
            return None;
        };
        let name = call.mac.path.segments.last()?.ident.to_string();
        let is_binding = binding.contains(&name);
        let range = statement.span().byte_range();
        is_binding.then(|| (range, bound(call.mac.tokens.clone())))
    });
    for (range, bound) in found.into_iter().flatten() {
        let own = parsed.statements.iter_mut();
        for statement in own.filter(|own| own.range == range) {
            let new = bound
                .iter()
                .filter(|(binding, is_given)| *is_given || !is_known(&binding.name));
            statement
                .binds
                .extend(new.map(|(binding, _)| binding.clone()));
        }
    }
}

/// Whether the rules of a macro have a `let` of one of its arguments.
fn binds(rules: &str) -> bool {
    rules.contains("let") && rules.parse().is_ok_and(has_let)
}

fn has_let(tokens: TokenStream) -> bool {
    let mut after_let = false;
    tokens.into_iter().any(|token| {
        let found = match &token {
            TokenTree::Group(group) => has_let(group.stream()),
            TokenTree::Punct(punct) => after_let && punct.as_char() == '$',
            _ => false,
        };
        after_let = match &token {
            TokenTree::Ident(word) => word == "let" || after_let && word == "mut",
            _ => false,
        };
        found
    })
}

/// The arguments that may be bound: names that stand alone, or before what they are given (then it is said so).
fn bound(arguments: TokenStream) -> Vec<(Binding, bool)> {
    let arguments: Vec<TokenTree> = arguments.into_iter().collect();
    let mut found = Vec::new();
    let is_one_of = |token: Option<&TokenTree>, marks: &str| match token {
        None => true,
        Some(TokenTree::Punct(punct)) => marks.contains(punct.as_char()),
        Some(_) => false,
    };
    for (n, argument) in arguments.iter().enumerate() {
        let mut before = n.checked_sub(1).map(|before| &arguments[before]);
        let mutable = matches!(before, Some(TokenTree::Ident(word)) if word == "mut");
        if mutable {
            before = n.checked_sub(2).map(|before| &arguments[before]);
        }
        let TokenTree::Ident(name) = argument else {
            continue;
        };
        let is_name = syn::parse_str::<syn::Ident>(&name.to_string()).is_ok();
        if is_name && is_one_of(before, ",;") && is_one_of(arguments.get(n + 1), ",;=:") {
            let binding = Binding {
                name: tokens::name(name),
                mutable,
                range: name.span().byte_range(),
            };
            let is_given = !is_one_of(arguments.get(n + 1), ",;");
            found.push((binding, is_given));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compiler::syntax::tokens::Names;

    #[test]
    fn arguments_of_macros_that_bind_are_variables() {
        let bind = "macro_rules! bind { ($n:ident = $v:expr) => { let $n = $v; } }";
        let show = "macro_rules! show { ($n:expr) => { let n = $n; } }";
        for (rules, text, expected) in [
            (bind, "bind!(seven = 7);", &["seven"][..]),
            (
                bind,
                "bind!(mut a, b; c: 3, d + 1, e.f());",
                &["a", "b", "c"],
            ),
            (bind, "bind!(known, new);", &["new"]),
            (bind, "bind!(known = 2);", &["known"]),
            (
                "",
                "macro_rules! bind { ($n:ident) => { let mut $n = 1; } }\nbind!(a);",
                &["a"],
            ),
            (bind, "f(bind!(a = 1));", &[]),
            (show, "bind!(seven = 7);", &[]),
        ] {
            let mut parsed = Parsed::new(text, &Names::new()).expect("Rust");
            let name = "bind".to_owned();
            add(text, &mut parsed, [(&name, rules)].into_iter(), |name| {
                name == "known"
            });
            let names: Vec<&str> = parsed
                .statements
                .iter()
                .flat_map(|statement| &statement.binds)
                .map(|binding| binding.name.as_str())
                .collect();
            assert_eq!(names, expected, "{text}");
        }
    }
}
