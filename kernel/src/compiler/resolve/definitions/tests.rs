//! Tests of what names are bound to.

use super::*;
use crate::compiler::syntax::cell::Parsed;

/// What a name is bound to after these cells, as `item::path` or as a path of another crate.
fn bound(cells: &[&str], name: &str, namespace: Namespace) -> Option<String> {
    let parsed: Vec<Parsed> = cells
        .iter()
        .map(|text| Parsed::new(text, &Names::new()).expect("it is Rust"))
        .collect();
    let mut definitions = Definitions::default();
    let mut shown = Vec::new();
    for (since, cell) in (1..).zip(&parsed) {
        for item in &cell.items {
            definitions.add_item(shown.len(), since, item);
            shown.push(format!("{}@{since}", item.names.join("+")));
        }
        for leaf in &cell.uses {
            definitions.add_use(since, leaf);
        }
    }
    let binding = definitions.lookup(name, namespace)?;
    let item = binding.item.map(|number| shown[number].clone());
    let names: Vec<String> = item.into_iter().chain(binding.path.clone()).collect();
    Some(names.join("::"))
}

#[test]
fn a_name_is_followed_to_what_defines_it() {
    use Namespace::{Macros, Types, Values};
    let modules = "mod a { pub fn x() {} pub mod b { pub fn y() {} } pub struct P; pub use self::b::y as z; }";
    let private = "mod p { use super::*; use super::q as r; fn x() {} pub fn y() {} }";
    let cases: [(&[&str], &str, Namespace, Option<&str>); 19] = [
        (
            &["fn x() {}\nfn q() {}", private, "use p::*;"],
            "x",
            Values,
            Some("x@1"),
        ),
        (&["fn q() {}", private, "use p::*;"], "r", Values, None),
        (
            &["fn q() {}\nfn y() {}", private, "use p::*;"],
            "y",
            Values,
            Some("p@2::y"),
        ),
        (&["fn f() {}"], "f", Values, Some("f@1")),
        (&["fn f() {}"], "f", Types, None),
        (&["struct S(u8);"], "S", Values, Some("S@1")),
        (&["struct S { a: u8 }"], "S", Values, None),
        (&["macro_rules! m { () => {} }"], "m", Macros, Some("m@1")),
        (&[modules, "use a::x;"], "x", Values, Some("a@1::x")),
        (&[modules, "use a::x;"], "x", Types, None),
        (
            &[modules, "use a::b;", "use b::y as w;"],
            "w",
            Values,
            Some("a@1::b::y"),
        ),
        (&[modules, "use a::z;"], "z", Values, Some("a@1::b::y")),
        (&[modules, "use a::*;"], "z", Values, Some("a@1::b::y")),
        (
            &["enum E { A, B }", "use E::*;"],
            "A",
            Values,
            Some("E@1::A"),
        ),
        (
            &["fn x() {}", modules, "use a::*;"],
            "x",
            Values,
            Some("a@2::x"),
        ),
        (
            &[modules, "use a::*;", "fn x() {}"],
            "x",
            Values,
            Some("x@3"),
        ),
        (
            &["fn x() {}", "use std::fmt as x;"],
            "x",
            Values,
            Some("x@1"),
        ),
        (&["use std::fmt as x;"], "x", Types, Some("std::fmt")),
        (
            &["use std::mem::swap;"],
            "swap",
            Values,
            Some("std::mem::swap"),
        ),
    ];
    for (cells, name, namespace, expected) in cases {
        let found = bound(cells, name, namespace);
        assert_eq!(found.as_deref(), expected, "{name} of {cells:?}");
    }
}

#[test]
fn what_leads_in_a_circle_ends() {
    let cells = [
        "mod a { pub use super::b::*; pub use super::*; }",
        "mod b { pub use super::a::*; pub fn y() {} }",
        "use a::*;\nuse b::*;\nuse c as d;\nuse d as c;",
    ];
    assert_eq!(bound(&cells, "x", Namespace::Values), None);
    assert_eq!(
        bound(&cells, "y", Namespace::Values).as_deref(),
        Some("b@2::y")
    );
    bound(&cells, "c", Namespace::Types);
}

#[test]
fn many_globs_take_no_longer_than_many_names() {
    // Looked up anew for each, the modules of the later globs would be asked for 2^99 times.
    let cells: Vec<String> = (0..100)
        .map(|n| format!("mod m{n} {{ pub fn f{n}() {{}} pub fn last() {{}} }}\nuse m{n}::*;"))
        .collect();
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    let bound = |name| bound(&cells, name, Namespace::Values);
    assert_eq!(bound("f0").as_deref(), Some("m0@1::f0"));
    assert_eq!(bound("last").as_deref(), Some("m99@100::last"));
    assert_eq!(bound("nothing"), None);
}
