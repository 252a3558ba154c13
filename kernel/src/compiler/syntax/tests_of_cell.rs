//! The `#[test]` functions of a cell, which are run at its end.
//!
//! rustc leaves out what has `#[test]` when it does not build tests, so the attribute is blanked out.

use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, Item, Lit, Meta};

use super::source::{Edit, Part};

/// A test function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFunction {
    /// Its name.
    pub name: String,
    /// Whether it is not to be run, and why.
    pub ignored: Option<String>,
    /// Whether it is to panic, and with what in its message.
    pub panics: Option<String>,
}

/// What makes a function of an item that is a test.
pub(super) fn edits(item: &Item) -> Option<Edit> {
    let Item::Fn(function) = item else {
        return None;
    };
    let range = is_test(&function.attrs)?.span().byte_range();
    let blank = " ".repeat(range.len());
    Some(Edit::replace(range, blank, Part::Items))
}

/// The test that an item is, by its text.
pub fn of(text: &str) -> Option<TestFunction> {
    if !text.contains("test") {
        return None;
    }
    let parsed = syn::parse_str::<Item>(text);
    let found = parsed.ok().and_then(|item| match item {
        Item::Fn(function) => {
            is_test(&function.attrs)?;
            Some(TestFunction {
                name: function.sig.ident.to_string(),
                ignored: said(&function.attrs, "ignore"),
                panics: said(&function.attrs, "should_panic"),
            })
        }
        _ => None,
    });
    proc_macro2::extra::invalidate_current_thread_spans();
    found
}

fn is_test(attributes: &[Attribute]) -> Option<&Attribute> {
    let is_word = |attribute: &&Attribute| matches!(attribute.meta, Meta::Path(_));
    let mut tests = attributes.iter().filter(is_word);
    tests.find(|attribute| attribute.path().is_ident("test"))
}

/// What an attribute says: `#[ignore = "slow"]`, `#[should_panic(expected = "honey")]`; nothing for the word alone.
fn said(attributes: &[Attribute], name: &str) -> Option<String> {
    let attribute = attributes
        .iter()
        .find(|attribute| attribute.path().is_ident(name))?;
    let value = match &attribute.meta {
        Meta::NameValue(pair) => text(&pair.value),
        Meta::List(list) => {
            let pair = list.parse_args::<syn::MetaNameValue>().ok();
            pair.and_then(|pair| text(&pair.value))
        }
        Meta::Path(_) => None,
    };
    Some(value.unwrap_or_default())
}

fn text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_known_by_its_attributes() {
        let test = |name: &str, ignored: Option<&str>, panics: Option<&str>| {
            Some(TestFunction {
                name: name.to_owned(),
                ignored: ignored.map(str::to_owned),
                panics: panics.map(str::to_owned),
            })
        };
        for (text, expected) in [
            ("#[test] fn a() {}", test("a", None, None)),
            (
                "/// test\n#[test]\n#[ignore]\nfn a() {}",
                test("a", Some(""), None),
            ),
            (
                "#[test] #[ignore = \"slow\"] fn a() {}",
                test("a", Some("slow"), None),
            ),
            (
                "#[should_panic] #[test] fn a() {}",
                test("a", None, Some("")),
            ),
            (
                "#[test] #[should_panic(expected = \"honey\")] fn a() {}",
                test("a", None, Some("honey")),
            ),
            ("fn test() {}", None),
            ("#[tokio::test] async fn a() {}", None),
            ("#[cfg(test)] mod tests { #[test] fn a() {} }", None),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
