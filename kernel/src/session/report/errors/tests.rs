//! Types and places in words.

use std::sync::Arc;

use woozle::protocol::Place;

use super::{excerpt, short_type};
use crate::compiler::diagnostics::Cells;
use crate::compiler::source::{Edit, Part, Source};

#[test]
fn a_type_is_named_without_its_modules() {
    for (long, short) in [
        ("core::num::error::ParseIntError", "ParseIntError"),
        ("cell_3::MyErr", "MyErr"),
        (
            "alloc::boxed::Box<dyn core::error::Error>",
            "Box<dyn Error>",
        ),
        ("&str", "&str"),
    ] {
        assert_eq!(short_type(long), short);
    }
}

#[test]
fn the_mark_stands_below_the_users_column() {
    let text = "fn bad() { panic!() }";
    let source = Source::new(2, text, vec![Edit::before(0, "pub ", Part::Items)]);
    let cells = Cells::from([(2, Arc::new(source))]);
    let place = Place {
        file: "cell [2]".into(),
        line: 1,
        column: 17,
    }; // lead, `pub `, then col 12
    let shown = excerpt(&place, &cells);
    assert!(shown.contains("cell [2]:1:12"), "{shown}");
}
