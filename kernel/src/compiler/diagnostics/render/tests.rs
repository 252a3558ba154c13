//! Tests of `render`.

use std::sync::Arc;

use super::*;
use crate::compiler::rustc::messages::{Code, Expansion};
use crate::compiler::syntax::source::{Edit, Part, Source, file_name};

#[test]
fn no_generated_name_reaches_the_user() {
    let cases = [
        ("nothing to do", "expected `i32`, found `&str`"),
        ("an item of a cell", "found struct `cell_3::Point`"),
        ("an absolute path", "found struct `::cell_12::Point`"),
        (
            "in a longer type",
            "expected `Vec<cell_1::A, cell_2::m::B>`",
        ),
        (
            "names for generated code",
            "found `::woozle::names::Vec<woozle::names::Arc<u8>>`",
        ),
        (
            "what generated code calls",
            "required by `woozle::cell::keep_variable`",
        ),
        (
            "a name of the user's",
            "no function `excell_3::f`, `cell_x`, `cell_3` or `cell_::f`",
        ),
        ("wide characters", "écell_3::é"),
        ("at the end", "cell_"),
        ("at the end, with a number", "cell_3"),
    ];
    let plain_texts = [
        "expected `i32`, found `&str`",
        "found struct `Point`",
        "found struct `Point`",
        "expected `Vec<A, m::B>`",
        "found `Vec<Arc<u8>>`",
        "required by `keep_variable`",
        "no function `excell_3::f`, `cell_x`, `cell_3` or `cell_::f`",
        "écell_3::é",
        "cell_",
        "cell_3",
    ];
    for ((what, text), expected) in cases.into_iter().zip(plain_texts) {
        assert_eq!(plain(text), expected, "{what}");
    }
}

fn cells() -> Cells {
    let text = "let é = 1;\n  é + \"a\"";
    let tail = text.find("é +").expect("it is there");
    let edits = vec![
        Edit::before(tail, "match &(", Part::Body),
        Edit::after(text.len(), ") { shown }", Part::Body),
    ];
    Cells::from([(7, Arc::new(Source::new(7, text, edits)))])
}

fn span(file: &str, start: usize, end: usize) -> Span {
    Span {
        file_name: file.to_owned(),
        byte_start: start,
        byte_end: end,
        is_primary: true,
        label: Some("no `cell_7::Add`".to_owned()),
        suggested_replacement: None,
        expansion: None,
    }
}

fn message(spans: Vec<Span>, children: Vec<Message>) -> Message {
    Message {
        message: "cannot add `&str` to `cell_7::N`".to_owned(),
        code: Some(Code {
            code: "E0277".to_owned(),
        }),
        level: "error".to_owned(),
        spans,
        children,
    }
}

/// Without colours.
fn bare(rendered: &str) -> String {
    let mut bare = String::new();
    let mut rest = rendered;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        bare.push_str(before);
        rest = after.split_once('m').map_or("", |(_, text)| text);
    }
    bare + rest
}

#[test]
fn an_error_shows_the_users_own_line_and_column() {
    let cells = cells();
    // lead, then `match &(` before the second `é`: the `+` is at 15 + 1 + 8
    let plus = cells[&7].text.find('+').expect("it is there") + 9;
    for part in [Part::Body, Part::Items] {
        let span = span(&file_name(7, part), plus, plus + 1);
        assert_eq!(place(&span, &cells), Some((7, plus - 9..plus - 8)));
        let report = report(&message(vec![span], Vec::new()), &cells, &["a note".into()]);
        let text = bare(&report.rendered);
        assert_eq!(report.code, "E0277");
        assert_eq!(report.message, "cannot add `&str` to `N`");
        for expected in [
            "error[E0277]: cannot add `&str` to `N`",
            "cell [7]:2:5",
            "é + \"a\"",
            "no `Add`",
            "note: a note",
        ] {
            assert!(text.contains(expected), "{expected} in\n{text}");
        }
        assert!(
            !text.contains("match &(") && !text.contains("cell_7"),
            "{text}"
        );
    }
}

#[test]
fn a_place_in_a_macro_is_where_the_user_calls_it() {
    let cells = cells();
    let mut inner = span("/rustc/library/std/src/macros.rs", 100, 110);
    inner.expansion = Some(Box::new(Expansion {
        span: span("cell [7]", 1, 4),
    }));
    assert_eq!(place(&inner, &cells), Some((7, 0..3)));
    assert_eq!(place(&span("lib.rs", 1, 2), &cells), None);
    assert_eq!(
        place(&span("cell [8]", 1, 2), &cells),
        None,
        "an unknown cell"
    );
    assert_eq!(
        place(&span("cell [7]", 9_999, 10_000), &cells),
        None,
        "generated"
    );
}

#[test]
fn a_place_is_made_of_whole_characters() {
    let cells = cells();
    let within = span("cell [7]", 6, 7); // the second byte of the `é` at 4
    assert_eq!(place(&within, &cells), Some((7, 4..6)));
    let all = cells[&7].text.len();
    let open = span("cell [7]", 1, 9_999);
    assert_eq!(place(&open, &cells), Some((7, 0..all)));
    for start in 0..60 {
        for end in 0..60 {
            let message = message(vec![span("cell [7]", start, end)], Vec::new());
            report(&message, &cells, &[]);
        }
    }
}

#[test]
fn a_suggestion_is_shown_as_a_patch() {
    let cells = cells();
    let mut change = span("cell [7]", 5, 7);
    change.suggested_replacement = Some("cell_7::b".to_owned());
    let mut help = message(vec![change], Vec::new());
    "help".clone_into(&mut help.level);
    "use this".clone_into(&mut help.message);
    let text = bare(&report(&message(Vec::new(), vec![help]), &cells, &[]).rendered);
    assert!(
        text.contains("help: use this") && text.contains("let b = 1;"),
        "{text}"
    );
}

#[test]
fn a_check_at_compile_time_in_a_library_points_to_the_closure() {
    let text = "let x = 5;\nstart(move || x);";
    let source = Source::new(7, text, Vec::new());
    let mut foreign = span("/rustc/library/core/src/panic.rs", 0, 4);
    foreign.label = Some(
        "evaluation of `woozle::f::<{closure@cell [7]:2:7: 2:14}>::{constant#0}` failed here"
            .into(),
    );
    let message = Message {
        message: "evaluation panicked: this closure captures variables".into(),
        code: None,
        level: "error".into(),
        spans: vec![foreign],
        children: Vec::new(),
    };
    let report = report(&message, &Cells::from([(7, Arc::new(source))]), &[]);
    assert_eq!(report.message, "this closure captures variables");
    assert!(
        report.rendered.contains("cell [7]:2:7"),
        "{}",
        report.rendered
    );
}
