//! The formats of notebooks: what is older, or not quite as it should be, is brought to format 4.5, as Jupyter's
//! nbformat does it.

use std::collections::HashSet;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::error::DocumentError;
use super::text;

/// The minor version from which on cells have ids.
const MINOR: i64 = 5;

/// Brings a notebook to format 4.5. A later minor version stays what it is, with all that is new in it.
pub(in crate::notebook) fn upgrade(notebook: &mut Map<String, Value>) -> Result<(), DocumentError> {
    let number = |key| notebook.get(key).and_then(Value::as_i64);
    let major = number("nbformat").ok_or_else(|| not("the number `nbformat` is missing"))?;
    let minor = number("nbformat_minor").unwrap_or(0);
    match major {
        ..2 => return Err(DocumentError::TooOld(major)),
        2 | 3 => join_worksheets(notebook)?,
        4 => {}
        _ => return Err(DocumentError::TooNew(major)),
    }
    let minor = if major == 4 { minor.max(MINOR) } else { MINOR };
    notebook.insert("nbformat".to_owned(), json!(4));
    notebook.insert("nbformat_minor".to_owned(), json!(minor));
    want_metadata(notebook);
    let cells = notebook.get_mut("cells").and_then(Value::as_array_mut);
    let cells = cells.ok_or_else(|| not("the list `cells` is missing"))?;
    for (index, cell) in cells.iter_mut().enumerate() {
        let cell = cell.as_object_mut();
        let cell = cell.ok_or_else(|| not(format!("cell {} is no object", index + 1)))?;
        complete(cell).map_err(|why| not(format!("cell {} {why}", index + 1)))?;
    }
    repair_ids(cells);
    Ok(())
}

fn not(why: impl Into<String>) -> DocumentError {
    DocumentError::NotANotebook(why.into())
}

fn want_metadata(object: &mut Map<String, Value>) {
    if !object.get("metadata").is_some_and(Value::is_object) {
        object.insert("metadata".to_owned(), json!({}));
    }
}

/// Adds what a cell must have, as far as it has but one meaning.
fn complete(cell: &mut Map<String, Value>) -> Result<(), &'static str> {
    want_metadata(cell);
    let kind = cell.get("cell_type").and_then(Value::as_str);
    if kind.ok_or("has no `cell_type`")? != "code" {
        return Ok(());
    }
    if !cell.get("source").is_some_and(text::is_text) {
        return Err("has no text as its `source`");
    }
    if !cell.get("outputs").is_some_and(Value::is_array) {
        cell.insert("outputs".to_owned(), json!([]));
    }
    cell.entry("execution_count").or_insert(Value::Null);
    Ok(())
}

/// Gives a new id to each cell that has none, one that is not allowed, or that of an earlier cell.
fn repair_ids(cells: &mut [Value]) {
    let mut seen = HashSet::new();
    let mut without = Vec::new();
    for cell in cells.iter_mut().filter_map(Value::as_object_mut) {
        let id = cell.get("id").and_then(Value::as_str);
        if !id.is_some_and(|id| is_id(id) && seen.insert(id.to_owned())) {
            without.push(cell);
        }
    }
    for cell in without {
        let id = std::iter::repeat_with(|| Uuid::new_v4().simple().to_string().split_off(24))
            .find(|id| seen.insert(id.clone()));
        cell.insert("id".to_owned(), json!(id));
    }
}

fn is_id(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=64).contains(&id.len()) && id.bytes().all(allowed)
}

