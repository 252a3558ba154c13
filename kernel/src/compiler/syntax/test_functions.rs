//! The `#[test]` functions of a cell, also those in its modules, which are run at its end.
//!
//! rustc leaves out what has `#[test]` when it does not build tests, so the attribute is blanked out, and so is `#[cfg(test)]` of
//! the modules that have some.

use std::ops::Range;

use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, Item, ItemFn, ItemMod, Lit, Meta, Visibility};

use super::source::{Edit, Part};

/// A test function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFunction {
    /// Its path from the root.
    pub name: String,
    /// Whether it is not to be run, and why.
    pub ignored: Option<String>,
    /// Whether it is to panic, and with what in its message.
    pub panics: Option<String>,
}

/// What makes functions of an item's tests that can be called from the root.
pub(super) fn edits(item: &Item) -> Vec<Edit> {
    match item {
        Item::Fn(function) => is_test(&function.attrs).map(blank).into_iter().collect(),
        Item::Mod(module) => {
            let mut found = TestsWithin::default();
            found.look_into(module, "");
            found.edits
        }
        _ => Vec::new(),
    }
}

fn blank(attribute: &Attribute) -> Edit {
    let range = attribute.span().byte_range();
    let blank = " ".repeat(range.len());
    Edit::replace(range, blank, Part::Items)
}

/// The tests that an item is, or has in it, by its text.
pub fn of(text: &str) -> Vec<TestFunction> {
    if !text.contains("test") {
        return Vec::new();
    }
    let found = match syn::parse_str::<Item>(text) {
        Ok(Item::Fn(function)) if is_test(&function.attrs).is_some() => {
            vec![test(&function, "")]
        }
        Ok(Item::Mod(module)) => {
            let mut found = TestsWithin::default();
            found.look_into(&module, "");
            found.tests
        }
        _ => Vec::new(),
    };
    proc_macro2::extra::invalidate_current_thread_spans();
    found
}

/// Whether a module is there for tests only.
pub fn is_for_tests(text: &str) -> bool {
    let module = syn::parse_str::<ItemMod>(text);
    let is_it = module.is_ok_and(|module| module.attrs.iter().any(is_cfg_test));
    proc_macro2::extra::invalidate_current_thread_spans();
    is_it
}

fn test(function: &ItemFn, module: &str) -> TestFunction {
    TestFunction {
        name: format!("{module}{}", function.sig.ident),
        ignored: said(&function.attrs, "ignore"),
        panics: said(&function.attrs, "should_panic"),
    }
}

/// The tests in a module.
#[derive(Default)]
struct TestsWithin {
    tests: Vec<TestFunction>,
    edits: Vec<Edit>,
}

impl TestsWithin {
    /// Looks into a module that is in another one, whose path is given with `::` behind it; gives whether there are any.
    fn look_into(&mut self, module: &ItemMod, path: &str) -> bool {
        let before = self.tests.len();
        let is_there = |attributes: &[Attribute]| {
            let conditions = ["cfg", "cfg_attr"];
            let mut others = attributes
                .iter()
                .filter(|attribute| !is_cfg_test(attribute));
            !others.any(|other| conditions.iter().any(|word| other.path().is_ident(word)))
        };
        if !is_there(&module.attrs) {
            return false;
        }
        let path = format!("{path}{}::", module.ident);
        for item in module.content.iter().flat_map(|(_, items)| items) {
            match item {
                Item::Mod(inner) if self.look_into(inner, &path) => {
                    self.publish(&inner.vis, inner.mod_token.span().byte_range());
                }
                Item::Fn(function) if is_there(&function.attrs) => {
                    let Some(attribute) = is_test(&function.attrs) else {
                        continue;
                    };
                    self.tests.push(test(function, &path));
                    self.edits.push(blank(attribute));
                    self.publish(&function.vis, function.sig.span().byte_range());
                }
                _ => {}
            }
        }
        let has_tests = self.tests.len() > before;
        if has_tests {
            let only_tests = module.attrs.iter().filter(|a| is_cfg_test(a));
            self.edits.extend(only_tests.map(blank));
        }
        has_tests
    }

    /// Makes what begins there visible from the root.
    fn publish(&mut self, visibility: &Visibility, range: Range<usize>) {
        if matches!(visibility, Visibility::Inherited) {
            self.edits
                .push(Edit::before(range.start, "pub ", Part::Items));
        }
    }
}

/// Whether it is `#[cfg(test)]`.
fn is_cfg_test(attribute: &Attribute) -> bool {
    let condition = match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => list.parse_args::<syn::Ident>().ok(),
        _ => None,
    };
    condition.is_some_and(|condition| condition == "test")
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
            vec![TestFunction {
                name: name.to_owned(),
                ignored: ignored.map(str::to_owned),
                panics: panics.map(str::to_owned),
            }]
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
            ("fn test() {}", vec![]),
            ("#[tokio::test] async fn a() {}", vec![]),
            (
                "#[cfg(test)] mod tests { fn b() {} mod inner { #[test] fn a() {} } }",
                test("tests::inner::a", None, None),
            ),
            ("#[cfg(windows)] mod tests { #[test] fn a() {} }", vec![]),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }

    #[test]
    fn those_in_modules_can_be_called_from_the_root() {
        let text =
            "#[cfg(test)] mod tests { use super::*; mod inner { #[test] fn a() {} } fn b() {} }";
        let item: Item = syn::parse_str(text).expect("a module");
        let mut edits = edits(&item);
        edits.sort_by_key(|edit| edit.range.start);
        let mut edited = text.to_owned();
        for edit in edits.into_iter().rev() {
            edited.replace_range(edit.range, &edit.text);
        }
        assert_eq!(
            edited,
            "             mod tests { use super::*; pub mod inner {         pub fn a() {} } fn b() {} }"
        );
    }
}
