//! Tests of `source`.

use super::*;

/// One range.
fn only(range: Range<usize>) -> [Range<usize>; 1] {
    [range]
}

/// A source with the insertions round a last expression, and where they stand.
fn with_tail(text: &str, tail: &str) -> Source {
    let start = text.rfind(tail).expect("the tail is in the text");
    let edits = vec![
        Edit::after(start + tail.len(), ") { shown }", Part::Body),
        Edit::before(start, "match &(", Part::Body),
    ];
    Source::new(1, text, edits)
}

/// A text with the edits of an item that is published, and whose `pub(crate)` becomes `pub`.
fn with_items() -> (&'static str, Source) {
    let text = "struct É(pub(crate) u8); fn f() { panic!() }\r\nlet x = É(1);";
    let at = |piece: &str| text.find(piece).expect("it is there");
    let edits = vec![
        Edit::before(at("fn f"), "pub ", Part::Items),
        Edit::before(0, "pub ", Part::Items),
        Edit::replace(at("pub(crate)")..at("pub(crate)") + 10, "pub", Part::Items),
    ];
    (text, Source::new(2, text, edits))
}

/// Line and column of a byte, both from 1, in characters.
fn position(text: &str, at: usize) -> (u32, u32) {
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default();
    let number = |n: usize| u32::try_from(n).expect("small");
    (number(line), number(column.chars().count() + 1))
}

#[test]
fn what_is_not_visible_is_blank_and_lines_stay() {
    let text = "fn f() {}\r\nlet é = 1;\n";
    let source = Source::new(1, text, vec![Edit::before(0, "pub ", Part::Items)]);
    let item = &only(0..9);
    assert_eq!(
        source.render(Part::Items, item, ' '),
        " pub fn f() {}\r\n           \n"
    );
    let statement = &only(11..22);
    assert_eq!(
        source.render(Part::Body, statement, '{'),
        "{             \r\nlet é = 1;\n"
    );
}

#[test]
fn both_files_have_the_same_length() {
    let (text, source) = with_items();
    let items = source.render(Part::Items, &only(0..44), ' ');
    let body = source.render(Part::Body, &only(46..text.len()), '{');
    assert_eq!(items.len(), body.len());
    assert_eq!(items.lines().count(), text.lines().count());
    assert!(
        items.contains("pub struct É(pub u8); pub fn f()"),
        "{items}"
    );
}

#[test]
fn an_insertion_shows_only_beside_what_it_belongs_to() {
    let source = with_tail("a; b", "b");
    let only_a = &only(0..2);
    assert_eq!(source.render(Part::Body, only_a, '{').trim_end(), "{a;");
    let only_b = &only(3..4);
    assert_eq!(
        source
            .render(Part::Body, only_b, '{')
            .trim_start_matches('{'),
        "   match &(b) { shown }"
    );
}

#[test]
fn each_byte_that_is_kept_leads_back_to_its_place() {
    let tail = "let é = vec![1];\r\n\r\n  é[9]  // ü";
    let cases = [
        (tail.to_owned(), with_tail(tail, "é[9]")),
        ("v".to_owned(), with_tail("v", "v")),
        (with_items().0.to_owned(), with_items().1),
        (String::new(), Source::new(1, "", Vec::new())),
    ];
    for (text, source) in cases {
        let all = &only(0..text.len());
        for part in [Part::Items, Part::Body] {
            let rendered = source.render(part, all, ' ');
            let mut last = 0;
            for (at, c) in rendered.char_indices().skip(1) {
                let original = source.original(at).expect("it is the user's");
                assert!(
                    original >= last,
                    "the mapping goes back at {at} of {rendered:?}"
                );
                last = original;
                if c == 'é' || c == 'É' || c == '\r' || c == '\n' || c == '9' {
                    assert!(text[original..].starts_with(c), "{at} of {rendered:?}");
                }
            }
            assert_eq!(source.original(rendered.len()), Some(text.len()));
            assert_eq!(source.original(rendered.len() + 1), None, "generated");
        }
    }
}

