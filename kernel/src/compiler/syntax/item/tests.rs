//! Tests of `item`.

use super::*;
use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::source::Source;

/// One range.
fn only(range: Range<usize>) -> [Range<usize>; 1] {
    [range]
}

fn items(text: &str) -> Vec<Item> {
    Parsed::new(text, &Names::new()).expect("it is Rust").items
}

fn item(text: &str) -> Item {
    items(text).remove(0)
}

#[test]
fn an_item_has_a_kind_and_names() {
    let cases: [(&str, Kind, &[&str]); 16] = [
        ("fn f() {}", Kind::Function, &["f"]),
        ("async fn f() {}", Kind::Function, &["f"]),
        ("struct S { a: u8 }", Kind::Type, &["S"]),
        ("enum E { A, B }", Kind::Type, &["E"]),
        ("union U { a: u8 }", Kind::Type, &["U"]),
        ("trait T {}", Kind::Trait, &["T"]),
        ("static A: u8 = 1;", Kind::Static, &["A"]),
        ("const A: u8 = 1;", Kind::Other, &["A"]),
        ("const _: () = assert!(true);", Kind::Other, &[]),
        ("type A = u8;", Kind::Other, &["A"]),
        ("mod m { fn f() {} }", Kind::Other, &["m"]),
        ("macro_rules! m { () => {} }", Kind::Macro, &["m"]),
        ("fn r#match() {}", Kind::Function, &["r#match"]),
        (
            "unsafe extern \"C\" { fn abs(x: i32) -> i32; static environ: u8; }",
            Kind::Other,
            &["abs", "environ"],
        ),
        (
            "thread_local! { static A: Cell<u8> = const { Cell::new(1) }; pub static B: u8 = 2; }",
            Kind::Static,
            &["A", "B"],
        ),
        (
            "lazy_static! { static ref A: Vec<fn(u8)> = Vec::new(); }",
            Kind::Static,
            &["A"],
        ),
    ];
    for (text, kind, names) in cases {
        let item = item(text);
        assert_eq!(item.kind, kind, "{text}");
        assert_eq!(item.names, names, "{text}");
    }
}

#[test]
fn statics_of_a_macro_call_become_public() {
    let text = "thread_local! { static A: u8 = 1; pub static B: u8 = 1; /// Doc.\n#[allow(unused)] static C: u8 = 1; pub(crate) static D: u8 = 1; }";
    let source = Source::new(1, text, item(text).edits);
    let rendered = source.render(Part::Items, &only(0..text.len()), ' ');
    assert_eq!(
        rendered.trim(),
        "thread_local! { pub static A: u8 = 1; pub static B: u8 = 1; /// Doc.\n#[allow(unused)] pub static C: u8 = 1; pub static D: u8 = 1; }"
    );
}

#[test]
fn an_item_mentions_others_but_not_itself() {
    let cases: [(&str, &[&str], &[&str]); 4] = [
        (
            "fn f(x: T) -> U { g(x).h() }",
            &["T", "U", "g", "x"],
            &["f", "h"],
        ),
        (
            "struct S { next: Option<Box<S>> }",
            &["Option", "Box"],
            &["S"],
        ),
        ("fn f() { println!(\"{A}\") }", &["A"], &["f"]),
        ("#[derive(Clone)] struct S;", &["Clone"], &["S"]),
    ];
    for (text, mentioned, not) in cases {
        let mentions = item(text).mentions;
        for name in mentioned {
            assert!(mentions.contains(*name), "{name} in {text}");
        }
        for name in not {
            assert!(!mentions.contains(*name), "{name} in {text}");
        }
    }
}

#[test]
fn the_head_of_an_impl_is_read() {
    let cases = [
        ("impl S { fn f() {} }", None, Some("S")),
        ("impl<T: Copy> S<T> {}", None, Some("S")),
        ("impl Display for S {}", Some("Display"), Some("S")),
        ("impl fmt::Display for m::S {}", Some("Display"), Some("S")),
        ("impl From<S> for &'static T {}", Some("From"), Some("T")),
        ("impl<T> Tr for [T] {}", Some("Tr"), None),
        ("unsafe impl Send for S {}", Some("Send"), Some("S")),
    ];
    for (text, of_trait, for_type) in cases {
        let item = item(text);
        let head = item.as_impl().expect("an impl");
        assert_eq!(head.trait_name.as_deref(), of_trait, "{text}");
        assert_eq!(head.self_name.as_deref(), for_type, "{text}");
        assert!(item.names.is_empty(), "{text}");
    }
    let text = "impl S { const A: u8 = 1; fn f(&self) {} }";
    let of = item(text);
    let members = &of.as_impl().expect("an impl").members;
    let texts: Vec<(&str, &str)> = members
        .iter()
        .map(|(name, range)| (name.as_str(), &text[range.clone()]))
        .collect();
    assert_eq!(texts, [("A", "const A: u8 = 1;"), ("f", "fn f(&self) {}")]);
}

#[test]
fn code_that_may_run_long_is_optimised() {
    let cases = [
        ("fn f() { 1 + 1; }", false),
        ("fn f() { loop {} }", true),
        ("fn f() { while a {} }", true),
        ("fn f() { for x in y {} }", true),
        ("fn fib(n: u64) -> u64 { fib(n - 1) + fib(n - 2) }", true),
        ("fn f() { v.iter().map(|x| x + 1); }", true),
        ("fn f() { g(1, move || 2); }", true),
        ("impl T for S { fn f() {} }", false),
        ("fn f<F>(g: F) where F: for<'a> Fn(&'a str) {}", false),
        ("fn f() -> bool { a || b | c }", false),
    ];
    for (text, heavy) in cases {
        assert_eq!(item(text).may_run_long, heavy, "{text}");
    }
}

#[test]
fn a_macro_that_defines_items_is_known() {
    let cases = [
        ("macro_rules! m { ($n:ident) => { struct $n; } }", true),
        (
            "macro_rules! m { ($n:ident) => { #[derive(Debug)] pub struct $n; } }",
            true,
        ),
        (
            "macro_rules! m { ($n:ident) => { impl T for $n {} } }",
            true,
        ),
        ("macro_rules! m { ($n:ident) => { fn $n() {} } }", true),
        ("macro_rules! m { ($e:expr) => { $e + 1 } }", false),
        ("macro_rules! m { ($e:expr) => {{ struct S; $e }} }", false),
        (
            "macro_rules! m { ($($k:expr => $v:expr),*) => { f() } }",
            false,
        ),
        ("macro_rules! m { () => {} }", false),
    ];
    for (text, defines) in cases {
        assert_eq!(item(text).is_item_macro, defines, "{text}");
    }
    let call = items("macro_rules! m { ($n:ident) => { struct $n; } }\nm!(Point);");
    assert_eq!(call.len(), 2);
    assert_eq!(call[1].names, ["Point"]);
}
