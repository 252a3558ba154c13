//! Tests of `visibility`.

use super::*;
use crate::compiler::syntax::source::Source;

/// One range.
fn only(range: Range<usize>) -> [Range<usize>; 1] {
    [range]
}

/// An item as other cells see it.
fn published(text: &str) -> String {
    let item: Item = syn::parse_str(text).expect("an item");
    let tokens = Tokens::new(text.parse().expect("tokens"));
    // the item and the tokens are in files of their own, with the same places
    let source = Source::new(1, text, edits(&item, &tokens));
    let all = &only(0..text.len());
    source.render(Part::Items, all, ' ').trim_start().to_owned()
}

#[test]
fn what_a_cell_defines_every_cell_may_use() {
    let cases = [
        ("fn f() {}", "pub fn f() {}"),
        ("pub fn f() {}", "pub fn f() {}"),
        ("pub(crate) fn f() {}", "pub fn f() {}"),
        ("async unsafe fn f() {}", "pub async unsafe fn f() {}"),
        (
            "/// Doc.\n#[inline] fn f() {}",
            "/// Doc.\n#[inline] pub fn f() {}",
        ),
        ("const A: u8 = 1;", "pub const A: u8 = 1;"),
        ("const _: () = ();", "const _: () = ();"),
        ("static mut A: u8 = 1;", "pub static mut A: u8 = 1;"),
        ("type A = u8;", "pub type A = u8;"),
        ("trait T { fn f(); }", "pub trait T { fn f(); }"),
        ("mod m { fn f() {} }", "pub mod m { fn f() {} }"),
        (
            "mod m { pub(super) fn f() {} pub(crate) fn g() {} pub(self) fn h() {} }",
            "pub mod m { pub fn f() {} pub fn g() {} pub(self) fn h() {} }",
        ),
        (
            "mod m { mod n { pub(super) fn f() {} pub(crate) fn g() {} } }",
            "pub mod m { mod n { pub(super) fn f() {} pub fn g() {} } }",
        ),
        (
            "struct S { a: u8, pub b: u8 }",
            "pub struct S { pub a: u8, pub b: u8 }",
        ),
        (
            "struct S(#[allow(unused)] u8, pub(crate) u8);",
            "pub struct S(#[allow(unused)] pub u8, pub u8);",
        ),
        ("struct S;", "pub struct S;"),
        (
            "enum E { A(u8), B { c: u8 } }",
            "pub enum E { A(u8), B { c: u8 } }",
        ),
        ("union U { a: u8 }", "pub union U { pub a: u8 }"),
        (
            "impl S { fn f() {} const A: u8 = 1; }",
            "impl S { pub fn f() {} pub const A: u8 = 1; }",
        ),
        ("impl T for S { fn f() {} }", "impl T for S { fn f() {} }"),
        (
            "macro_rules! m { () => {} }",
            "#[macro_export] macro_rules! m { () => {} }",
        ),
        (
            "#[macro_export] macro_rules! m { () => {} }",
            "#[macro_export] macro_rules! m { () => {} }",
        ),
        (
            "unsafe extern \"C\" { fn f(); static A: u8; }",
            "unsafe extern \"C\" { pub fn f(); pub static A: u8; }",
        ),
        (
            "mod m { macro_rules! u { () => {} } pub(crate) use u; }",
            "pub mod m { #[macro_export] macro_rules! woozle_macro_m_u { () => {} } pub use woozle_macro_m_u as u; }",
        ),
        (
            "mod m { macro_rules! u { () => {} } pub(crate) use u; mod n { fn f() { u!() } } }",
            "pub mod m { macro_rules! u { () => {} } pub(crate) use u; mod n { fn f() { u!() } } }",
        ),
        (
            "mod m { macro_rules! u { () => {} } use u; pub(super) use {std::fs, f}; fn f() {} }",
            "pub mod m { macro_rules! u { () => {} } use u; pub use {std::fs, f}; fn f() {} }",
        ),
        (
            "fn f() { struct Inner { a: u8 } }",
            "pub fn f() { struct Inner { a: u8 } }",
        ),
        (
            "struct É { é: &'static str }",
            "pub struct É { pub é: &'static str }",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(published(text), expected);
    }
}

#[test]
fn what_the_rules_of_a_macro_produce_every_cell_may_use() {
    let cases = [
        (
            "($n:ident) => { fn $n() -> u8 { fn inner() {} 1 } };",
            "($n:ident) => { pub fn $n() -> u8 { fn inner() {} 1 } };",
        ),
        (
            "($($n:ident),*) => { $(#[inline] const fn $n() {})* };",
            "($($n:ident),*) => { $(#[inline] pub const fn $n() {})* };",
        ),
        (
            "($n:ident { $($f:ident: $t:ty),* }) => { #[derive(Debug)] struct $n { $($f: $t),*, extra: Vec<(u8, u8)>, pub own: u8 } impl $n { fn new() {} const A: u8 = 1; } };",
            "($n:ident { $($f:ident: $t:ty),* }) => { #[derive(Debug)] pub struct $n { $(pub $f: $t),*, pub extra: Vec<(u8, u8)>, pub own: u8 } impl $n { pub fn new() {} pub const A: u8 = 1; } };",
        ),
        (
            "($n:ident) => { struct $n(u8, HashMap<u8, u8>); };",
            "($n:ident) => { pub struct $n(pub u8, pub HashMap<u8, u8>); };",
        ),
        (
            "($v:vis $n:ident) => { $v struct $n; impl Drop for $n { fn drop(&mut self) {} } };",
            "($v:vis $n:ident) => { $v struct $n; impl Drop for $n { fn drop(&mut self) {} } };",
        ),
        (
            "() => { static A: u8 = 1; pub fn f() {} enum E { A } };",
            "() => { pub static A: u8 = 1; pub fn f() {} pub enum E { A } };",
        ),
        ("($a:expr) => { $a + 1 };", "($a:expr) => { $a + 1 };"),
        (
            "() => {{ fn helper() {} helper() }};",
            "() => {{ fn helper() {} helper() }};",
        ),
    ];
    for (rules, expected) in cases {
        let text = format!("#[macro_export] macro_rules! m {{ {rules} }}");
        let expected = format!("#[macro_export] macro_rules! m {{ {expected} }}");
        assert_eq!(published(&text), expected);
    }
}
