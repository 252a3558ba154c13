//! Tests of what becomes of statements that wait.

use super::*;
use crate::compiler::refine::open;
use crate::compiler::testing::Notebook;

/// A cell whose `let`s without a mention elsewhere wait.
fn waits(notebook: &mut Notebook, text: &str) -> Cell {
    let mut cell = notebook.cell(text);
    let source = Arc::clone(&cell.source);
    cell.waiting = open::begin(&mut cell.parsed, &source, &notebook.scope, true);
    cell
}

fn settle(notebook: &mut Notebook, cell: &Cell, completed: bool) -> Vec<String> {
    let scope = &mut notebook.scope;
    take_those_that_ran(scope, cell, &[], completed);
    let notes = drop_the_shadowed(scope, cell, completed);
    add_those_that_wait(scope, cell, completed);
    notes
}

fn open_names(notebook: &Notebook) -> Vec<&str> {
    let open = notebook.scope.open();
    open.map(|(_, binding)| &*binding.name).collect()
}

#[test]
fn a_statement_waits_until_a_cell_has_run_it() {
    let mut notebook = Notebook::default();
    let cell = waits(&mut notebook, "let v = Vec::new();\nlet b = None;");
    settle(&mut notebook, &cell, true);
    assert_eq!(open_names(&notebook), ["v", "b"]);
    let cell = waits(&mut notebook, "v.push(1);");
    settle(&mut notebook, &cell, false);
    assert_eq!(open_names(&notebook), ["v", "b"], "it can run again");
    let cell = waits(&mut notebook, "v.push(1);");
    settle(&mut notebook, &cell, true);
    assert_eq!(open_names(&notebook), ["b"]);
}

#[test]
fn one_that_acts_does_not_run_twice() {
    let mut notebook = Notebook::default();
    let mut cell = waits(&mut notebook, "let v = None;");
    cell.waiting.after[0].acts = true;
    settle(&mut notebook, &cell, true);
    let cell = waits(&mut notebook, "use_it(v);");
    settle(&mut notebook, &cell, false);
    assert!(open_names(&notebook).is_empty());
    assert!(notebook.scope.lost["v"].contains("run cell [1] again"));
}

#[test]
fn a_name_that_is_bound_anew_ends_the_statement() {
    let mut notebook = Notebook::default();
    let mut cell = waits(&mut notebook, "let a = None;\nlet b = Vec::new();");
    cell.waiting.after[1].acts = true;
    settle(&mut notebook, &cell, true);
    let cell = waits(&mut notebook, "let a = 1;");
    assert!(settle(&mut notebook, &cell, true).is_empty());
    assert_eq!(open_names(&notebook), ["b"]);
    let cell = waits(&mut notebook, "fn b() {}");
    let notes = settle(&mut notebook, &cell, false);
    assert_eq!(
        notes,
        ["line 2 of cell [1] never ran, since nothing told its type: `let b = Vec::new();`"]
    );
    assert!(open_names(&notebook).is_empty());
}

#[test]
fn a_number_counts_until_it_is_used() {
    let mut notebook = Notebook::default();
    let untouched = |notebook: &Notebook| notebook.scope.untouched.len();
    let mut next = |text: &str| {
        let cell = notebook.cell(text);
        note_untouched(&mut notebook.scope, &cell, true);
        untouched(&notebook)
    };
    assert_eq!(
        next("let a = 0;\nlet b = vec![1.5];\nlet c = 2;\nlet d = c;"),
        2
    );
    assert_eq!(next("println!(\"{a}\")"), 2);
    assert_eq!(next("a"), 2);
    assert_eq!(next("let e = a;"), 1);
    assert_eq!(next("let b = String::new();"), 0);
}