/// Format 3 has its cells in worksheets, under other names.
fn join_worksheets(notebook: &mut Map<String, Value>) -> Result<(), DocumentError> {
    let mut cells = Vec::new();
    if let Some(worksheets) = notebook.remove("worksheets") {
        let Value::Array(worksheets) = worksheets else {
            return Err(not("`worksheets` is no list"));
        };
        for mut worksheet in worksheets {
            let Some(Value::Array(more)) = worksheet.get_mut("cells").map(Value::take) else {
                return Err(not("a worksheet has no list `cells`"));
            };
            cells.extend(more);
        }
    }
    for cell in cells.iter_mut().filter_map(Value::as_object_mut) {
        upgrade_cell(cell);
    }
    notebook.insert("cells".to_owned(), Value::Array(cells));
    want_metadata(notebook);
    if let Some(Value::Object(metadata)) = notebook.get_mut("metadata") {
        metadata.remove("name");
        metadata.remove("signature");
    }
    for old in ["orig_nbformat", "orig_nbformat_minor"] {
        notebook.remove(old);
    }
    Ok(())
}

/// From format 3 to format 4. All of its code is run, so old outputs need no translation.
fn upgrade_cell(cell: &mut Map<String, Value>) {
    want_metadata(cell);
    let kind = cell.get("cell_type").and_then(Value::as_str);
    let kind = kind.unwrap_or_default().to_owned();
    let key = if kind == "code" { "input" } else { "source" };
    let source = cell.remove(key).as_ref().map(whole).unwrap_or_default();
    let source = match kind.as_str() {
        "code" => {
            for old in ["language", "prompt_number", "outputs"] {
                cell.remove(old);
            }
            if let Some(collapsed) = cell.remove("collapsed") {
                cell["metadata"]["collapsed"] = collapsed;
            }
            source
        }
        "heading" => {
            let level = cell.remove("level").and_then(|level| level.as_u64());
            let level = level.unwrap_or(1).clamp(1, 6);
            let hashes: String = (0..level).map(|_| '#').collect();
            let line: Vec<&str> = source.lines().collect();
            format!("{hashes} {}", line.join(" "))
        }
        _ => source,
    };
    if matches!(kind.as_str(), "heading" | "html") {
        cell.insert("cell_type".to_owned(), json!("markdown"));
    }
    cell.insert("source".to_owned(), json!(source));
}

