//! Tests of `imports`.

use super::*;

fn leaves(text: &str) -> Vec<Use> {
    of(&syn::parse_str(text).expect("a use declaration"))
}

#[test]
fn a_declaration_is_flattened() {
    let cases: [(&str, &[&str]); 11] = [
        ("use std::fmt;", &["use std::fmt;"]),
        ("use std::fmt as f;", &["use std::fmt as f;"]),
        ("use std::io::*;", &["use std::io::*;"]),
        ("use std::io::Read as _;", &["use std::io::Read as _;"]),
        (
            "use std::{io::{self, Read}, fmt};",
            &["use std::io;", "use std::io::Read;", "use std::fmt;"],
        ),
        ("use std::io::{self as x};", &["use std::io as x;"]),
        ("use ::rand::Rng;", &["use ::rand::Rng;"]),
        ("use rand;", &["use rand;"]),
        ("use {a, b::c};", &["use a;", "use b::c;"]),
        (
            "use Color::{Red, Green};",
            &["use Color::Red;", "use Color::Green;"],
        ),
        ("pub use a::r#match;", &["use a::r#match;"]),
    ];
    for (text, expected) in cases {
        let written: Vec<String> = leaves(text).iter().map(Use::declaration).collect();
        assert_eq!(written, expected, "{text}");
    }
}

#[test]
fn a_leaf_knows_its_name_and_its_root() {
    let cases = [
        (
            "use std::collections::HashMap;",
            Some("HashMap"),
            "std",
            true,
        ),
        ("use std::thread;", Some("thread"), "std", false),
        ("use std::io::Read as _;", None, "std", true),
        ("use std::io::prelude::*;", None, "std", true),
        ("use self::shapes::Area;", Some("Area"), "shapes", true),
        ("use crate::shapes::area;", Some("area"), "shapes", false),
        ("use std::io::Read as r;", Some("r"), "std", true),
    ];
    for (text, name, root, may_be_trait) in cases {
        let leaf = leaves(text).remove(0);
        assert_eq!(leaf.name(), name, "{text}");
        assert_eq!(leaf.root(), root, "{text}");
        assert_eq!(leaf.may_be_trait(), may_be_trait, "{text}");
    }
}
