//! Tests of `types`.

use super::*;

/// Spells a type of cell 5, in a session whose cell 3 has defined `P`.
fn spelled(ty: &str, type_name: &str) -> Option<String> {
    spell(
        ty,
        5,
        type_name,
        (&PublicPaths::new(), &Aliases::new()),
        &|name| (name == "P").then(|| "cell_3".to_owned()),
    )
}

/// A type without regard to how it is written.
fn parsed(ty: &str) -> Type {
    syn::parse_str(ty).unwrap_or_else(|error| panic!("{ty} is no type: {error}"))
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn a_type_is_spelled_for_every_crate() {
    let cases = [
        ("a primitive", "i32", "i32", "i32"),
        ("the unit type", "()", "()", "()"),
        ("a tuple", "(u8, bool)", "(u8, bool)", "(u8,bool)"),
        (
            "a trimmed name of std",
            "Vec<i32>",
            "alloc::vec::Vec<i32>",
            "::woozle::names::std::Vec<i32>",
        ),
        (
            "two of them",
            "Arc<Mutex<u64>>",
            "alloc::sync::Arc<std::sync::poison::mutex::Mutex<u64>>",
            "::woozle::names::std::Arc<::woozle::names::std::Mutex<u64>>",
        ),
        (
            "a name with its path, since there are several",
            "std::thread::JoinHandle<()>",
            "std::thread::JoinHandle<()>",
            "::std::thread::JoinHandle<()>",
        ),
        ("of this cell", "Point", "cell_5::Point", "::cell_5::Point"),
        (
            "of a module of this cell",
            "m::Point",
            "cell_5::m::Point",
            "::cell_5::m::Point",
        ),
        (
            "of an earlier cell",
            "Vec<Q>",
            "alloc::vec::Vec<cell_2::Q>",
            "::woozle::names::std::Vec<::cell_2::Q>",
        ),
        (
            "behind an alias or a parameter",
            "Box<dyn Tr<P>>",
            "alloc::boxed::Box<dyn cell_4::Tr<cell_3::P>>",
            "::woozle::names::std::Box<dyn ::cell_4::Tr<::cell_3::P>>",
        ),
        ("not in the host's spelling", "P", "", "::cell_3::P"),
        ("an array", "[P; 3]", "[cell_3::P; 3]", "[::cell_3::P;3]"),
        ("a string", "&str", "&str", "&'static str"),
        (
            "an erased lifetime",
            "&'{erased} [u8]",
            "&[u8]",
            "&'static [u8]",
        ),
        (
            "a lifetime as an argument",
            "Cow<'_, str>",
            "alloc::borrow::Cow<str>",
            "::woozle::names::std::Cow<'static,str>",
        ),
        (
            "a mutable reference",
            "&mut u8",
            "&mut u8",
            "&'static mut u8",
        ),
        ("a pointer", "*const u8", "*const u8", "*const u8"),
        (
            "a function pointer keeps its own lifetimes",
            "fn(&str) -> &str",
            "fn(&str) -> &str",
            "fn(&str)->&str",
        ),
        (
            "and named ones",
            "for<'a> fn(&'a u8) -> &'a u8",
            "for<'a> fn(&'a u8) -> &'a u8",
            "for<'a>fn(&'a u8)->&'a u8",
        ),
        (
            "a trait object of a closure",
            "Box<dyn Fn(&str) -> String + Send>",
            "alloc::boxed::Box<dyn core::ops::function::Fn(&str) -> alloc::string::String + core::marker::Send>",
            "::woozle::names::std::Box<dyn Fn(&str)->::woozle::names::std::String+::woozle::names::std::Send>",
        ),
        (
            "a trait object with a lifetime",
            "Box<dyn Iterator<Item = &u8> + '_>",
            "alloc::boxed::Box<dyn core::iter::traits::iterator::Iterator<Item = &u8>>",
            "::woozle::names::std::Box<dyn ::woozle::names::std::Iterator<Item=&'static u8>+'static>",
        ),
        (
            "a bundled crate's",
            "ArrayBase<OwnedRepr<f64>, Dim<[usize; 2]>>",
            "ndarray::ArrayBase<ndarray::data_repr::OwnedRepr<f64>, ndarray::dimension::dim::Dim<[usize; 2]>>",
            "::woozle::names::ndarray::ArrayBase<::woozle::names::ndarray::OwnedRepr<f64>,::woozle::names::ndarray::Dim<[usize;2]>>",
        ),
        ("another crate's", "Uuid", "uuid::Uuid", "::uuid::Uuid"),
    ];
    for (what, ty, type_name, expected) in cases {
        let spelled = spelled(ty, type_name).unwrap_or_else(|| panic!("{what}: {ty} is refused"));
        assert_eq!(parsed(&spelled), parsed(expected), "{what}: {spelled}");
    }
}

#[test]
fn a_type_without_a_name_is_refused() {
    for (what, ty, type_name) in [
        (
            "a closure",
            "{closure@cell [1]:1:1: 1:2}",
            "cell_1::f::{{closure}}",
        ),
        ("within another", "Vec<{closure@cell [1]:1:1: 1:2}>", "x"),
        (
            "by the host's spelling",
            "Map<I, F>",
            "Map<I, cell_1::f::{{closure}}>",
        ),
        ("an async block", "{async block@cell [1]:1:1: 1:2}", "x"),
        ("an opaque type", "impl Iterator<Item = u8>", "x"),
        ("a function's own", "fn(u8) -> u8 {f}", "cell_1::f"),
        ("a projection", "<P as Tr>::Out", "x"),
        ("no type at all", "let x", "x"),
        ("nothing", "", ""),
        ("a path that is none", "C", "<cell_5::A as cell_5::B>::C"),
    ] {
        assert_eq!(spelled(ty, type_name), None, "{what}");
    }
}

#[test]
fn a_type_is_spelled_within_its_own_crate() {
    let known = |name: &str| match name {
        "P" => Some("crate".to_owned()),
        "Q" => Some("cell_2".to_owned()),
        _ => None,
    };
    for (ty, expected) in [
        ("i32", "i32"),
        ("P", "crate::P"),
        ("&Q", "&::cell_2::Q"),
        ("Vec<&str>", "::woozle::names::Vec<&str>"),
        ("&'static str", "&'static str"),
    ] {
        let spelled = spell_local(ty, &known).expect("it has a name");
        assert_eq!(parsed(&spelled), parsed(expected), "{spelled}");
    }
    assert_eq!(spell_local("<P as T>::O", &known), None);
}

#[test]
fn no_text_is_a_panic() {
    const PIECES: [&str; 34] = [
        "Vec",
        "<",
        ">",
        "::",
        "cell_5",
        "cell_",
        "P",
        "i32",
        "&",
        "'_",
        "'a",
        "'{erased}",
        "mut",
        "dyn ",
        "fn",
        "(",
        ")",
        "->",
        "[",
        ";",
        "3",
        "]",
        ",",
        "+",
        "=",
        "as",
        "{{",
        "crate",
        "self",
        "é",
        "for",
        "*const ",
        "1",
        "r#match",
    ];
    let mut state: u64 = 0x2545_f491_4f6c_dd1d;
    let mut below = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % limit as u64).expect("below the limit")
    };
    let mut text = |blank: &str| {
        let length = below(10);
        let pieces: Vec<&str> = (0..length).map(|_| PIECES[below(PIECES.len())]).collect();
        pieces.join(blank)
    };
    for _ in 0..3_000 {
        let (ty, type_name, home) = (text(""), text(""), text(""));
        for ty in ["P", "m::P", "Vec<P>", &ty] {
            for type_name in ["", &type_name, &format!("{type_name}::P")] {
                let known = |_: &str| Some(home.clone());
                let _ = spell(
                    ty,
                    5,
                    type_name,
                    (&PublicPaths::new(), &Aliases::new()),
                    &known,
                );
                let _ = spell_local(ty, &known);
            }
        }
    }
}
