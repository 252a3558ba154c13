//! Tests of `in_place`.

use super::*;
use crate::compiler::resolve::session_scope::Loan;
use crate::compiler::rewrite::in_place::temporaries::extended_temporaries;
use crate::compiler::syntax::source::Source;

fn written(text: &str) -> String {
    let variable = InPlace {
        name: "v".to_owned(),
        from: 0,
        mutable: false,
    };
    let edits = edits(
        text,
        &BTreeSet::from([variable]),
        &Names::new(),
        &Lent::new(),
    );
    let source = Source::new(1, text, edits);
    source
        .render(Part::Body, std::slice::from_ref(&(0..text.len())), ' ')
        .trim_start()
        .to_owned()
}

#[test]
fn a_use_is_a_use_of_the_place() {
    for (text, expected) in [
        ("v.push(1); f(&v, v[0])", "(*v).push(1); f(&(*v), (*v)[0])"),
        ("a.v + b::v + v", "a.v + b::v + (*v)"),
        ("P { v, w: v }", "P { v: (*v), w: (*v) }"),
        ("v = 3; v += 1;", "(*v) = 3; (*v) += 1;"),
        ("|| v.len()", "|| (*v).len()"),
    ] {
        assert_eq!(written(text), expected);
    }
}

#[test]
fn what_is_bound_anew_is_another() {
    for (text, expected) in [
        (
            "let w = v; let v = v + 1; v",
            "let w = (*v); let v = (*v) + 1; v",
        ),
        ("{ let v = 1; v } v", "{ let v = 1; v } (*v)"),
        ("|v| v; v", "|v| v; (*v)"),
        ("for v in v { v }", "for v in (*v) { v }"),
        (
            "match v { Some(v) => v, _ => v }",
            "match (*v) { Some(v) => v, _ => (*v) }",
        ),
        (
            "if let Some(v) = v && v { v } else { v }",
            "if let Some(v) = (*v) && v { v } else { (*v) }",
        ),
        (
            "while let Some(v) = v { v }",
            "while let Some(v) = (*v) { v }",
        ),
        ("fn f(v: u8) { v } v", "fn f(v: u8) { v } (*v)"),
    ] {
        assert_eq!(written(text), expected);
    }
}

#[test]
fn arguments_of_macros_are_expressions() {
    for (text, expected) in [
        (
            "println!(\"{} {v}\", v)",
            "println!(\"{} {v}\", (*v), v = (*v))",
        ),
        ("format!(\"{v}\", v = v)", "format!(\"{v}\", v = (*v))"),
        (
            "print!(\"{{v}} {w:v$}\",)",
            "print!(\"{{v}} {w:v$}\", v = (*v))",
        ),
        ("assert_eq!(v, [1])", "assert_eq!((*v), [1])"),
        ("vec![v; 3]", "vec![(*v); 3]"),
        (
            "matches!(v, Some(_) | None)",
            "matches!((*v), Some(_) | None)",
        ),
        ("odd!(v => 1)", "odd!(v => 1)"),
    ] {
        assert_eq!(written(text), expected);
    }
}

#[test]
fn a_let_extends_the_lives_of_what_it_borrows() {
    for (text, expected) in [
        ("let n = &f(1);", &["f(1)"][..]),
        ("let n = (&mut a(), [&b()]);", &["a()", "b()"]),
        ("let n = S { a: &b() };", &["b()"]),
        ("let n = &f().g;", &["f()"]),
        ("let n = f(&g());", &[]),
        ("let n = f().g();", &[]),
    ] {
        let found = extended_temporaries(text);
        let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn what_is_moved_into_a_closure_is_the_variable() {
    for (text, expected) in [
        (
            "f(move || v.len())",
            "f({ let v = (*v); move || { let _ = &v; v.len() } })",
        ),
        (
            "move || v.a.b + v.a.b",
            "{ let v = (*v).a.b; move || v + v }",
        ),
        ("move || v.0.len()", "{ let v = (*v).0; move || v.len() }"),
        (
            "move || v.a + v.b",
            "{ let v = (*v); move || { let _ = &v; v.a + v.b } }",
        ),
        (
            "move || v.a += 1",
            "{ let v = (*v); move || { let _ = &v; v.a += 1 } }",
        ),
        ("move |v| v.len()", "move |v| v.len()"),
        (
            "async move { v.len() }",
            "{ let v = (*v); async move { let _ = &v; { v.len() } } }",
        ),
    ] {
        assert_eq!(written(text), expected);
    }
}

#[test]
fn fields_are_used_apart_if_nothing_else_is() {
    for (text, expected) in [
        ("let log = &mut v.log;", Some("v.log Mutable")),
        ("let first = v.a.b.first();", Some("v.a.b Shared")),
        ("let last = v.a.last_mut();", Some("v.a Mutable")),
        ("let add = |x| v.n += x;", Some("v.n Mutable")),
        (
            "let both = (&mut v.0, &v.1);",
            Some("v.0 Mutable, v.1 Shared"),
        ),
        ("let inner = (&v.a, &v.a.b);", Some("v.a Shared")),
        ("let name = v.name();", None),
        ("let all = (&v.a, &v);", None),
        ("let c = move || v.a.len();", None),
        ("let w = 1;", None),
    ] {
        let found = used::fields(text, &(0..text.len()), "v").map(|places| {
            let places = places
                .iter()
                .map(|(place, loan)| format!("{place} {loan:?}"));
            places.collect::<Vec<_>>().join(", ")
        });
        assert_eq!(found.as_deref(), expected, "{text}");
    }
}

#[test]
fn a_statement_has_what_is_lent_for_a_field() {
    let text = "let log = &mut v.log; v.log";
    let variable = InPlace {
        name: "v".to_owned(),
        from: 0,
        mutable: true,
    };
    let lent = Lent::from([(0, [("v.log".to_owned(), Loan::Mutable)].into())]);
    let mut all: Vec<_> = fields::lendings(&lent).collect();
    all.extend(edits(
        text,
        &BTreeSet::from([variable]),
        &Names::new(),
        &lent,
    ));
    let source = Source::new(1, text, all);
    let written = source.render(Part::Body, std::slice::from_ref(&(0..text.len())), ' ');
    assert_eq!(
        written.trim_start(),
        "let v·log: &'v·log mut _ = ::woozle::borrows::lend_mut::<'v, 'v·log, _>(&mut (*v).log); \
         let log = &mut (*v·log); (*v).log"
    );
}
