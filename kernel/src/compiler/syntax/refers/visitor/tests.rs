//! Tests of what an item refers to.

use super::*;
use crate::compiler::syntax::refers::Mention;

fn shown(mention: &Mention) -> String {
    let namespace = match mention.namespace {
        Some(Namespace::Types) => "t:",
        Some(Namespace::Values) => "v:",
        Some(Namespace::Macros) => "m:",
        None => "",
    };
    let how = match mention.how {
        How::Plainly => "",
        How::InPattern => "?",
        How::AsArgument => "<",
        How::AmongTokens => "~",
    };
    format!("{namespace}{}{how}", mention.name)
}

/// What an item mentions, and which methods it calls.
fn refers(text: &str) -> (Vec<String>, Vec<String>) {
    let item: Item = syn::parse_str(text).expect(text);
    let (found, _) = of_item(&item);
    let mentions = found.mentions.iter().map(shown).collect();
    (mentions, found.methods.into_iter().collect())
}

#[test]
fn only_free_names_are_references() {
    let cases: [(&str, &[&str]); 18] = [
        ("struct S { total: u32 }", &["t:u32"]),
        ("struct S<T> { all: Vec<T> }", &["t:Vec", "v:T<"]),
        ("fn f() { total() }", &["v:total"]),
        ("fn f(total: u8) -> u8 { total }", &["v:total?", "t:u8"]),
        ("fn f() { let total = 1; total; }", &["v:total?"]),
        ("fn f() { total; let mut total = 1; }", &["v:total"]),
        ("fn f() { { let mut n = 1; } n; }", &["v:n"]),
        ("fn f() { 'a: loop { break 'a; } }", &[]),
        ("fn f() { a::b::c() }", &["t:a"]),
        ("fn f() { S { total: 1 }; }", &["t:S"]),
        (
            "fn f() { let S { ref total, .. } = s; total; }",
            &["t:S", "v:s"],
        ),
        (
            "fn f() { match x { Some(mut y) if y => y, _ => z } }",
            &["v:Some", "v:x", "v:z"],
        ),
        (
            "fn f() { println!(\"{a} {}\", b); }",
            &["v:a", "v:b", "m:println"],
        ),
        ("fn f() { mine!(a b); }", &["a~", "b~", "m:mine"]),
        ("fn f() { fn g() {} g(); }", &[]),
        ("fn f() { use m::g; g(); }", &["t:m"]),
        (
            "mod m { fn g() { h(); super::i(); crate::j::k(); } }",
            &["t:j", "v:i"],
        ),
        (
            "mod m { use super::*; fn g() { h() } fn i() { g() } }",
            &["v:h"],
        ),
    ];
    for (text, expected) in cases {
        let (mut found, _) = refers(text);
        let mut expected: Vec<String> = expected.iter().map(|&name| name.to_owned()).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn methods_are_noted_by_name() {
    let cases: [(&str, &[&str]); 4] = [
        ("fn f(x: &X) { x.a().b; }", &["a"]),
        ("fn f<T: X>() { T::make(); }", &["make"]),
        ("fn f() { <u8 as X>::make(); }", &["make"]),
        ("impl X for u8 { fn f(&self) { Self::g(self) } }", &["g"]),
    ];
    for (text, expected) in cases {
        assert_eq!(refers(text).1, expected, "{text}");
    }
}
