//! Running notebooks with the toy kernel of `examples/toy_kernel.rs`.

use std::env;
use std::path::PathBuf;

use serde_json::{Value, json};
use woozle_kernel::notebook::{Document, End, LinkError, Options, Screen, run};

/// The toy kernel's binary, which cargo builds with the tests.
pub(crate) fn toy_kernel() -> PathBuf {
    let test = env::current_exe().expect("this test");
    let path = test
        .ancestors()
        .nth(2)
        .expect("the target folder")
        .join("examples/toy_kernel");
    assert!(
        path.is_file(),
        "{} is not there: cargo build -p woozle-kernel --examples",
        path.display()
    );
    path
}

/// A notebook of these code cells, each with its tags.
pub(crate) fn notebook(cells: &[(&str, &[&str])]) -> Document {
    let cell = |(index, (source, tags)): (usize, &(&str, &[&str]))| {
        json!({
            "cell_type": "code", "id": format!("c{index}"), "metadata": { "tags": tags }, "source": source,
            "execution_count": null, "outputs": [],
        })
    };
    let cells: Vec<_> = cells.iter().enumerate().map(cell).collect();
    let notebook = json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells });
    Document::from_json(notebook.to_string().as_bytes()).expect("a notebook")
}

/// Runs the notebook and gives how it ended and what it is then.
pub(crate) async fn run_toy(
    mut document: Document,
    options: &Options,
    screen: &mut Screen,
) -> (Result<End, LinkError>, Value) {
    let end = run(
        &mut document,
        &toy_kernel(),
        &env::temp_dir(),
        options,
        screen,
    )
    .await;
    let text = document.to_json().expect("written");
    (end, serde_json::from_slice(&text).expect("JSON"))
}
