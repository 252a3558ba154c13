//! Tests of `is_complete`.

use super::Completeness::{Complete, Incomplete, Invalid};
use super::*;

#[test]
fn a_console_runs_waits_or_shows_the_error() {
    let cases = [
        ("nothing", "", Complete),
        ("a comment", "// nothing", Complete),
        ("an expression", "1 + 1", Complete),
        ("a statement", "let x = 1;", Complete),
        (
            "a statement without its semicolon",
            "let x = 1",
            Incomplete(0),
        ),
        ("an operator without its right side", "1 +", Incomplete(0)),
        ("a method chain", "v.iter()\n    .map(|x| x + 1)", Complete),
        ("an item", "fn f() { 1; }", Complete),
        ("an open block", "fn f() {", Incomplete(4)),
        ("two open blocks", "fn f() {\n    loop {", Incomplete(8)),
        ("an open call", "f(1,", Incomplete(4)),
        ("an open list in a call", "f([1,\n", Incomplete(8)),
        ("a function's head", "fn f() -> i32", Incomplete(0)),
        ("an open string", "let s = \"abc", Incomplete(0)),
        ("an open string with an escape", "f(\"a\\\"", Incomplete(4)),
        ("an open raw string", "let s = r#\"a\" {", Incomplete(0)),
        (
            "a raw string with brackets",
            "let s = r#\"{\"(\"#;",
            Complete,
        ),
        ("an open comment", "/* a /* b */", Incomplete(0)),
        ("brackets in a comment", "1 /* { */ // (", Complete),
        ("brackets in a string", "\"{([\"", Complete),
        ("a bracket as a character", "let c = '{';", Complete),
        (
            "a quote as a character",
            "let c = '\\''; let d = '\"';",
            Complete,
        ),
        (
            "a lifetime and an open block",
            "fn f<'a>(x: &'a str) {",
            Incomplete(4),
        ),
        ("a closing bracket too many", "1)", Invalid),
        ("the wrong closing bracket", "(1]", Invalid),
        ("nonsense", "let let let", Invalid),
        ("a command", ":dep rand", Complete),
        ("CRLF", "fn f() {\r\n", Incomplete(4)),
        ("a byte order mark", "\u{feff}let x = 1;", Complete),
        ("an awaited future", "f().await", Complete),
    ];
    for (what, text, expected) in cases {
        assert_eq!(completeness(text), expected, "{what}: {text:?}");
    }
}

#[test]
fn a_piece_that_is_right_so_far_goes_on() {
    let pieces = [
        "if a &&",
        "if a",
        "if",
        "for",
        "for i in",
        "for i in 0..3",
        "while let Some(x) =",
        "loop",
        "match x",
        "if a { 1 } else",
        "impl",
        "impl Bear",
        "impl Show for",
        "fn",
        "fn f",
        "fn f() ->",
        "fn f<T>() where T:",
        "pub",
        "use std::",
        "use",
        "mod",
        "struct",
        "struct Bear",
        "enum Honey",
        "trait Show:",
        "type Pots =",
        "const N: usize =",
        "static N:",
        "let",
        "let x:",
        "let x =",
        "let f = |x|",
        "let x = &mut",
        "x as",
        "v.",
        "std::thread::",
        "a ==",
        "!",
        "return x +",
        "#[derive(Debug)]",
        "/// A bear.",
        "/** A bear. */",
        "unsafe",
        "f(1) +\n",
        "macro_rules! twice",
        "let Some(x) = y else",
        "'outer:",
        "extern \"C\"",
    ];
    let wrong: Vec<_> = pieces
        .iter()
        .filter(|text| completeness(text) != Incomplete(0))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    for text in [
        "f(1 +)",
        "if (a &&) {}",
        "fn 1",
        "for in",
        "let x = = 1",
        "a b",
    ] {
        assert_eq!(completeness(text), Invalid, "{text}");
    }
}

#[test]
fn an_escape_of_a_wide_character_is_no_panic() {
    for text in [
        "'\\é",
        "'\\é'",
        "'\\",
        "'\\'",
        "'é",
        "'",
        "\"\\é",
        "b'\\ü' {",
    ] {
        completeness(text);
    }
}
