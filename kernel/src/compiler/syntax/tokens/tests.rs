//! Tests of `tokens`.

use super::*;

fn tokens(text: &str) -> Tokens {
    Tokens::new(text.parse().expect("tokens"))
}

fn names(text: &str) -> Vec<String> {
    tokens(text).names(&(0..text.len())).into_iter().collect()
}

#[test]
fn code_mentions_its_names() {
    let cases: [(&str, &str, &[&str]); 14] = [
        ("names and calls", "f(x) + y", &["f", "x", "y"]),
        ("no fields and methods", "a.b.c(d)", &["a", "d"]),
        ("a range's end", "a..b", &["a", "b"]),
        ("an inclusive range's end", "0..=n", &["n"]),
        ("a struct's base", "P { x, ..base }", &["P", "base", "x"]),
        ("a lifetime is none", "&'a str", &["str"]),
        ("a path", "m::T::new()", &["T", "m", "new"]),
        ("formatted variables", "p!(\"{x} {y:?}\")", &["p", "x", "y"]),
        ("width and precision", "p!(\"{x:w$.p$}\")", &["p", "w", "x"]),
        ("a numbered argument", "p!(\"{0} {}\", a)", &["a", "p"]),
        ("a raw string", "p!(r#\"{x}\"#)", &["p", "x"]),
        ("wide characters", "p!(\"é{ü}é\")", &["p", "ü"]),
        ("a raw name", "r#foo", &["foo"]),
        ("a raw name that is a keyword", "r#match", &["r#match"]),
    ];
    for (what, text, expected) in cases {
        assert_eq!(names(text), expected, "{what}: {text}");
    }
}

#[test]
fn the_same_code_is_known_by_its_tokens() {
    let same = [
        (
            "blanks and comments",
            "fn f ( ) { 1 } // a",
            "fn f() {\n    1\n}",
        ),
        ("line ends", "a;\r\nb;", "a;\nb;"),
    ];
    let different = [
        ("another number", "f(1)", "f(2)"),
        ("another string", "f(\"a\")", "f(\"b\")"),
        ("a name less", "a b", "a"),
        ("another bracket", "m!(a)", "m![a]"),
        (
            "moved into a block",
            "if a { b; } x = 1;",
            "if a { b; x = 1; }",
        ),
        ("moved out of a call", "f(a, b)", "f(a), b"),
        ("a lifetime", "&'a T", "&'b T"),
    ];
    let text = |code: &str| tokens(code).normalised(&(0..code.len()));
    for (what, one, other) in same {
        assert_eq!(text(one), text(other), "{what}");
    }
    for (what, one, other) in different {
        assert_ne!(text(one), text(other), "{what}");
    }
}

#[test]
fn an_item_begins_behind_its_attributes() {
    let cases = [
        "§fn f() {}",
        "/// Doc.\n§fn f() {}",
        "/// Two\n/// lines.\n#[inline]\n#[cfg(all(unix))]\n§fn f() {}",
        "/** é */ #[doc = \"]\"] §struct S;",
    ];
    for marked in cases {
        let at = marked.find('§').expect("a mark");
        let text = marked.replace('§', "");
        assert_eq!(
            tokens(&text).after_attributes(&(0..text.len())),
            at,
            "{text}"
        );
    }
    assert_eq!(tokens("").after_attributes(&(0..0)), 0);
    assert_eq!(tokens("#[a]").after_attributes(&(0..4)), 0);
}
