//! Tests of what is compiled again.

use super::*;
use crate::compiler::syntax::item::{Impl, Item};
use crate::compiler::syntax::tokens::Names;
use crate::compiler::testing::{notebook, plan};

fn own(plan: &Plan) -> Vec<String> {
    plan.own.iter().map(label).collect()
}

fn recompiled(plan: &Plan) -> Vec<String> {
    let mut labels: Vec<String> = plan
        .recompiled
        .values()
        .map(|earlier| label(&earlier.item))
        .collect();
    labels.sort();
    labels
}

fn label(item: &Item) -> String {
    match item.as_impl() {
        Some(Impl {
            trait_name,
            self_name,
            ..
        }) => format!(
            "impl {} {}",
            trait_name.as_deref().unwrap_or("-"),
            self_name.as_deref().unwrap_or("-")
        ),
        None => item.names.join("+"),
    }
}

#[test]
fn an_item_that_is_the_same_is_not_compiled_again() {
    let cases: [(&str, &[&str], &str, &[&str]); 10] = [
        ("a function", &["fn f() { g() }"], "fn f() { g() }", &[]),
        (
            "written otherwise",
            &["fn f() { g() }"],
            "fn f( ) {\n  g() // g\n}",
            &[],
        ),
        ("changed", &["fn f() { g() }"], "fn f() { h() }", &["f"]),
        (
            "a statement moved into a block",
            &["fn f() { if a { b; } x = 1; }"],
            "fn f() { if a { b; x = 1; } }",
            &["f"],
        ),
        (
            "a static is always anew",
            &["static A: u8 = 1;"],
            "static A: u8 = 1;",
            &["A"],
        ),
        (
            "an impl",
            &["struct S;\nimpl T for S {}"],
            "impl T for S {}",
            &[],
        ),
        (
            "a changed impl",
            &["struct S;\nimpl T for S {}"],
            "impl T for S { fn f() {} }",
            &["impl T S"],
        ),
        (
            "an unnamed constant",
            &["const _: () = ();"],
            "const _: () = ();",
            &[""],
        ),
        (
            "a macro",
            &["macro_rules! m { () => {} }"],
            "macro_rules! m { () => {} }",
            &[],
        ),
        (
            "a macro of the name of a function",
            &["fn m() {}"],
            "macro_rules! m { () => {} }",
            &["m"],
        ),
    ];
    for (what, cells, last, expected) in cases {
        assert_eq!(own(&plan(cells, last)), expected, "{what}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn what_mentions_something_new_is_compiled_again() {
    let cases: [(&str, &[&str], &str, &[&str]); 13] = [
        (
            "nothing mentions it",
            &["fn a() {}\nfn b() {}"],
            "fn b() { 1; }",
            &[],
        ),
        (
            "a caller",
            &["fn a() { b() }\nfn b() {}"],
            "fn b() { 1; }",
            &["a"],
        ),
        (
            "a caller's caller",
            &["fn c() { a() }", "fn a() { b() }", "fn b() {}"],
            "fn b() { 1; }",
            &["a", "c"],
        ),
        (
            "each other",
            &["fn a() { b() }\nfn b() { a() }"],
            "fn b() { 1; }",
            &["a"],
        ),
        ("a new name", &["fn a() {}"], "fn b() { a() }", &[]),
        (
            "a type, its impls and its users",
            &[
                "struct S;\nimpl S { fn f() {} }\nimpl Clone for S { fn clone(&self) -> S { S } }",
                "fn g(s: S) {}",
            ],
            "struct S(u8);",
            &["g", "impl - S", "impl Clone S"],
        ),
        (
            "a field of a type",
            &["struct A;", "struct B(A);", "struct C;"],
            "struct A(u8);",
            &["B"],
        ),
        (
            "an impl of a method that mentions it takes its type along",
            &[
                "struct S;\nfn b() {}",
                "impl S { fn f() { b() } }",
                "fn g(s: S) {}",
            ],
            "fn b() { 1; }",
            &["S", "g", "impl - S"],
        ),
        (
            "a static that is made of it",
            &["struct A;\nstatic X: A = A;"],
            "struct A(u8);",
            &["X"],
        ),
        (
            "a constant in a format string",
            &["const N: u8 = 1;\nfn p() { println!(\"{N}\") }"],
            "const N: u8 = 2;",
            &["p"],
        ),
        (
            "a macro's users",
            &["macro_rules! m { () => { 1 } }\nfn f() { m!(); }"],
            "macro_rules! m { () => { 2 } }",
            &["f"],
        ),
        (
            "a macro that mentions it",
            &["fn h() {}\nmacro_rules! m { () => { $crate::h() } }"],
            "fn h() { 1; }",
            &["m"],
        ),
        (
            "a static that is run again",
            &["static A: u8 = 1;\nfn f() { A; }"],
            "static A: u8 = 1;",
            &["f"],
        ),
    ];
    for (what, cells, last, expected) in cases {
        assert_eq!(recompiled(&plan(cells, last)), expected, "{what}");
    }
}

#[test]
fn an_impl_brings_its_type_or_its_trait_into_its_crate() {
    let cases: [(&str, &[&str], &str, &[&str]); 9] = [
        (
            "an inherent impl",
            &["struct S;"],
            "impl S { fn f() {} }",
            &["S"],
        ),
        (
            "a trait of std",
            &["struct S;"],
            "impl Drop for S { fn drop(&mut self) {} }",
            &["S"],
        ),
        (
            "a trait for a type of another crate",
            &["trait T {}"],
            "impl T for i32 {}",
            &["T"],
        ),
        (
            "for a vector",
            &["trait T {}"],
            "impl T for Vec<u8> {}",
            &["T"],
        ),
        (
            "for every type",
            &["trait T {}"],
            "impl<X> T for X {}",
            &["T"],
        ),
        (
            "both of the notebook: the type",
            &["trait T {}", "struct S;"],
            "impl T for S {}",
            &["S"],
        ),
        (
            "the type is new",
            &["trait T {}"],
            "struct S;\nimpl T for S {}",
            &[],
        ),
        (
            "the trait is new",
            &["struct S;"],
            "trait T {}\nimpl T for S {}",
            &[],
        ),
        (
            "a type as the trait's argument",
            &["struct S;"],
            "impl From<S> for String { }",
            &["S"],
        ),
    ];
    for (what, cells, last, expected) in cases {
        assert_eq!(recompiled(&plan(cells, last)), expected, "{what}");
    }
}

#[test]
fn a_later_impl_replaces_an_earlier_one() {
    let cells = ["struct S;\nimpl S { fn a() {} fn b() {} }\nimpl T for S {}"];
    let same = plan(&cells, "impl T for S { fn x() {} }");
    assert_eq!(same.replaced.len(), 1);
    assert_eq!(recompiled(&same), ["S", "impl - S"]);
    let whole = plan(&cells, "impl S { fn b() { 1; } fn a() {} }");
    assert_eq!(
        (whole.replaced.len(), recompiled(&whole)),
        (1, vec!["S".to_owned(), "impl T S".to_owned()])
    );
    let mut part = notebook(&cells);
    let cell = part.define("impl S { fn b() { 1; } fn c() {} }");
    let cut: Vec<&str> = cell
        .plan
        .recompiled
        .values()
        .flat_map(|earlier| {
            earlier
                .cut
                .iter()
                .map(|range| &earlier.source.text[range.clone()])
        })
        .collect();
    assert_eq!(cut, ["fn b() {}"]);
    assert!(cell.plan.replaced.is_empty());
    let again = part.cell("impl S { fn a() {} fn b() {} }").plan;
    assert_eq!(
        own(&again),
        ["impl - S"],
        "what was cut is no longer the same"
    );
}

#[test]
fn a_static_that_begins_anew_is_told() {
    let cells = ["struct A;", "static X: A = A;\nstatic Y: u8 = 1;"];
    assert_eq!(
        plan(&cells, "struct A(u8);").reset,
        Names::from(["X".to_owned()])
    );
    assert!(plan(&cells, "fn f() { X; Y; }").reset.is_empty());
    assert!(
        plan(&cells, "static X: u8 = 2;").reset.is_empty(),
        "the user did that"
    );
}

#[test]
fn the_definition_of_a_type_is_not_changed_by_what_its_methods_call() {
    let cells = ["fn b() {}\nstruct S;\nimpl S { fn f() { b() } }"];
    let plan = plan(&cells, "fn b() { 1; }");
    assert_eq!(recompiled(&plan), ["S", "impl - S"]);
    assert!(!plan.changed_types.contains("S"));
}

#[test]
fn what_a_name_is_bound_to_decides() {
    let modules = "mod a { pub fn x() {} }\nmod b { pub fn x() {} }";
    let cases: [(&str, &[&str], &str, &[&str]); 9] = [
        (
            "an import",
            &[modules, "use a::x;", "fn f() { x() }"],
            "use b::x;",
            &["f"],
        ),
        (
            "a glob",
            &[modules, "use a::*;", "fn f() { x() }", "fn g() { f() }"],
            "use b::*;",
            &["f", "g"],
        ),
        (
            "the same again",
            &[modules, "use a::x;", "fn f() { x() }"],
            "use a::x;",
            &[],
        ),
        (
            "a field",
            &["fn x() {}\nstruct S { x: u8 }"],
            "fn x() { 1; }",
            &[],
        ),
        (
            "a module of the name",
            &["mod p { pub struct S; }\nfn p() {}\nstruct T(p::S);"],
            "fn p() { 1; }",
            &[],
        ),
        (
            "a trait's method",
            &[
                "trait T { fn m(&self) {} }\nimpl T for u8 {}",
                "fn f() { 1u8.m() }",
            ],
            "trait T { fn m(&self) { 1; } }",
            &["f", "impl T u8"],
        ),
        (
            "a local of the name",
            &["fn x() {}\nfn f() { let x = 1; x; }"],
            "fn x() { 1; }",
            &[],
        ),
        (
            "a constant in a pattern",
            &["const x: u8 = 1;\nfn f(n: u8) { match n { x => {} _ => {} } }"],
            "const x: u8 = 2;",
            &["f"],
        ),
        (
            "what all programs have",
            &["fn f() -> Option<u8> { None }"],
            "type Option = u8;",
            &[],
        ),
    ];
    for (what, cells, last, expected) in cases {
        assert_eq!(recompiled(&plan(cells, last)), expected, "{what}");
    }
}
