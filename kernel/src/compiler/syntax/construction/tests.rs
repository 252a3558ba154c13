//! Tests of what is told of a statement.

use super::*;

#[test]
fn what_only_makes_a_value_is_told_from_what_does_more() {
    let constructing = [
        "let v = Vec::new();",
        "let (tx, rx) = mpsc::channel();",
        "let log = Arc::new(Mutex::new(vec![None; 3]));",
        "let mut best = None;",
        "let p = Point { x: 1, rest: Vec::with_capacity(n + 1) };",
        "let add = |a, b| act(a, b);",
        "let size;",
        "let w = name.clone().into();",
        "let o = Ok(Wrapped(vec![], &n));",
    ];
    for text in constructing {
        assert!(Form::of(text).constructs, "{text}");
    }
    let acting = [
        "let v = \"5\".parse().unwrap();",
        "let v = read();",
        "let v = vec![read()];",
        "let v = Some(rx.recv());",
        "let v = { act(); None };",
        "let Some(v) = None else { panic!() };",
    ];
    for text in acting {
        assert!(!Form::of(text).constructs, "{text}");
    }
}

#[test]
fn a_whole_annotation_leaves_nothing_open() {
    let open = |text| Form::of(text).may_be_open;
    assert!(open("let v = Vec::new();"));
    assert!(open("let v: Vec<_> = Vec::new();"));
    assert!(!open("let v: Vec<u8> = Vec::new();"));
}

#[test]
fn some_need_no_compiler() {
    let surely = |text| Form::of(text).is_surely_open;
    for text in [
        "let v = Vec::new();",
        "let mut v = vec![];",
        "let v: Option<_> = None;",
        "let v = Default::default();",
    ] {
        assert!(surely(text), "{text}");
    }
    for text in [
        "let v = Vec::<u8>::new();",
        "let v = vec![1];",
        "let v: Option<u8> = None;",
        "let v = HashMap::new();",
    ] {
        assert!(!surely(text), "{text}");
    }
}

#[test]
fn values_to_show_are_told_from_statements() {
    for text in ["v.len()", "v", "if a { 1 } else { 2 }", "{ v }", "dbg!(v)"] {
        assert!(Form::of(text).has_value, "{text}");
    }
    for text in [
        "for x in v {}",
        "if a { v.push(1) }",
        "println!(\"{v:?}\")",
        "n = 3",
        "n += 3",
    ] {
        assert!(!Form::of(text).has_value, "{text}");
    }
}
