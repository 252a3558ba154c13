//! Tests of what a crate needs of earlier cells.

use super::*;
use crate::compiler::testing::{Notebook, notebook, plan};

fn imports(plan: &Plan) -> Vec<String> {
    let imports = plan.imports.iter();
    imports
        .map(|(name, home)| format!("{name}@{home}"))
        .collect()
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
    assert!(plan.own.is_empty() && plan.recompiled.is_empty());
    assert!(Plan::new(&cell.parsed, &notebook.scope).copies.is_empty());
}

#[test]
fn a_later_glob_takes_the_place_of_an_earlier_import() {
    let modules =
        "mod a { pub fn x() {} }\nmod b { pub fn x() {} }\nmod c { pub use super::b::*; }";
    let uses = |cells: &[&str], last: &str| -> Vec<String> {
        plan(cells, last)
            .uses
            .iter()
            .map(Use::declaration)
            .collect()
    };
    let cases: [(&[&str], &str, &[&str]); 5] = [
        (&[modules, "use a::x;", "use b::*;"], "x()", &["use b::*;"]),
        (
            &[modules, "use b::*;", "use a::x;"],
            "x()",
            &["use b::*;", "use a::x;"],
        ),
        (
            &[modules, "use a::*;", "use b::*;"],
            "x()",
            &["use a::*;", "use b::*;", "use b::x;"],
        ),
        (
            &[modules, "use a::*;", "use c::x;", "use b::*;"],
            "x()",
            &["use a::*;", "use c::x;", "use b::*;"],
        ),
        (
            &[modules, "use b::*;", "use a::x;", "use a::*;"],
            "mod a { pub fn x() { 1; } }\nx()",
            &["use b::*;", "use a::x;", "use a::*;"],
        ),
    ];
    for (cells, last, expected) in cases {
        assert_eq!(uses(cells, last), expected, "{cells:?}");
    }
}
