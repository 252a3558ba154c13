//! A notebook file: reading it, what a run needs to know of it, and putting the results in.
//!
//! It is carried as plain JSON, so that whatever other programs keep there stays as it is.

use std::path::Path;

use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value, json};

use super::error::DocumentError;
use super::format;
use super::surrogates;
use super::text;
use crate::jupyter::kernelspec::{DEFAULT_DISPLAY_NAME, DEFAULT_NAME, LANGUAGE};
use crate::system::files;

/// More than any front end could open, in bytes.
const LARGEST: u64 = 1 << 30;

/// A notebook of format 4; older ones are brought up to it when they are read.
#[derive(Debug)]
pub struct Document {
    notebook: Map<String, Value>,
    notes: Vec<&'static str>,
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
        let text = files::read(path, LARGEST).map_err(|source| DocumentError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::from_json(&text)
    }

    pub fn from_json(text: &[u8]) -> Result<Self, DocumentError> {
        // Some editors put a byte order mark before JSON.
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let text = surrogates::replaced(text);
        let value: Value = serde_json::from_slice(&text).map_err(DocumentError::NotJson)?;
        let Value::Object(mut notebook) = value else {
            let why = "an object is expected".to_owned();
            return Err(DocumentError::NotANotebook(why));
        };
        format::upgrade(&mut notebook)?;
        let mut notes = Vec::new();
        if matches!(text, std::borrow::Cow::Owned(_)) {
            notes.push("half characters in it (lone surrogates) are read as `\u{fffd}`");
        }
        let mut document = Self { notebook, notes };
        document.forget_results();
        Ok(document)
    }

    /// What was read in another way than it was written, and will be written so.
    pub fn notes(&self) -> &[&'static str] {
        &self.notes
    }

    /// The language that the notebook says it is written in.
    pub fn language(&self) -> Option<&str> {
        let metadata = self.notebook.get("metadata")?;
        let named = |place: &str, key: &str| metadata.get(place)?.get(key)?.as_str();
        named("kernelspec", "language").or_else(|| named("language_info", "name"))
    }

    /// The code cells that are to be run, in order. As for nbclient, a blank cell is none of them,
    /// nor is one with the tag `skip-execution`.
    pub fn code_cells(&self) -> Vec<CodeCell> {
        let cells = self.notebook.get("cells").and_then(Value::as_array);
        let cells = cells.into_iter().flatten().enumerate();
        let code = cells.filter(|(_, cell)| is_run(cell));
        code.map(|(index, cell)| CodeCell {
            index,
            source: text::joined(&cell["source"]),
            may_fail: has_tag(cell, "raises-exception"),
        })
        .collect()
    }

    /// Puts a run's results into the code cell at `index`; `times` become the metadata `execution`.
    pub fn set_results(
        &mut self,
        index: usize,
        count: Option<u32>,
        new: Vec<Value>,
        times: Map<String, Value>,
    ) {
        let Some(cell) = self.cells_mut().nth(index) else {
            return;
        };
        cell.insert("execution_count".to_owned(), json!(count));
        cell.insert("outputs".to_owned(), Value::Array(new));
        if let Some(Value::Object(metadata)) = cell.get_mut("metadata")
            && !times.is_empty()
        {
            metadata.insert("execution".to_owned(), Value::Object(times));
        }
    }

    /// Records what ran the notebook. A kernelspec that is there already stays.
    pub fn set_kernel(&mut self, language_info: Value) {
        let Some(Value::Object(metadata)) = self.notebook.get_mut("metadata") else {
            return;
        };
        metadata.insert("language_info".to_owned(), language_info);
        metadata.entry("kernelspec".to_owned()).or_insert_with(|| {
            json!({ "name": DEFAULT_NAME, "display_name": DEFAULT_DISPLAY_NAME, "language": LANGUAGE })
        });
    }

    /// The file's text, in the form that Jupyter writes: sorted, and a line of source on each line.
    pub fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        let mut notebook = Value::Object(self.notebook.clone());
        let cells = notebook.get_mut("cells").and_then(Value::as_array_mut);
        for cell in cells.into_iter().flatten() {
            if let Some(source) = cell.get_mut("source") {
                text::split(source);
            }
        }
        notebook.sort_all_objects();
        let mut written = Vec::new();
        let formatter = PrettyFormatter::with_indent(b" ");
        notebook.serialize(&mut Serializer::with_formatter(&mut written, formatter))?;
        written.push(b'\n');
        Ok(written)
    }

    /// Takes the old results of the cells away that are to be run.
    fn forget_results(&mut self) {
        for index in self.code_cells().iter().map(|cell| cell.index) {
            self.set_results(index, None, Vec::new(), Map::new());
        }
    }

    fn cells_mut(&mut self) -> impl Iterator<Item = &mut Map<String, Value>> {
        let cells = self.notebook.get_mut("cells").and_then(Value::as_array_mut);
        cells.into_iter().flatten().filter_map(Value::as_object_mut)
    }
}

fn is_run(cell: &Value) -> bool {
    let is_blank = || text::joined(&cell["source"]).trim().is_empty();
    cell["cell_type"] == "code" && !is_blank() && !has_tag(cell, "skip-execution")
}

fn has_tag(cell: &Value, tag: &str) -> bool {
    let tags = cell["metadata"]["tags"].as_array();
    tags.is_some_and(|tags| tags.iter().any(|each| each == tag))
}

#[cfg(test)]
mod tests;