#[test]
fn a_column_is_the_users_whatever_was_inserted_before_it() {
    let (items, published) = with_items();
    let cases: [(&str, &str, Source, Part); 7] = [
        (
            "the last expression, alone on its line",
            "let v: Vec<i32> = vec![];\n\n§v[9]",
            with_tail("let v: Vec<i32> = vec![];\n\nv[9]", "v[9]"),
            Part::Body,
        ),
        (
            "within the last expression",
            "let a = 1;\n\nlet v: Vec<i32> = vec![];\nv§[a as usize]",
            with_tail(
                "let a = 1;\n\nlet v: Vec<i32> = vec![];\nv[a as usize]",
                "v[a as usize]",
            ),
            Part::Body,
        ),
        (
            "the last expression on the first line, behind the lead",
            "let é = [1]; §é[9]",
            with_tail("let é = [1]; é[9]", "é[9]"),
            Part::Body,
        ),
        (
            "the second line of the last expression",
            "f(\r\n    é, §g())",
            with_tail("f(\r\n    é, g())", "f(\r\n    é, g())"),
            Part::Body,
        ),
        (
            "a statement without any insertion",
            "let x = 1;\n  let y = §f(x);",
            Source::new(1, "let x = 1;\n  let y = f(x);", Vec::new()),
            Part::Body,
        ),
        (
            "behind three insertions on the line",
            "struct É(pub(crate) u8); fn f() { §panic!() }\r\nlet x = É(1);",
            published,
            Part::Items,
        ),
        (
            "on the line after insertions",
            "struct É(pub(crate) u8); fn f() { panic!() }\r\nlet x = §É(1);",
            with_items().1,
            Part::Items,
        ),
    ];
    assert!(items.contains("pub(crate)"));
    for (what, marked, source, part) in cases {
        let at = marked.find('§').expect("a mark");
        let text = marked.replace('§', "");
        assert_eq!(&*source.text, text, "{what}");
        let rendered = source.render(part, &only(0..text.len()), '{');
        let place = (0..rendered.len())
            .filter(|place| rendered.is_char_boundary(*place))
            .rfind(|place| *place > 0 && source.original(*place) == Some(at))
            .expect("it is in the rendered text");
        let (line, column) = position(&rendered, place);
        let (user_line, user_column) = position(&text, at);
        assert_eq!(line, user_line, "{what}");
        assert_eq!(source.original_column(line, column), user_column, "{what}");
    }
}

#[test]
fn a_column_of_an_insertion_is_that_of_what_it_belongs_to() {
    // rustc places a call in brackets at the bracket, which is ours
    let source = with_tail("let x = 1;\n  f(x)", "f(x)");
    for inserted in 3..=10 {
        assert_eq!(source.original_column(2, inserted), 3);
    }
    assert_eq!(source.original_column(2, 11), 3);
    assert_eq!(source.original_column(2, 12), 4);
}

#[test]
fn a_place_beyond_the_text_is_no_panic() {
    let source = with_tail("é\r\n1", "1");
    for line in [0, 1, 2, 3, u32::MAX] {
        for column in [0, 1, 100, u32::MAX] {
            assert!(source.original_column(line, column) >= 1);
        }
    }
    assert_eq!(source.original(usize::MAX), None);
}

#[test]
fn rustc_tells_a_cells_files_apart_and_the_user_does_not() {
    let body = file_name(12, Part::Body);
    let items = file_name(12, Part::Items);
    assert_eq!(body, "cell [12]");
    assert_ne!(body, items);
    for (name, cell) in [
        (body.as_str(), Some(12)),
        (&items, Some(12)),
        ("cell [-1]", None),
        ("cell [99999999999]", None),
        ("lib.rs", None),
        ("cell []", None),
        ("/rustc/library/core/src/cell [1]", None),
    ] {
        assert_eq!(cell_of_name(name), cell, "{name}");
    }
}
