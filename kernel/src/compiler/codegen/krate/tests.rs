//! Tests of `emit`.

use std::collections::BTreeSet;

use super::*;
use crate::compiler::codegen::{Erasure, Findings, Generated, Sent};
use crate::compiler::syntax::source::Edit;
use crate::compiler::syntax::tokens::Names;
use crate::compiler::testing::Notebook;
use crate::compiler::unit::Cell;

/// The crate of the last cell of a notebook, with these findings.
fn emitted(notebook: &mut Notebook, last: &str, findings: &Findings) -> Emitted {
    let cell = notebook.cell(last);
    emit(input(&cell, notebook, findings))
}

fn input<'a>(cell: &'a Cell, notebook: &'a Notebook, findings: &'a Findings) -> Input<'a> {
    Input {
        serial: cell.serial,
        source: &cell.source,
        parsed: &cell.parsed,
        plan: &cell.plan,
        scope: &notebook.scope,
        findings,
        before: &[],
        bundles: &[],
        executor: None,
    }
}

fn file<'a>(emitted: &'a Emitted, name: &str) -> &'a str {
    let found = emitted.files.iter().find(|(file, _)| file == name);
    &found
        .unwrap_or_else(|| panic!("no file {name}: {:?}", emitted.files))
        .1
}

/// The text of the generated of a kind.
fn generated_text(
    text: &str,
    generated: &[(Range<usize>, Generated)],
    wanted: &Generated,
) -> Option<String> {
    let found = generated.iter().find(|(_, generated)| generated == wanted);
    found.map(|(range, _)| text[range.clone()].to_owned())
}

#[test]
fn a_cell_with_items_only_has_nothing_to_run() {
    let mut notebook = Notebook::default();
    let emitted = emitted(&mut notebook, "fn f() {}\n// é", &Findings::default());
    assert_eq!(emitted.entry, None);
    assert!(emitted.kept.is_empty());
    assert_eq!(file(&emitted, "cell [1]"), " pub fn f() {}\n     ");
    assert!(file(&emitted, "lib.rs").contains("include!(\"cell [1]\");"));
    assert!(emitted.renamed.is_empty(), "no other file is called so");
}

#[test]
fn the_statements_are_run_and_their_variables_kept() {
    let mut notebook = Notebook::default();
    let emitted = emitted(
        &mut notebook,
        "let a = 1; let (b, a) = (2, 3); f(a)",
        &Findings::default(),
    );
    assert_eq!(emitted.entry.as_deref(), Some("woozle_cell_1"));
    assert_eq!(
        emitted.kept,
        ["b", "a"]
            .map(str::to_owned)
            .iter()
            .rev()
            .cloned()
            .collect::<Vec<_>>()
    );
    let body = file(&emitted, "cell [1]");
    assert!(
        body.starts_with("{let a = 1; let (b, a) = (2, 3); f(a)\n"),
        "{body}"
    );
    let keep = generated_text(body, &emitted.body_generated, &Generated::Keep("b".into()))
        .expect("it is kept");
    assert_eq!(keep, "::woozle::cell::keep_variable::<_, 1>(\"b\", b);");
}

#[test]
fn earlier_variables_are_taken_and_put_back() {
    let mut notebook = Notebook::default();
    notebook.variable("mut v", "::woozle::names::Vec<::cell_3::P>");
    notebook.variable("w", "i32");
    notebook.variable("gone", "String");
    notebook.variable("bound", "u8");
    notebook
        .scope
        .variables
        .get_mut("gone")
        .expect("it is there")
        .moved_by = Some(1);
    let findings = Findings {
        moved: Names::from(["w".to_owned()]),
        ..Findings::default()
    };
    let emitted = emitted(
        &mut notebook,
        "v.push(w); gone; let bound = bound + 1;",
        &findings,
    );
    let root = file(&emitted, "lib.rs");
    for (generated, expected) in [
        (
            Generated::Take("v".into()),
            Some("let mut v: ::woozle::names::Vec<::cell_3::P> = ::woozle::cell::take(\"v\");\n"),
        ),
        (
            Generated::Take("w".into()),
            Some("let w: i32 = ::woozle::cell::take(\"w\");\n"),
        ),
        (Generated::Take("gone".into()), None),
        (
            Generated::PutBack("v".into()),
            Some("{ ::woozle::cell::put_back(\"v\", v); }\n"),
        ),
        (Generated::PutBack("w".into()), None),
        (Generated::PutBack("gone".into()), None),
        (
            Generated::PutBack("bound".into()),
            Some("if !woozle_completed { ::woozle::cell::put_back(\"bound\", bound); }\n"),
        ),
    ] {
        assert_eq!(
            generated_text(root, &emitted.root_generated, &generated).as_deref(),
            expected,
            "{generated:?}"
        );
    }
    assert!(
        root.contains("let gone: String; if false"),
        "rustc is to say that it was moved"
    );
    assert!(
        emitted.crates.contains(&3),
        "the crate of a variable's type"
    );
}

