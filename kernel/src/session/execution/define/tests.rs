//! Tests of `define`.

use super::*;
use crate::compiler::testing::Notebook;
use crate::compiler::types::public_paths::PublicPaths;

/// What running a cell gave.
struct Defined {
    notes: Vec<String>,
    forgotten: Vec<String>,
}

impl Notebook {
    /// Runs a cell to its end; it stores variables of these types.
    fn run(&mut self, text: &str, variables: &[(&str, &str)]) -> Defined {
        let mut cell = self.cell(text);
        let types = variables.iter();
        cell.types = types
            .map(|(name, ty)| ((*name).into(), (*ty).into()))
            .collect();
        self.end(&cell, variables, true)
    }

    fn end(&mut self, cell: &Cell, variables: &[(&str, &str)], completed: bool) -> Defined {
        let stored: Vec<Stored> = variables
            .iter()
            .map(|(name, ty)| Stored {
                name: (*name).into(),
                type_name: (*ty).into(),
                has_end: false,
            })
            .collect();
        let notes = remember_items(&mut self.scope, cell);
        let forgotten = remember_variables(
            &mut self.scope,
            cell,
            &stored,
            &PublicPaths::new(),
            completed,
        );
        Defined { notes, forgotten }
    }

    fn ty(&self, name: &str) -> Option<&str> {
        self.scope
            .variables
            .get(name)
            .map(|variable| variable.ty.as_str())
    }

    fn home(&self, name: &str) -> Option<u32> {
        self.scope.item(name).map(|live| live.home)
    }
}

#[test]
fn a_variable_is_known_with_its_type_and_cell() {
    let mut notebook = Notebook::default();
    notebook.run("let mut a = 1; let b = 2;", &[("a", "i32"), ("b", "i32")]);
    let a = &notebook.scope.variables["a"];
    assert_eq!(
        (a.ty.as_str(), a.mutable, a.cell, a.moved_by),
        ("i32", true, 1, None)
    );
    assert!(!notebook.scope.variables["b"].mutable);
}

#[test]
fn a_later_item_takes_an_earlier_ones_place() {
    let mut notebook = Notebook::default();
    notebook.run("fn a() -> u8 { b() }\nfn b() -> u8 { 1 }\nfn c() {}", &[]);
    notebook.run("fn b() -> u8 { 2 }", &[]);
    let names: Vec<_> = notebook
        .scope
        .items
        .iter()
        .map(|live| &live.item.names[0])
        .collect();
    assert_eq!(names, ["a", "c", "b"]);
    assert_eq!(
        ["a", "b", "c"].map(|name| notebook.home(name)),
        [Some(2), Some(2), Some(1)]
    );
}

#[test]
fn a_variable_follows_its_unchanged_type() {
    let mut notebook = Notebook::default();
    notebook.run("struct P;", &[]);
    notebook.run("let p = P;", &[("p", "cell_1::P")]);
    assert_eq!(notebook.ty("p"), Some("::cell_1::P"));
    let run = notebook.run("impl P { fn f(&self) {} }", &[]);
    assert_eq!(notebook.ty("p"), Some("::cell_3::P"));
    assert!(run.notes.is_empty(), "{:?}", run.notes);
}

#[test]
fn a_variable_of_a_changed_type_keeps_the_old_one_and_the_user_is_told() {
    let mut notebook = Notebook::default();
    notebook.run("struct P;", &[]);
    notebook.run("let p = P;", &[("p", "cell_1::P")]);
    let run = notebook.run("struct P(u8);", &[]);
    assert_eq!(notebook.ty("p"), Some("::cell_1::P"));
    assert_eq!(run.notes.len(), 1);
    assert!(
        run.notes[0].contains("`p`") && run.notes[0].contains("cell [2]"),
        "{:?}",
        run.notes
    );
}

#[test]
fn a_name_means_what_was_defined_last() {
    let mut notebook = Notebook::default();
    notebook.run(
        "let a = 1; let b = 2; let c = 3;",
        &[("a", "i32"), ("b", "i32"), ("c", "i32")],
    );
    let run = notebook.run("fn a() {}", &[]);
    assert_eq!(run.forgotten, ["a"]);
    let run = notebook.run("macro_rules! b { () => { 1 } }", &[]);
    assert!(
        run.forgotten.is_empty(),
        "a macro has a name of its own kind"
    );
    let run = notebook.run("fn c() -> i32 { 3 }\nlet c = c();", &[("c", "i32")]);
    assert!(run.forgotten.is_empty(), "it is bound anew");
    assert_eq!(
        notebook.scope.variables.keys().collect::<Vec<_>>(),
        ["b", "c"]
    );
}

#[test]
fn a_use_takes_the_place_of_an_item_and_of_another_use() {
    let mut notebook = Notebook::default();
    notebook.run("fn max() {}\nuse std::fmt;", &[]);
    notebook.run("use std::cmp::max;", &[]);
    assert_eq!(notebook.home("max"), None);
    notebook.run("use std::io as fmt;\nuse std::cmp::max;", &[]);
    let uses: Vec<_> = notebook
        .scope
        .uses
        .iter()
        .map(|leaf| leaf.leaf.declaration())
        .collect();
    assert_eq!(uses, ["use std::io as fmt;", "use std::cmp::max;"]);
    notebook.run("fn max() {}", &[]);
    assert_eq!(notebook.scope.uses.len(), 1);
}

#[test]
fn a_moved_variable_is_still_known_by_its_type() {
    let mut notebook = Notebook::default();
    notebook.run("let v = vec![1];", &[("v", "Vec<i32>")]);
    let mut cell = notebook.cell("drop(v);");
    cell.findings.moved.insert("v".into());
    notebook.end(&cell, &[], true);
    assert_eq!(notebook.scope.variables["v"].moved_by, Some(2));
    notebook.run("v = vec![2];", &[("v", "Vec<i32>")]);
    assert_eq!(
        notebook.scope.variables["v"].moved_by, None,
        "it has a value again"
    );
}

#[test]
fn what_a_cell_did_not_keep_is_explained() {
    let mut notebook = Notebook::default();
    notebook.run("let a = vec![1]; drop(a);", &[]);
    assert!(
        notebook.scope.lost["a"].contains("cell [1]"),
        "{:?}",
        notebook.scope.lost
    );
    notebook.run("let f = g();", &[("f", "{closure@cell [2]:1:1: 1:2}")]);
    assert!(notebook.ty("f").is_none() && notebook.scope.lost.contains_key("f"));
    notebook.run("let a = 1; let f = 2;", &[("a", "i32"), ("f", "i32")]);
    assert!(notebook.scope.lost.is_empty(), "{:?}", notebook.scope.lost);
}

#[test]
fn a_name_whose_new_value_is_gone_does_not_show_the_old_one() {
    let mut notebook = Notebook::default();
    notebook.run("let a = 1;", &[("a", "i32")]);
    let run = notebook.run("let a = vec![1]; drop(a);", &[]);
    assert_eq!(run.forgotten, ["a"]);
    assert!(notebook.ty("a").is_none());
}

#[test]
fn a_cell_that_did_not_come_to_its_end_leaves_the_variables_as_they_were() {
    let mut notebook = Notebook::default();
    notebook.run("let a = 1;", &[("a", "i32")]);
    let cell = notebook.cell("let a = f()?;\nfn g() {}");
    let run = notebook.end(&cell, &[], false);
    assert!(run.forgotten.is_empty());
    assert_eq!(notebook.ty("a"), Some("i32"));
    assert_eq!(
        notebook.home("g"),
        Some(2),
        "its items are compiled all the same"
    );
}
