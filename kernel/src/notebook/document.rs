//! A notebook file: reading it, what a run needs to know of it, and putting the results in.
//!
//! Metadata is carried as plain JSON, so that whatever other programs keep there stays as it is.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nbformat::v4::{Cell, CellMetadata, Metadata, Notebook, Output};
use serde_json::{Map, Value, json};

use crate::jupyter::kernelspec::{DEFAULT_DISPLAY_NAME, DEFAULT_NAME, LANGUAGE};

/// A notebook of format 4; older ones are brought up to it when they are read.
#[derive(Debug)]
pub struct Document {
    notebook: Notebook,
}

#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    #[error("{source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("it is not JSON ({0})")]
    NotJson(serde_json::Error),
    #[error("it is not a notebook ({0})")]
    NotANotebook(String),
    #[error("its format {0}.{1} is not supported")]
    Version(i32, i32),
}

/// A code cell that is to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeCell {
    /// Its place among all cells.
    pub index: usize,
    pub source: String,
    /// The tag `raises-exception`: an error is what the author wants to show.
    pub may_fail: bool,
}

impl Document {
    pub fn read(path: &Path) -> Result<Self, DocumentError> {
        let text = fs::read(path).map_err(|source| DocumentError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::from_json(&text)
    }

    pub fn from_json(text: &[u8]) -> Result<Self, DocumentError> {
        // Some editors put a byte order mark before JSON.
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut value: Value = serde_json::from_slice(text).map_err(DocumentError::NotJson)?;
        let not = |why: &str| DocumentError::NotANotebook(why.to_owned());
        let top = value
            .as_object_mut()
            .ok_or_else(|| not("an object is expected"))?;
        if !top.get("nbformat").is_some_and(Value::is_i64) {
            return Err(not("the number `nbformat` is missing"));
        }
        let metadata = take_metadata(top);
        let cells = top.get_mut("cells").and_then(Value::as_array_mut);
        let cell_metadata: Vec<_> = cells.into_iter().flatten().map(prepare_cell).collect();

        let mut notebook = parse(value)?;
        notebook.metadata = Metadata {
            additional: metadata,
            ..Metadata::default()
        };
        // A notebook of format 3 has its cells elsewhere, and there the library reads the metadata.
        if cell_metadata.len() == notebook.cells.len() {
            for (cell, additional) in notebook.cells.iter_mut().zip(cell_metadata) {
                *metadata_mut(cell) = CellMetadata {
                    additional,
                    ..CellMetadata::default()
                };
            }
        }
        Ok(Self { notebook })
    }

    /// The language that the notebook says it is written in.
    pub fn language(&self) -> Option<&str> {
        let metadata = &self.notebook.metadata.additional;
        let named = |place: &str, key: &str| metadata.get(place)?.get(key)?.as_str();
        named("kernelspec", "language").or_else(|| named("language_info", "name"))
    }

    /// The code cells that are to be run, in order. As for nbclient, a blank cell is none of them,
    /// nor is one with the tag `skip-execution`.
    pub fn code_cells(&self) -> Vec<CodeCell> {
        let code = |(index, cell): (usize, &Cell)| {
            let Cell::Code {
                metadata, source, ..
            } = cell
            else {
                return None;
            };
            let source = source.concat();
            let runs = is_run(&source, &metadata.additional);
            let may_fail = has_tag(&metadata.additional, "raises-exception");
            runs.then_some(CodeCell {
                index,
                source,
                may_fail,
            })
        };
        self.notebook
            .cells
            .iter()
            .enumerate()
            .filter_map(code)
            .collect()
    }

    /// Puts a run's results into the code cell at `index`; `times` become the metadata `execution`.
    pub fn set_results(
        &mut self,
        index: usize,
        count: Option<u32>,
        new: Vec<Output>,
        times: Map<String, Value>,
    ) {
        if let Some(Cell::Code {
            metadata,
            execution_count,
            outputs,
            ..
        }) = self.notebook.cells.get_mut(index)
        {
            *execution_count = count.and_then(|count| count.try_into().ok());
            *outputs = new;
            if !times.is_empty() {
                metadata
                    .additional
                    .insert("execution".to_owned(), Value::Object(times));
            }
        }
    }

    /// Records what ran the notebook. A kernelspec that is there already stays.
    pub fn set_kernel(&mut self, language_info: Value) {
        let metadata = &mut self.notebook.metadata.additional;
        metadata.insert("language_info".to_owned(), language_info);
        metadata.entry("kernelspec".to_owned()).or_insert_with(|| {
            json!({ "name": DEFAULT_NAME, "display_name": DEFAULT_DISPLAY_NAME, "language": LANGUAGE })
        });
    }

    /// The file's text, in the form that Jupyter writes.
    pub fn to_json(&self) -> Result<String, nbformat::NotebookError> {
        nbformat::serialize_notebook(&nbformat::Notebook::V4(self.notebook.clone()))
    }
}

/// Takes a code cell's old results away if it is to be run, and the metadata of any cell.
fn prepare_cell(cell: &mut Value) -> HashMap<String, Value> {
    let Some(cell) = cell.as_object_mut() else {
        return HashMap::new();
    };
    let metadata = take_metadata(cell);
    let source = match cell.get("source") {
        Some(Value::Array(lines)) => lines.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(source)) => source.clone(),
        _ => String::new(),
    };
    if cell.get("cell_type").is_some_and(|kind| kind == "code") && is_run(&source, &metadata) {
        cell.insert("outputs".to_owned(), json!([]));
        cell.insert("execution_count".to_owned(), Value::Null);
    }
    metadata
}

fn take_metadata(object: &mut Map<String, Value>) -> HashMap<String, Value> {
    match object.insert("metadata".to_owned(), json!({})) {
        Some(Value::Object(metadata)) => metadata.into_iter().collect(),
        _ => HashMap::new(),
    }
}

fn is_run(source: &str, metadata: &HashMap<String, Value>) -> bool {
    !source.trim().is_empty() && !has_tag(metadata, "skip-execution")
}

fn has_tag(metadata: &HashMap<String, Value>, tag: &str) -> bool {
    metadata
        .get("tags")
        .and_then(Value::as_array)
        .is_some_and(|tags| tags.iter().any(|each| each == tag))
}

fn parse(value: Value) -> Result<Notebook, DocumentError> {
    let not = |why: String| DocumentError::NotANotebook(why);
    let parsed = nbformat::parse_notebook(&value.to_string()).map_err(|error| match error {
        nbformat::NotebookError::UnsupportedVersion(major, minor) => {
            DocumentError::Version(major, minor)
        }
        nbformat::NotebookError::JsonError(error) => not(error.to_string()),
        nbformat::NotebookError::ValidationError(why) => not(why),
    })?;
    match parsed {
        nbformat::Notebook::V4(notebook) => Ok(notebook),
        nbformat::Notebook::V4QuirksMode(quirks) => Ok(quirks.repair()),
        nbformat::Notebook::Legacy(old) => {
            nbformat::upgrade_legacy_notebook(old).map_err(|error| not(error.to_string()))
        }
        nbformat::Notebook::V3(old) => {
            nbformat::upgrade_v3_notebook(old).map_err(|error| not(error.to_string()))
        }
        _ => Err(not("its format is unknown".to_owned())),
    }
}

fn metadata_mut(cell: &mut Cell) -> &mut CellMetadata {
    match cell {
        Cell::Markdown { metadata, .. }
        | Cell::Code { metadata, .. }
        | Cell::Raw { metadata, .. } => metadata,
    }
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
