//! The formats of notebooks: what is older, or not quite as it should be, is brought to format 4.5, as Jupyter's
//! nbformat does it.

use std::collections::HashSet;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::document::DocumentError;
use super::text;

/// The minor version from which on cells have ids.
const MINOR: i64 = 5;

/// Brings a notebook to format 4.5. A later minor version stays what it is, with all that is new in it.
pub(super) fn upgrade(notebook: &mut Map<String, Value>) -> Result<(), DocumentError> {
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
#[path = "format_tests.rs"]
mod tests;
