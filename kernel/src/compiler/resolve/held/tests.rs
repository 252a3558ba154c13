//! Tests of which statements run with a cell.

use super::*;
use crate::compiler::syntax::cell::Parsed;

fn statements(text: &str) -> Vec<Statement> {
    Parsed::new(text, &Names::new())
        .expect("it is Rust")
        .statements
}

fn held(text: &str) -> Vec<Held> {
    let source = Arc::new(Source::new(1, text, Vec::new()));
    let all = statements(text).into_iter();
    all.map(|statement| Held {
        source: Arc::clone(&source),
        statement,
        awaits: false,
        acts: false,
    })
    .collect()
}

fn wanted_by(cell: &str) -> Vec<String> {
    let held = held("let mut a = None;\nlet b = a;\nlet (tx, rx) = channel();\nlet c = vec![];");
    let wanted = wanted(&held, &statements(cell));
    let names = wanted.iter().flat_map(Held::bindings);
    names.map(|binding| binding.name.clone()).collect()
}

#[test]
fn what_a_cell_mentions_runs_with_what_depends_on_it() {
    assert_eq!(wanted_by("a = Some(1);"), ["a", "b"]);
    assert_eq!(wanted_by("let d = Some(b);"), ["a", "b"]);
    assert_eq!(wanted_by("tx.send(1);"), ["tx", "rx"]);
    assert_eq!(wanted_by("println!(\"{c:?}\")"), ["c"]);
    assert!(wanted_by("x.a + 1").is_empty());
}

#[test]
fn a_name_that_is_bound_anew_is_not_mentioned() {
    assert!(wanted_by("let a = 1; a + 1").is_empty());
    assert_eq!(wanted_by("let a = a.unwrap_or(1); a + 1"), ["a", "b"]);
}