#[test]
fn what_was_found_out_is_done_otherwise() {
    let mut notebook = Notebook::default();
    let findings = Findings {
        not_kept: Names::from(["r".to_owned()]),
        erased: BTreeMap::from([
            (
                "p".to_owned(),
                Erasure::Pointer("fn(u8) -> ::cell_4::P".to_owned()),
            ),
            (
                "b".to_owned(),
                Erasure::Boxed("Fn() -> u8".to_owned(), " + Send"),
            ),
            ("i".to_owned(), Erasure::Iterator(Sent::No)),
            ("f".to_owned(), Erasure::Future(Sent::Yes)),
        ]),
        ..Findings::default()
    };
    let text = "let r = 1; let p = 1; let b = 1; let i = 1; let f = 1;";
    let emitted = emitted(&mut notebook, text, &findings);
    let body = file(&emitted, "cell [1]");
    assert_eq!(emitted.kept, ["p", "b", "i", "f"]);
    for expected in [
        "keep_variable::<fn(u8) -> ::cell_4::P, 0>(\"p\", p);",
        "keep_variable::<::std::boxed::Box<dyn Fn() -> u8 + Send>, 1>(\"b\", ::std::boxed::Box::new(b));",
        "keep_iterator::<_, _, 2>(\"i\", i);",
        "sent::keep_future::<_, _, 3>(\"f\", f);",
    ] {
        assert!(body.contains(expected), "{expected} in\n{body}");
    }
    assert_eq!(emitted.crates, BTreeSet::from([4]));
}

#[test]
fn earlier_items_come_with_their_own_cells_text() {
    let mut notebook = Notebook::default();
    notebook.define("fn a() { b() }\nfn b() {}\nfn c() {}");
    notebook.define("trait T {}");
    let emitted = emitted(&mut notebook, "fn b() { 1; }\nc();", &Findings::default());
    assert_eq!(
        file(&emitted, "cell [1]"),
        " pub fn a() { b() }\n             \n             "
    );
    assert!(file(&emitted, "cell [3]\u{200b}").starts_with(" pub fn b() { 1; }\n"));
    let root = file(&emitted, "lib.rs");
    assert!(
        root.contains("use ::cell_1::c;") && root.contains("use ::cell_2::T as _;"),
        "{root}"
    );
    assert_eq!(emitted.crates, BTreeSet::from([1, 2]));
    assert!(file(&emitted, "cell [3]").contains("\nc();"));
}

#[test]
fn inner_attributes_are_the_crates() {
    let mut notebook = Notebook::default();
    let emitted = emitted(
        &mut notebook,
        "#![allow(\n  unused)]\n1",
        &Findings::default(),
    );
    assert!(emitted.head.starts_with("#![allow(   unused)]\n"));
    assert!(file(&emitted, "cell [1]").starts_with("{         \n          \n1"));
}

#[test]
fn a_cell_that_awaits_is_a_future() {
    for (text, awaits) in [("f().await", true), ("async { f().await }", false)] {
        let emitted = emitted(&mut Notebook::default(), text, &Findings::default());
        assert_eq!(
            file(&emitted, "lib.rs").contains("block_on(async"),
            awaits,
            "{text}"
        );
    }
}

#[test]
fn a_text_may_end_in_a_wide_character_whatever_is_inserted() {
    for text in [
        "let x = 1; // é",
        "let x = 1; // 日本",
        "f(); // 🦀",
        "\"aé\"",
        "\"日本語éé\"",
        "\"🦀🦀🦀é\" ",
    ] {
        let mut notebook = Notebook::default();
        let mut cell = notebook.cell(text);
        if let Some(tail) = &cell.parsed.tail {
            let edits = vec![
                Edit::before(tail.start, "match &(", Part::Body),
                Edit::after(tail.end, ")", Part::Body),
            ];
            cell.source = Arc::new(Source::new(1, text, edits));
        }
        let emitted = emit(input(&cell, &notebook, &Findings::default()));
        assert!(file(&emitted, "cell [1]").contains('\n'));
    }
}

#[test]
fn a_cells_text_names_no_crate() {
    let text = "f(\"::cell_9::P\"); // ::cell_8::";
    let emitted = emitted(&mut Notebook::default(), text, &Findings::default());
    assert!(emitted.crates.is_empty(), "{:?}", emitted.crates);
}

#[test]
fn a_cell_is_linked_to_the_crates_that_it_names() {
    let mut notebook = Notebook::default();
    for (text, is_linked) in [
        ("fn f() { tea::pour() }", true),
        ("use tea;", true),
        ("fn f() { steam::tea_pot() }", false),
    ] {
        let cell = notebook.cell(text);
        let emitted = emit(Input {
            bundles: &[Bundle {
                name: "bundle_1".to_owned(),
                crates: vec!["milk".to_owned(), "tea".to_owned()],
            }],
            ..input(&cell, &notebook, &Findings::default())
        });
        let root = file(&emitted, "lib.rs");
        assert_eq!(
            root.contains("extern crate bundle_1 as _;"),
            is_linked,
            "{text}"
        );
    }
}

#[test]
fn cells_run_within_the_executor_that_was_added() {
    let mut notebook = Notebook::default();
    let cell = notebook.cell("f()");
    let emitted = emit(Input {
        executor: Some("bundle_1"),
        ..input(&cell, &notebook, &Findings::default())
    });
    let within = "::bundle_1::within(::woozle::cell::works_for_the_current_cell, || -> ::woozle::cell::Result { include!(\"cell [1]\") })";
    assert!(file(&emitted, "lib.rs").contains(within));
}

#[test]
fn a_range_less_pieces_of_it() {
    let cut = |cut: &[Range<usize>]| without(0..10, cut);
    assert_eq!(cut(&[]).as_slice(), std::slice::from_ref(&(0..10)));
    assert_eq!(cut(&[6..8, 2..3]), [0..2, 3..6, 8..10]);
    assert_eq!(cut(&[0..4, 4..10]), [0..0, 4..4, 10..10]);
}