/// The text of a format in which the lines of a list may have lost their ends.
fn whole(source: &Value) -> String {
    let first = source.get(0).and_then(Value::as_str).unwrap_or_default();
    match source {
        Value::Array(lines) if !first.ends_with(['\n', '\r']) => {
            let lines: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
            lines.join("\n")
        }
        _ => text::joined(source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upgraded(notebook: Value) -> Value {
        let Value::Object(mut notebook) = notebook else {
            panic!("not an object: {notebook}")
        };
        upgrade(&mut notebook).expect("a notebook");
        Value::Object(notebook)
    }

    fn code(id: &Value) -> Value {
        json!({ "cell_type": "code", "id": id, "source": "1" })
    }

    #[test]
    fn ids_are_repaired_and_good_ones_kept() {
        let ids = json!(["a", "a", "", "b", "no space", 3, null, "x".repeat(65), "a"]);
        let ids = ids.as_array().expect("a list");
        let cells: Vec<Value> = ids.iter().map(code).collect();
        let notebook = upgraded(json!({ "nbformat": 4, "nbformat_minor": 5, "cells": cells }));
        let new: Vec<&str> = (0..ids.len())
            .map(|index| notebook["cells"][index]["id"].as_str().expect("an id"))
            .collect();
        assert_eq!((new[0], new[3]), ("a", "b"));
        let different: HashSet<_> = new.iter().collect();
        assert_eq!(different.len(), ids.len(), "{new:?}");
        assert!(new.iter().all(|id| is_id(id)), "{new:?}");
    }

    #[test]
    fn a_later_minor_version_is_kept_with_what_is_new_in_it() {
        let new = json!({
            "nbformat": 4, "nbformat_minor": 99, "metadata": {}, "more": 1,
            "cells": [
                { "cell_type": "code", "id": "a", "metadata": {}, "source": "1", "outputs": [],
                  "execution_count": null, "more": { "x": 1 } },
                { "cell_type": "hologram", "id": "b", "metadata": {}, "light": [1] },
            ]
        });
        assert_eq!(upgraded(new.clone()), new);
    }

    #[test]
    fn what_is_missing_is_added_where_it_has_one_meaning() {
        let notebook = upgraded(json!({
            "nbformat": 4, "metadata": null,
            "cells": [{ "cell_type": "code", "source": ["1\n", "2"], "metadata": 3 }]
        }));
        assert_eq!(notebook["nbformat_minor"], 5);
        assert_eq!(notebook["metadata"], json!({}));
        let mut cell = notebook["cells"][0].clone();
        cell.as_object_mut()
            .and_then(|cell| cell.remove("id"))
            .expect("an id");
        assert_eq!(
            cell,
            json!({
                "cell_type": "code", "source": ["1\n", "2"], "metadata": {},
                "outputs": [], "execution_count": null,
            })
        );
    }

    #[test]
    fn a_notebook_of_format_3_has_its_cells_in_worksheets() {
        let old = json!({
            "nbformat": 3, "nbformat_minor": 0, "orig_nbformat": 2,
            "metadata": { "name": "old", "signature": "sha256:0", "mine": 1 },
            "worksheets": [
                { "metadata": {}, "cells": [
                    { "cell_type": "heading", "level": 2, "metadata": {}, "source": ["A\n", "title"] },
                    { "cell_type": "code", "collapsed": true, "input": ["let x = 1;\n", "x"], "language": "python",
                      "prompt_number": 7, "outputs": [{ "output_type": "pyout", "prompt_number": 7, "text": ["1"] }] },
                    { "cell_type": "code", "input": "2", "metadata": { "tags": ["raises-exception"] }, "outputs": [] },
                ]},
                { "cells": [
                    // Lines that were split without their ends.
                    { "cell_type": "markdown", "source": ["one", "two"] },
                    { "cell_type": "html", "source": "<b>x</b>", "metadata": {} },
                    { "cell_type": "raw", "source": "raw", "metadata": {} },
                    { "cell_type": "heading", "source": [] },
                ]},
            ]
        });
        let notebook = upgraded(old);
        assert_eq!(notebook["nbformat"], 4);
        assert_eq!(notebook["nbformat_minor"], 5);
        assert_eq!(notebook["metadata"], json!({ "mine": 1 }));
        assert_eq!(notebook.get("worksheets"), None);
        assert_eq!(notebook.get("orig_nbformat"), None);
        let cells = notebook["cells"].as_array().expect("cells");
        let short: Vec<_> = cells
            .iter()
            .map(|cell| {
                (
                    cell["cell_type"].as_str().unwrap(),
                    cell["source"].as_str().unwrap(),
                )
            })
            .collect();
        let expected = [
            ("markdown", "## A title"),
            ("code", "let x = 1;\nx"),
            ("code", "2"),
            ("markdown", "one\ntwo"),
            ("markdown", "<b>x</b>"),
            ("raw", "raw"),
            ("markdown", "# "),
        ];
        assert_eq!(short, expected);
        assert_eq!(cells[1]["metadata"], json!({ "collapsed": true }));
        assert_eq!(cells[1]["outputs"], json!([]));
        assert_eq!(cells[1]["execution_count"], Value::Null);
        assert_eq!(cells[1].get("input"), None);
        assert_eq!(cells[2]["metadata"]["tags"], json!(["raises-exception"]));
    }

    #[test]
    fn what_no_version_allows_is_refused() {
        for notebook in [
            json!({ "nbformat": 3, "worksheets": 1 }),
            json!({ "nbformat": 3, "worksheets": [{}] }),
            json!({ "nbformat": 3, "worksheets": [{ "cells": [1] }] }),
            json!({ "nbformat": 4, "cells": [{ "source": "1" }] }),
            json!({ "nbformat": 4, "cells": [{ "cell_type": "code", "source": [1] }] }),
            json!({ "nbformat": 1, "cells": [] }),
            json!({ "nbformat": -4, "cells": [] }),
        ] {
            let mut object = notebook.as_object().expect("an object").clone();
            let error = upgrade(&mut object).expect_err(&notebook.to_string());
            assert!(!error.to_string().contains('\n'), "{error}");
        }
    }
}
