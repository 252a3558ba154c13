//! Which values are written again, and as what.

use super::*;

fn items(name: &str) -> Option<String> {
    let text = match name {
        "Cup" => "#[derive(Debug, Clone, PartialEq)] struct Cup { tea: f64, milk: Option<u8> }",
        "Drink" => "#[derive(Clone, Debug)] enum Drink { Tea, Milk(u8, bool), In { cup: Cup } }",
        "List" => "#[derive(Clone, Debug)] struct List(u8, Option<Box<List>>);",
        "Door" => "#[derive(Debug)] struct Door;",
        _ => return None,
    };
    Some(text.to_owned())
}

#[test]
fn values_are_written_again_by_their_types() {
    for (ty, debug, value) in [
        ("i8", "-3", "(-3)"),
        ("f64", "-inf", "(-f64::INFINITY)"),
        ("(f32, bool)", "(1.5, true)", "((1.5), (true), )"),
        ("&str", r#""é\n""#, r#""é\n""#),
        (
            "::std::vec::Vec<char>",
            "['a', 'b']",
            "::std::vec::Vec::from([('a'), ('b'), ])",
        ),
        (
            "std::collections::BTreeMap<u8, &'static str>",
            r#"{1: "a", 2: ","}"#,
            r#"::std::collections::BTreeMap::from([((1), "a"), ((2), ","), ])"#,
        ),
        ("[Option<u8>; 2]", "[Some(1), None]", "[Some((1)), None, ]"),
        (
            "crate::Cup",
            "Cup { tea: 0.5, milk: None }",
            "Cup { tea: (0.5), milk: None, }",
        ),
        ("Drink", "Tea", "Drink::Tea"),
        ("Drink", "Milk(1, false)", "Drink::Milk((1), (false), )"),
        (
            "List",
            "List(1, Some(List(2, None)))",
            "List((1), Some(::std::boxed::Box::new(List((2), None, ))), )",
        ),
    ] {
        let shape = Shape::of(ty, &items).unwrap_or_else(|| panic!("{ty} has a shape"));
        assert_eq!(shape.value(debug, &items).as_deref(), Some(value), "{ty}");
    }
}

#[test]
fn what_is_more_than_its_debug_form_is_not() {
    for ty in [
        "Door",
        "&u8",
        "std::sync::Arc<u8>",
        "Mutex<i32>",
        "fn()",
        "Vec<Door>",
    ] {
        assert_eq!(Shape::of(ty, &items), None, "{ty}");
    }
}
