//! Tests of `parse`.

mod soup;

use super::*;

fn parse(text: &str) -> Parsed {
    Parsed::new(text, &Names::new()).unwrap_or_else(|| panic!("not Rust: {text}"))
}

/// What a cell consists of: items (`i`), `use` (`u`), statements (`s`) and the last expression.
fn shape(text: &str) -> (usize, usize, usize, Option<&str>) {
    let parsed = parse(text);
    let tail = parsed.tail.clone().map(|range| &text[range]);
    let statements = parsed.statements.len() - usize::from(tail.is_some());
    (parsed.items.len(), parsed.uses.len(), statements, tail)
}

/// So that the place of an interrupt is that of the statement that it came in.
#[test]
fn a_check_belongs_to_the_statement_before_it() {
    for (text, checked) in [
        ("a(); // then\nb()", "a();✓ // then\nb()"),
        (
            "let n = 1;\nfn f() {}\nf();",
            "let n = 1;✓\nfn f() {}\nf();",
        ),
        ("if n { a() }\nb();", "if n { a() }✓\nb();"),
        ("a();", "a();"),
    ] {
        let mut shown = text.to_owned();
        for check in parse(text).checks.iter().rev() {
            assert!(check.after);
            shown.insert(check.range.start, '✓');
        }
        assert_eq!(shown, checked);
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn a_cell_is_items_uses_statements_and_a_last_expression() {
    type Shape<'a> = (usize, usize, usize, Option<&'a str>);
    let cases: [(&str, &str, Shape<'_>); 37] = [
        ("nothing", "", (0, 0, 0, None)),
        ("comments only", "// a\n/* b\n*/\r\n", (0, 0, 0, None)),
        ("an expression", "1 + 1", (0, 0, 0, Some("1 + 1"))),
        ("hidden by a semicolon", "1 + 1;", (0, 0, 1, None)),
        ("two semicolons", "f();;", (0, 0, 1, None)),
        ("a comment behind it", "v // é", (0, 0, 0, Some("v"))),
        ("CRLF", "let é = 1;\r\né\r\n", (0, 0, 1, Some("é"))),
        ("a variable", "let x = 1;", (0, 0, 1, None)),
        (
            "let-else",
            "let Some(x) = y else { return };",
            (0, 0, 1, None),
        ),
        ("an assignment", "x = 1;", (0, 0, 1, None)),
        (
            "if as the last expression",
            "if a { 1 } else { 2 }",
            (0, 0, 0, Some("if a { 1 } else { 2 }")),
        ),
        (
            "a loop before another",
            "for i in v {} while a {}",
            (0, 0, 1, Some("while a {}")),
        ),
        (
            "a labelled loop",
            "'a: loop { break 'a 1 }",
            (0, 0, 0, Some("'a: loop { break 'a 1 }")),
        ),
        (
            "match",
            "match x { _ => 1 }",
            (0, 0, 0, Some("match x { _ => 1 }")),
        ),
        (
            "a block",
            "{ fn f() {} f() }",
            (0, 0, 0, Some("{ fn f() {} f() }")),
        ),
        (
            "unsafe",
            "unsafe { f() }",
            (0, 0, 0, Some("unsafe { f() }")),
        ),
        ("a closure", "|x| x + 1", (0, 0, 0, Some("|x| x + 1"))),
        (
            "an async block",
            "async { 1 }",
            (0, 0, 0, Some("async { 1 }")),
        ),
        (
            "a method chain",
            "v\n  .iter()\n  .sum::<i32>()",
            (0, 0, 0, Some("v\n  .iter()\n  .sum::<i32>()")),
        ),
        ("await", "f().await", (0, 0, 0, Some("f().await"))),
        ("a question mark", "f()?", (0, 0, 0, Some("f()?"))),
        ("a macro call", "vec![1, 2]", (0, 0, 0, Some("vec![1, 2]"))),
        ("a macro statement", "println!(\"a\");", (0, 0, 1, None)),
        (
            "functions",
            "fn f() {}\nasync fn g() {}\nconst fn h() {}",
            (3, 0, 0, None),
        ),
        (
            "types",
            "struct A;\nenum B { C }\ntype D = A;\nunion E { a: u8 }",
            (4, 0, 0, None),
        ),
        (
            "a tuple struct",
            "struct P(i32, i32);\nP(1, 2)",
            (1, 0, 0, Some("P(1, 2)")),
        ),
        (
            "traits and impls",
            "trait T {}\nimpl T for A {}\nunsafe impl Send for A {}",
            (3, 0, 0, None),
        ),
        (
            "constants",
            "const A: u8 = 1;\nstatic B: u8 = 1;\nstatic mut C: u8 = 1;",
            (3, 0, 0, None),
        ),
        ("a module", "mod m { pub fn f() {} }", (1, 0, 0, None)),
        (
            "extern",
            "extern crate core;\nunsafe extern \"C\" { fn f(); }",
            (2, 0, 0, None),
        ),
        (
            "uses",
            "use std::{fmt, io::*};\nfmt::Error",
            (0, 2, 0, Some("fmt::Error")),
        ),
        (
            "statics of a thread",
            "thread_local! { static A: u8 = 1; }",
            (1, 0, 0, None),
        ),
        (
            "the same, with a path",
            "std::thread_local!(static A: u8 = 1);",
            (1, 0, 0, None),
        ),
        (
            "a macro of the user's",
            "macro_rules! m { () => { 1 } }\nm!()",
            (1, 0, 0, Some("m!()")),
        ),
        (
            "a macro that defines items",
            "macro_rules! m { ($n:ident) => { struct $n; } }\nm!(A);\nm! { B }",
            (3, 0, 0, None),
        ),
        (
            "attributes",
            "#![allow(unused)]\n#[derive(Debug)]\nstruct A;",
            (1, 0, 0, None),
        ),
        (
            "an item behind a statement",
            "let a = 1; fn f() {} a",
            (1, 0, 1, Some("a")),
        ),
    ];
    for (what, text, expected) in cases {
        assert_eq!(shape(text), expected, "{what}: {text}");
    }
}

#[test]
fn macros_of_earlier_cells_define_items_too() {
    let macros = Names::from(["point".to_owned()]);
    let parsed = Parsed::new("point!(A);", &macros).expect("it is Rust");
    assert_eq!(parsed.items[0].names, ["A"]);
    assert!(parsed.statements.is_empty() && parsed.tail.is_none());
    let unknown = parse("point!(A);");
    assert_eq!((unknown.items.len(), unknown.statements.len()), (0, 1));
}

#[test]
fn inner_attributes_are_no_part_of_the_statements() {
    let text = "#![allow(unused)]\n#![feature(é)]\n1";
    let parsed = parse(text);
    let texts: Vec<&str> = parsed.attributes.iter().map(|r| &text[r.clone()]).collect();
    assert_eq!(texts, ["#![allow(unused)]", "#![feature(é)]"]);
    assert_eq!(parsed.not_body, parsed.attributes);
}

#[test]
fn a_let_binds_the_variables_of_its_pattern() {
    let cases: [(&str, &[&str]); 17] = [
        ("let x = 1;", &["x"]),
        ("let mut x: u8 = 1;", &["mut x"]),
        ("let x;", &["x"]),
        ("let _ = 1;", &[]),
        ("let _x = 1;", &["_x"]),
        ("let (a, mut b, _) = t;", &["a", "mut b"]),
        ("let [first, .., last] = a;", &["first", "last"]),
        ("let [first, rest @ ..] = a;", &["first", "rest"]),
        ("let P { x, y: P { z, .. } } = p;", &["x", "z"]),
        ("let Some(x) = y else { return };", &["x"]),
        ("let whole @ P { x, .. } = p;", &["whole", "x"]),
        ("let &(ref a, b) = t;", &["a", "b"]),
        ("let (Some(x) | None::<u8>) = y else { f() };", &["x"]),
        ("let (x, None) = y else { return };", &["x"]),
        (
            "let (x, None): (u8, Option<u8>) = y else { return };",
            &["x"],
        ),
        ("let É = 1; let r#match = 2;", &["É"]),
        ("x = 1;", &[]),
    ];
    for (text, expected) in cases {
        let parsed = parse(text);
        let binds: Vec<String> = parsed.statements[0]
            .binds
            .iter()
            .map(|binding| {
                assert!(
                    text[binding.range.clone()].ends_with(&binding.name),
                    "{text}"
                );
                let mutable = if binding.mutable { "mut " } else { "" };
                format!("{mutable}{}", binding.name)
            })
            .collect();
        assert_eq!(binds, expected, "{text}");
    }
    assert_eq!(
        parse("let r#match = 1;").statements[0].binds[0].name,
        "r#match"
    );
    assert_eq!(parse("let r#foo = 1;").statements[0].binds[0].name, "foo");
}

#[test]
fn a_let_that_reads_the_variable_it_binds_is_known() {
    for (text, rereads) in [
        ("let v = v.len();", true),
        ("let v = w.v;", false),
        ("let v = format!(\"{v}\");", true),
        ("let v = 1;", false),
        ("let P { v } = p;", false),
        ("let Some(v) = v else { return };", true),
    ] {
        let statement = &parse(text).statements[0];
        assert_eq!(statement.rereads.contains("v"), rereads, "{text}");
    }
}

#[test]
fn a_cell_awaits_only_by_itself() {
    let cases = [
        ("f().await", true),
        ("let x = f().await?;", true),
        ("println!(\"{}\", f().await);", true),
        ("for x in y { x.await; }", true),
        ("async { f().await }", false),
        ("let g = async || f().await;", false),
        ("let g = || async { f().await };", false),
        ("async fn g() { f().await }", false),
        ("{ async fn g() { f().await } }", false),
        ("\"x.await\"", false),
        ("println!(\". await\");", false),
        ("// x.await", false),
    ];
    for (text, awaits) in cases {
        assert_eq!(parse(text).awaits, awaits, "{text}");
    }
}

#[test]
fn a_variable_without_a_type_name_is_expected() {
    for (text, expected) in [
        ("let f = |x| x;", true),
        ("let f = move || 1;", true),
        ("let f = async { 1 };", true),
        ("let f = g(|x| x);", false),
        ("let f;", false),
    ] {
        assert_eq!(parse(text).expects_unnamed, expected, "{text}");
    }
}

#[test]
fn what_is_not_rust_is_left_to_rustc() {
    for text in [
        "let x =",
        "fn f( {}",
        "1 2",
        "\"open",
        "'",
        "}",
        "let let",
        "#!/bin/sh",
        "\u{feff}let é = 1; é",
        "5\nfn f() {}",
        "//! inner\n/* open",
    ] {
        assert!(Parsed::new(text, &Names::new()).is_none(), "{text:?}");
    }
}
