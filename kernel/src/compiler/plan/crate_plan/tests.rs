//! Tests of `plan`.

use crate::compiler::testing::Notebook;
use super::*;

/// A notebook of these cells.
fn notebook(cells: &[&str]) -> Notebook {
    let mut notebook = Notebook::default();
    for cell in cells {
        notebook.define(cell);
    }
    notebook
}

/// The plan of the last of these cells.
fn plan(cells: &[&str], last: &str) -> Plan {
    notebook(cells).cell(last).plan
}

fn own(plan: &Plan) -> Vec<String> {
    plan.own.iter().map(label).collect()
}

fn carried(plan: &Plan) -> Vec<String> {
    let mut labels: Vec<String> = plan.carried.iter().map(|live| label(&live.item)).collect();
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

fn imports(plan: &Plan) -> Vec<String> {
    let imports = plan.imports.iter();
    imports
        .map(|(name, home)| format!("{name}@{home}"))
        .collect()
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
        assert_eq!(carried(&plan(cells, last)), expected, "{what}");
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
        assert_eq!(carried(&plan(cells, last)), expected, "{what}");
    }
}

#[test]
fn a_later_impl_replaces_an_earlier_one() {
    let cells = ["struct S;\nimpl S { fn a() {} fn b() {} }\nimpl T for S {}"];
    let same = plan(&cells, "impl T for S { fn x() {} }");
    assert_eq!(same.replaced.len(), 1);
    assert_eq!(carried(&same), ["S", "impl - S"]);
    let whole = plan(&cells, "impl S { fn b() { 1; } fn a() {} }");
    assert_eq!(
        (whole.replaced.len(), carried(&whole)),
        (1, vec!["S".to_owned(), "impl T S".to_owned()])
    );
    let mut part = notebook(&cells);
    let cell = part.define("impl S { fn b() { 1; } fn c() {} }");
    let cut: Vec<&str> = cell
        .plan
        .carried
        .iter()
        .flat_map(|live| {
            live.cut
                .iter()
                .map(|range| &live.source.text[range.clone()])
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
fn what_is_mentioned_is_imported_from_where_it_lives() {
    let cases: [(&str, &[&str], &str, &[&str]); 10] = [
        (
            "in a statement",
            &["fn a() {}", "fn b() {}"],
            "a();",
            &["a@1"],
        ),
        ("in an item", &["fn a() {}"], "fn c() { a() }", &["a@1"]),
        (
            "not what is defined here",
            &["fn a() {}"],
            "fn a() { 1; }\na();",
            &[],
        ),
        (
            "not what a use brings",
            &["fn max() {}"],
            "use std::cmp::max;\nmax(1, 2);",
            &[],
        ),
        (
            "what moved on",
            &["fn a() { b() }\nfn b() {}", "fn b() { 1; }"],
            "a();",
            &["a@2"],
        ),
        (
            "what a macro's rules mention, and theirs",
            &[
                "fn a() {}",
                "macro_rules! m { () => { a() } }",
                "macro_rules! n { () => { m!() } }",
            ],
            "n!();",
            &["a@1", "m@2", "n@3"],
        ),
        (
            "the root of a path",
            &["mod m { pub fn f() {} }"],
            "use m::f;\nf();",
            &["m@1"],
        ),
        (
            "the root of an earlier use",
            &["enum E { A }", "use E::A;"],
            "A;",
            &["E@1"],
        ),
        (
            "in a format string",
            &["const N: u8 = 1;"],
            "println!(\"{N}\");",
            &["N@1"],
        ),
        ("nothing", &["fn a() {}"], "1 + 1", &[]),
    ];
    for (what, cells, last, expected) in cases {
        assert_eq!(imports(&plan(cells, last)), expected, "{what}");
    }
}

#[test]
fn traits_are_there_for_their_methods() {
    let plan = plan(
        &["trait T { fn f(&self) {} }\nimpl T for i32 {}\ntrait U {}"],
        "1.f(); <i32 as U>::g();",
    );
    assert_eq!(
        plan.traits.into_iter().collect::<Vec<_>>(),
        [("T".to_owned(), 1)]
    );
    assert_eq!(
        plan.imports.into_iter().collect::<Vec<_>>(),
        [("U".to_owned(), 1)]
    );
}

#[test]
fn uses_of_earlier_cells_hold_until_they_are_replaced() {
    let cases: [(&str, &[&str], &str, &[&str]); 9] = [
        (
            "mentioned",
            &["use std::thread;"],
            "thread::yield_now();",
            &["use std::thread;"],
        ),
        ("not mentioned", &["use std::thread;"], "1", &[]),
        (
            "may be a trait",
            &["use std::io::Write;"],
            "1",
            &["use std::io::Write;"],
        ),
        (
            "a glob",
            &["use std::io::prelude::*;"],
            "1",
            &["use std::io::prelude::*;"],
        ),
        (
            "a trait's methods",
            &["use std::io::Write as _;"],
            "1",
            &["use std::io::Write as _;"],
        ),
        (
            "replaced by a use",
            &["use std::fmt as f;"],
            "use std::io as f;\nf::empty();",
            &[],
        ),
        (
            "replaced by an item",
            &["use std::fmt::Debug;"],
            "struct Debug;\nDebug;",
            &[],
        ),
        (
            "the same again",
            &["use std::io::Write;"],
            "use std::io::Write;",
            &[],
        ),
        (
            "a use of a use",
            &["use std::io;", "use io::Write;"],
            "1",
            &["use std::io;", "use io::Write;"],
        ),
    ];
    for (what, cells, last, expected) in cases {
        let uses: Vec<String> = plan(cells, last)
            .uses
            .iter()
            .map(Use::declaration)
            .collect();
        assert_eq!(uses, expected, "{what}");
    }
}

#[test]
fn the_variables_that_a_cell_reads_are_taken() {
    let cases: [(&str, &str, &[&str]); 15] = [
        ("named", "v.len()", &["v"]),
        ("not named", "1 + 1", &[]),
        ("formatted", "println!(\"{v:?} {}\", w);", &["v", "w"]),
        ("captured by a closure", "spawn(move || v.len());", &["v"]),
        ("a field or method of that name", "x.v(); x.w;", &[]),
        ("bound anew", "let v = 1; v + 1", &[]),
        ("bound anew from itself", "let v = v.len();", &["v"]),
        ("read, then bound anew", "w; let w = 1;", &["w"]),
        ("bound in a pattern", "let (v, x) = w;", &["w"]),
        ("assigned", "v = vec![2];", &["v"]),
        (
            "a new function of that name",
            "fn v() -> u8 { 1 }\nv()",
            &[],
        ),
        (
            "a new macro of that name",
            "macro_rules! v { () => { 1 } }\nv!() + v",
            &["v"],
        ),
        ("a raw name", "r#v.len()", &["v"]),
        (
            "a raw name that is a keyword",
            "r#match.len()",
            &["r#match"],
        ),
        ("only in an item", "fn f() { v; }", &[]),
    ];
    let mut notebook = Notebook::default();
    for (name, ty) in [("v", "Vec<i32>"), ("w", "i32"), ("r#match", "String")] {
        notebook.variable(name, ty);
    }
    for (what, text, expected) in cases {
        let reads: Vec<String> = notebook.cell(text).plan.reads.into_iter().collect();
        assert_eq!(reads, expected, "{what}");
    }
}

#[test]
fn a_type_is_spelled_by_its_new_home_if_it_is_the_same() {
    let notebook = || notebook(&["struct A;\nstruct B(A);\nstruct AB;"]);
    let moved = notebook().cell("impl A { fn f() {} }").plan;
    assert_eq!(carried(&moved), ["A", "B"]);
    assert_eq!(
        moved.respell("Vec<(::cell_1::A, ::cell_1::AB)>", "crate"),
        "Vec<(crate::A, ::cell_1::AB)>"
    );
    assert_eq!(moved.respell("::cell_1::B", "::cell_2"), "::cell_2::B");
    assert_eq!(moved.respell("::cell_11::A", "::cell_2"), "::cell_11::A");
    let mut changed = notebook();
    let plan = changed.cell("struct A(u8);").plan;
    assert_eq!(plan.respell("::cell_1::B", "::cell_2"), "::cell_1::B");
    for (ty, outdated) in [
        ("::cell_1::A", true),
        ("Vec<::cell_1::B>", true),
        ("::cell_1::AB", false),
        ("::cell_2::A", false),
    ] {
        assert_eq!(
            plan.outdated(ty, &changed.scope).is_some(),
            outdated,
            "{ty}"
        );
    }
}

#[test]
fn the_definition_of_a_type_is_not_changed_by_what_its_methods_call() {
    let cells = ["fn b() {}\nstruct S;\nimpl S { fn f() { b() } }"];
    let plan = plan(&cells, "fn b() { 1; }");
    assert_eq!(carried(&plan), ["S", "impl - S"]);
    assert!(!plan.changed_types.contains("S"));
}

#[test]
fn what_is_measured_has_functions_of_its_own() {
    let mut notebook = notebook(&[
        "struct Bear; fn add(a: u8) -> u8 { one(a) + ONE } fn one(_: u8) -> u8 { 1 }\n\
         const ONE: u8 = 1; fn unused() {}",
        "fn count() -> u32 { static N: u32 = 0; N } fn name() -> &'static str { \"\" }",
    ]);
    let cell = notebook.cell("let bear = Bear; add(count() as u8); name()");
    let plan = Plan::for_bench(&cell.parsed, &notebook.scope);
    let copies: Vec<&String> = plan.copies.iter().flat_map(|l| &l.item.names).collect();
    assert_eq!(copies, ["add", "one", "name"]);
    let imports: Vec<&String> = plan.imports.keys().collect();
    assert_eq!(imports, ["Bear", "ONE", "count"]);
    assert!(plan.own.is_empty() && plan.carried.is_empty());
    assert!(Plan::new(&cell.parsed, &notebook.scope).copies.is_empty());
}
