//! Tests of completion and documentation.

use std::collections::BTreeMap;

use serde_json::Value;

use super::assistant::Assistant;
use super::snapshot::Snapshot;
use crate::compiler::resolve::session_scope::Variable;
use crate::compiler::testing::Notebook;
use crate::wire::content::{CompleteReply, CompleteRequest, InspectRequest};

/// A session with these cells, and a variable of one of its types and one of the runtime's.
fn session(cells: &[&str]) -> Snapshot {
    let mut notebook = Notebook::default();
    for cell in cells {
        notebook.define(cell);
    }
    let mut scope = notebook.scope;
    for (name, ty) in [
        ("point", "::cell_1::Point"),
        ("lock", "::woozle::names::Lock"),
    ] {
        let variable = Variable {
            kind: None,
            ty: ty.to_owned(),
            mutable: true,
            cell: 2,
            moved_by: None,
            parts: std::collections::BTreeSet::new(),
            borrows: None,
            is_exact: false,
            is_erased: false,
        };
        scope.variables.insert(name.to_owned(), variable);
    }
    Snapshot {
        scope,
        crates: BTreeMap::from([("regex".to_owned(), "\"1\"".to_owned())]),
        values: BTreeMap::from([("point".to_owned(), "Point { x: 1 }".to_owned())]),
    }
}

const POINT: &str = "/// A place.\npub struct Point { pub x: i32, other: Vec<u8> }\n\
    impl Point { pub fn new(x: i32) -> Self { todo!() }\n/// How far it is.\npub fn distance(&self) -> f64 { 0.0 } }\n\
    enum Shape { Round(f64), Square }\nfn plain(a: &str) -> usize { a.len() }\n\
    use woozle::threading::Thread;";

/// Completes at the `|`.
fn complete(code: &str) -> CompleteReply {
    let cursor_pos = code.split('|').next().unwrap_or("").chars().count();
    let code = code.replacen('|', "", 1);
    Assistant::alone().complete(&session(&[POINT]), &CompleteRequest { code, cursor_pos })
}

fn inspect(code: &str) -> Option<String> {
    let cursor_pos = code.split('|').next().unwrap_or("").chars().count();
    let code = code.replacen('|', "", 1);
    let request = InspectRequest {
        code,
        cursor_pos,
        detail_level: 0,
    };
    let reply = Assistant::alone().inspect(&session(&[POINT]), &request);
    assert_eq!(reply.found, !reply.data.is_empty());
    reply
        .data
        .get("text/plain")
        .and_then(Value::as_str)
        .map(str::to_owned)
}

#[test]
fn names_of_the_session_come_first() {
    let reply = complete("let ä = p|");
    assert_eq!(reply.matches[0], "point");
    assert!(reply.matches.contains(&"plain".to_owned()));
    assert!(reply.matches.contains(&"println!".to_owned()));
    assert_eq!((reply.cursor_start, reply.cursor_end), (8, 9));
    let types = &reply.metadata["_jupyter_types_experimental"];
    assert_eq!(types.as_array().map(Vec::len), Some(reply.matches.len()));
    assert_eq!(types[0]["text"], "point");
    assert_eq!(types[0]["type"], "variable");
    assert_eq!(types[0]["signature"], "let mut point: Point");
    assert_eq!(
        (&types[0]["start"], &types[0]["end"]),
        (&8.into(), &9.into())
    );
}

#[test]
fn members_follow_a_dot() {
    assert_eq!(complete("point.|").matches, ["other", "x", "distance"]);
    assert_eq!(complete("point.di|").matches, ["distance"]);
    assert_eq!(complete("let p = Point::new(1);\np.x|").matches, ["x"]);
    assert_eq!(complete("let p: Point = todo!(); p.x|").matches, ["x"]);
    assert!(
        complete("lock.acq|")
            .matches
            .contains(&"acquire".to_owned())
    );
    assert!(complete("0..|").matches.contains(&"point".to_owned()));
    assert!(complete("unknown.|").matches.is_empty());
}

#[test]
fn paths_lead_to_variants_functions_and_modules() {
    assert_eq!(complete("Shape::|").matches, ["Round", "Square"]);
    assert!(complete("Point::n|").matches.contains(&"new".to_owned()));
    assert!(
        complete("woozle::thr|")
            .matches
            .contains(&"threading".to_owned())
    );
    assert!(
        complete("woozle::threading::Loc|")
            .matches
            .contains(&"Lock".to_owned())
    );
    assert!(complete("Thread::|").matches.contains(&"new".to_owned()));
}

#[test]
fn commands_keywords_and_crates_are_known() {
    assert_eq!(complete(":d|").matches, [":dep", ":doc"]);
    assert_eq!(complete("1;\n:de|").matches, [":dep"]);
    assert!(complete("whi|").matches.contains(&"while".to_owned()));
    assert!(complete("reg|").matches.contains(&"regex".to_owned()));
    assert!(complete("Opt|").matches.contains(&"Option".to_owned()));
    let local = complete(
        "fn local_name() {}
loc|",
    )
    .matches;
    assert_eq!(local, ["lock", "local_name"]);
}

#[test]
fn a_page_has_definition_documentation_and_value() {
    let page = inspect("Point|").expect("known");
    assert!(
        page.contains("struct Point") && page.contains("A place."),
        "{page}"
    );
    assert!(page.contains("defined in cell [1]"), "{page}");
    let page = inspect("poi|nt.x").expect("known");
    assert!(
        page.contains("let mut point: Point") && page.contains("Point { x: 1 }"),
        "{page}"
    );
    let page = inspect("point.distance(|").expect("known");
    assert!(
        page.contains("fn distance(&self) -> f64") && page.contains("How far"),
        "{page}"
    );
    let page = inspect("println|!(\"\")").expect("known");
    assert!(page.contains("standard output"), "{page}");
    let page = inspect("Thread|::new").expect("known");
    assert!(page.contains("struct Thread"), "{page}");
    assert_eq!(inspect("nowhere|"), None);
    assert_eq!(inspect("|"), None);
}

#[test]
fn no_place_of_the_cursor_is_a_panic() {
    let code = "let ä = \"ö\";\n:dep x\nVec::<u8>::new().iter() . x::<>::y::|".replace('|', "");
    for cursor_pos in 0..code.chars().count() + 3 {
        let reply = Assistant::alone().complete(
            &session(&[POINT]),
            &CompleteRequest {
                code: code.clone(),
                cursor_pos,
            },
        );
        assert!(reply.cursor_start <= reply.cursor_end);
        let request = InspectRequest {
            code: code.clone(),
            cursor_pos,
            detail_level: 1,
        };
        Assistant::alone().inspect(&session(&[]), &request);
    }
}
